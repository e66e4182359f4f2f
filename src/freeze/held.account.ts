import type { Caller } from '../identity/caller.js';
import { IncidentAtHand } from '../incident/incident.desk.js';
import type { Tx } from '../platform/database/database.js';

/**
 * An account held by a transaction, with the incidents of its freezes that the transaction may touch. What a freeze does to
 * another in its line is the system's act: whoever released the one need not even see the other's incident.
 */
export class HeldAccount {
  /** Everything logged so far, in order: for `IncidentDesk.write` at the end. */
  readonly written: IncidentAtHand[] = [];

  constructor(
    readonly tx: Tx,
    readonly accountId: string,
    private readonly incidents: ReadonlyMap<string, IncidentAtHand>,
  ) {}

  /** An incident as it is, to be asked. */
  look(incidentId: string): IncidentAtHand {
    const held = this.incidents.get(incidentId);
    if (!held) throw new Error('an incident is touched that is not held');
    return held;
  }

  /** An incident to log at. @param caller who acts; null: the system */
  at(incidentId: string, caller: Caller | null): IncidentAtHand {
    const held = this.look(incidentId);
    const at = new IncidentAtHand(this.tx, caller, held.incident, held.organization, held.policies, held.masked);
    this.written.push(at);
    return at;
  }
}
