import { GROUPS, KINDS, type Group, type Kind } from '../alert/alert.js';
import { RISK_LEVELS, type RiskLevel } from '../organization/risk.js';
import type { Fault } from '../platform/http/problem.js';
import { isObject, Reader, type IntakeContext } from './reader.rules.js';
import type { Signal } from './signal.js';

export type { IntakeContext } from './reader.rules.js';

const FIELDS = new Set([
  'source',
  'sourceRef',
  'detectedAt',
  'kind',
  'riskLevel',
  'fraudType',
  'divisionCode',
  'subject',
  'suspect',
  'amountAtRiskFen',
  'summary',
]);
const SUBJECT_FIELDS = new Set(['name', 'phone', 'idNumber', 'address', 'group']);
const SUSPECT_FIELDS = new Set(['phone', 'account', 'app', 'url']);
const WHOLE = 'a signal';

/**
 * Understands one message. Hand-written where the rest of the API uses class-validator: it runs for every row of every
 * batch and file, and the same rules must hold on each path.
 * @returns the signal, or every fault of it
 */
export function readSignal(raw: unknown, context: IntakeContext): { signal: Signal } | { faults: Fault[] } {
  if (!isObject(raw)) return { faults: [{ pointer: '', message: 'must be an object' }] };
  const faults: Fault[] = [];
  const reader = new Reader(raw, '', faults);
  reader.knows(FIELDS, WHOLE);

  const { source, sourceRef } = reader.reference(context.sources);
  const detectedAt = reader.moment('detectedAt', context.now);
  const kind = reader.oneOf<Kind>('kind', KINDS, false) ?? 'telecom';
  const riskLevel = reader.oneOf<RiskLevel>('riskLevel', RISK_LEVELS, true);
  const fraudType = reader.fraudType(context.organization);
  const divisionCode = reader.division(context);
  const amountAtRiskFen = reader.fen('amountAtRiskFen');
  const summary = reader.text('summary', 2_000, false);
  const subject = readSubject(raw['subject'], faults);
  const suspect = readSuspect(raw['suspect'], faults);

  if (faults.length > 0 || !subject) return { faults };
  return {
    signal: {
      source: source!,
      sourceRef: sourceRef!,
      detectedAt: detectedAt!,
      kind,
      riskLevel: riskLevel!,
      fraudType: fraudType!,
      divisionCode: divisionCode ?? null,
      group: subject.group,
      amountAtRiskFen: amountAtRiskFen ?? null,
      personal: {
        subject: subject.person,
        ...(suspect ? { suspect } : {}),
        ...(summary === undefined ? {} : { summary }),
      },
    },
  };
}

function readSubject(
  raw: unknown,
  faults: Fault[],
): { person: Signal['personal']['subject']; group: Group } | undefined {
  if (raw === undefined || raw === null) {
    faults.push({ pointer: '/subject', message: 'is required, with the phone of the warned person' });
    return undefined;
  }
  if (!isObject(raw)) {
    faults.push({ pointer: '/subject', message: 'must be an object' });
    return undefined;
  }
  const reader = new Reader(raw, '/subject', faults);
  reader.knows(SUBJECT_FIELDS, WHOLE);
  const name = reader.text('name', 100, false);
  const phone = reader.phone('phone', true);
  const idNumber = reader.idNumber('idNumber');
  const address = reader.text('address', 200, false);
  const group = reader.oneOf<Group>('group', GROUPS, false) ?? 'none';
  return {
    person: {
      phone: phone ?? '',
      ...(name === undefined ? {} : { name }),
      ...(idNumber === undefined ? {} : { idNumber }),
      ...(address === undefined ? {} : { address }),
    },
    group,
  };
}

function readSuspect(raw: unknown, faults: Fault[]): Signal['personal']['suspect'] {
  if (raw === undefined || raw === null) return undefined;
  if (!isObject(raw)) {
    faults.push({ pointer: '/suspect', message: 'must be an object' });
    return undefined;
  }
  const reader = new Reader(raw, '/suspect', faults);
  reader.knows(SUSPECT_FIELDS, WHOLE);
  const suspect = {
    phone: reader.text('phone', 40, false),
    account: reader.text('account', 64, false),
    app: reader.text('app', 100, false),
    url: reader.text('url', 2_000, false),
  };
  const given = Object.entries(suspect).filter(([, value]) => value !== undefined);
  return given.length > 0 ? Object.fromEntries(given) : undefined;
}
