import { normaliseAccount } from '../ledger/account.rules.js';
import { isObject, Reader, type IntakeContext } from '../intake/reader.rules.js';
import type { Fault } from '../platform/http/problem.js';
import { OWN_SOURCE, VICTIM_KINDS, type SealedIncident, type VictimKind } from './incident.js';
import type { ReportedIncident, ReportedTransfer } from './reported.incident.js';
import { normaliseCreditCode } from './victim.rules.js';

const FIELDS = new Set([
  'source',
  'sourceRef',
  'reportedAt',
  'divisionCode',
  'victim',
  'fraudType',
  'lossFen',
  'transfers',
  'summary',
]);
const VICTIM_FIELDS = new Set(['kind', 'name', 'phone', 'idNumber', 'creditCode']);
const TRANSFER_FIELDS = new Set(['at', 'amountFen', 'fromAccount', 'toAccount', 'toBank', 'toName']);
const WHOLE = 'an incident';
export const MOST_TRANSFERS = 200;

interface Victim {
  kind: VictimKind;
  person: SealedIncident['victim'];
}

/**
 * Understands one report of a fraud, the same on every path: one by one, in a batch, out of a file.
 * @returns the incident, or every fault of it
 */
export function readIncident(
  raw: unknown,
  context: IntakeContext,
): { incident: ReportedIncident } | { faults: Fault[] } {
  if (!isObject(raw)) return { faults: [{ pointer: '', message: 'must be an object' }] };
  const faults: Fault[] = [];
  const reader = new Reader(raw, '', faults);
  reader.knows(FIELDS, WHOLE);

  const { source, sourceRef } = reader.reference(context.sources);
  if (source === OWN_SOURCE) reader.fault('source', 'stands for what comes of alerts here; name your own source');
  const reportedAt = reader.moment('reportedAt', context.now);
  const fraudType = reader.fraudType(context.organization);
  const divisionCode = reader.division(context);
  const lossFen = reader.fen('lossFen', 0);
  const summary = reader.text('summary', 2_000, false);
  const victim = readVictim(raw['victim'], faults);
  const transfers = readTransfers(raw['transfers'], context.now, faults);

  if (faults.length > 0 || !victim) return { faults };
  return {
    incident: {
      source: source!,
      sourceRef: sourceRef!,
      reportedAt: reportedAt!,
      divisionCode: divisionCode ?? null,
      fraudType: fraudType!,
      victimKind: victim.kind,
      lossFen: lossFen!,
      transfers,
      personal: { victim: victim.person, ...(summary === undefined ? {} : { summary }) },
    },
  };
}

function readVictim(raw: unknown, faults: Fault[]): Victim | undefined {
  if (!isObject(raw)) {
    const missing = raw === undefined || raw === null;
    faults.push({ pointer: '/victim', message: missing ? 'is required' : 'must be an object' });
    return undefined;
  }
  const reader = new Reader(raw, '/victim', faults);
  reader.knows(VICTIM_FIELDS, WHOLE);
  const kind = reader.oneOf<VictimKind>('kind', VICTIM_KINDS, true);
  const organisation = kind === 'organisation';
  const name = reader.text('name', 100, organisation);
  const phone = reader.phone('phone', kind === 'person');
  const idNumber = reader.idNumber('idNumber');
  const creditCode = reader.normalised(
    'creditCode',
    30,
    organisation,
    normaliseCreditCode,
    'is not an 18-character unified social credit code with a right check character',
  );
  if (organisation && idNumber !== undefined) reader.fault('idNumber', 'goes with a victim who is a person');
  if (kind === 'person' && creditCode !== undefined)
    reader.fault('creditCode', 'goes with a victim that is an organisation');
  return kind && { kind, person: defined({ name, phone, idNumber, creditCode }) };
}

function readTransfers(raw: unknown, now: Date, faults: Fault[]): ReportedTransfer[] {
  if (raw === undefined || raw === null) return [];
  if (!Array.isArray(raw) || raw.length > MOST_TRANSFERS) {
    faults.push({ pointer: '/transfers', message: `must be a list of at most ${MOST_TRANSFERS} transfers` });
    return [];
  }
  return raw.flatMap((one: unknown, index) => readTransfer(one, `/transfers/${index}`, now, faults) ?? []);
}

function readTransfer(raw: unknown, at: string, now: Date, faults: Fault[]): ReportedTransfer | undefined {
  if (!isObject(raw)) {
    faults.push({ pointer: at, message: 'must be an object' });
    return undefined;
  }
  const reader = new Reader(raw, at, faults);
  reader.knows(TRANSFER_FIELDS, WHOLE);
  const account = (name: string): string | undefined =>
    reader.normalised(name, 64, false, normaliseAccount, 'is not the number of an account');
  const moment = reader.moment('at', now);
  const amountFen = reader.fen('amountFen', 1);
  const parties = defined({
    fromAccount: account('fromAccount'),
    toAccount: account('toAccount'),
    toBank: reader.text('toBank', 100, false),
    toName: reader.text('toName', 100, false),
  });
  return moment && amountFen !== undefined ? { at: moment, amountFen, ...parties } : undefined;
}

function defined<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
