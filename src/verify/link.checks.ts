import { placeOf } from './case.checks.js';
import { hopBefore, type StoredCase } from './stored.case.js';
import type { Findings } from './verify.result.js';

/** Every incident that a case is linked to is in its history, once, and the other way round. */
export function checkLinks(stored: StoredCase, findings: Findings): void {
  const told = new Map(
    stored.events
      .filter(({ type }) => type === 'incident-linked')
      .map(({ seq, data }) => {
        const warned = data['how'] === 'person' && hopBefore(stored, seq) > 0;
        return [String(data['incidentId']), JSON.stringify([data['how'], warned])];
      }),
  );
  const linked = new Map(
    stored.links.map(({ incidentId, how, warned }) => [incidentId, JSON.stringify([how, warned])]),
  );
  for (const id of new Set([...told.keys(), ...linked.keys()]))
    findings.compare(placeOf(stored), `linked incident ${id}, by its history`, told.get(id), linked.get(id));
}
