import { GROUPS, KINDS, type Group, type Kind } from '../alert/alert.js';
import { normaliseIdNumber, normalisePhone } from '../alert/person.rules.js';
import type { Agency } from '../organization/agency.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { RISK_LEVELS, type RiskLevel } from '../organization/risk.js';
import { parseInstant } from '../platform/clock/local-date.js';
import { escapePointer } from '../platform/http/json-body.js';
import type { Fault } from '../platform/http/problem.js';
import { MAX_FEN } from '../platform/http/validators.js';
import type { Signal } from './signal.js';

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

const DIVISION = /^\d{4}(?:\d{2}(?:\d{3})?)?$/;
const VISIBLE = /^[\x21-\x7e\u0080-\uffff](?:[\x20-\x7e\u0080-\uffff]*[\x21-\x7e\u0080-\uffff])?$/;
/** Nobody mends more at a time. */
const MOST_FAULTS = 100;
const FUTURE_MS = 5 * 60_000;
const PAST_MS = 20 * 365 * 86_400_000;

/** What a signal is checked against. */
export interface IntakeContext {
  organization: OrganizationSnapshot;
  city: Agency;
  now: Date;
  /** Sources that the caller may hand in; null: any. */
  sources: readonly string[] | null;
}

type Raw = Record<string, unknown>;

/**
 * Understands one message. Hand-written where the rest of the API uses class-validator: it runs for every row of every
 * batch and file, and the same rules must hold on each path.
 * @returns the signal, or every fault of it
 */
export function readSignal(raw: unknown, context: IntakeContext): { signal: Signal } | { faults: Fault[] } {
  if (!isObject(raw)) return { faults: [{ pointer: '', message: 'must be an object' }] };
  const faults: Fault[] = [];
  unknownFields(raw, FIELDS, '', faults);
  const reader = new Reader(raw, '', faults);

  const source = reader.text('source', 64, true);
  const sourceRef = reader.text('sourceRef', 128, true);
  for (const [name, value] of [
    ['source', source],
    ['sourceRef', sourceRef],
  ] as const) {
    if (value !== undefined && !VISIBLE.test(value))
      reader.fault(name, 'must be visible characters without blanks around them');
  }
  if (source !== undefined && context.sources !== null && !context.sources.includes(source)) {
    reader.fault('source', 'is not among the sources of this key');
  }
  const detectedAt = reader.moment('detectedAt', context.now);
  const kind = reader.oneOf<Kind>('kind', KINDS, false) ?? 'telecom';
  const riskLevel = reader.oneOf<RiskLevel>('riskLevel', RISK_LEVELS, true);
  const fraudLabel = reader.text('fraudType', 100, true);
  const fraudType = fraudLabel === undefined ? undefined : context.organization.fraudTypeByLabel(fraudLabel);
  if (fraudLabel !== undefined && fraudType === undefined)
    reader.fault('fraudType', 'is not a known fraud type; GET /fraud-types lists them');
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
  unknownFields(raw, SUBJECT_FIELDS, '/subject', faults);
  const reader = new Reader(raw, '/subject', faults);
  const name = reader.text('name', 100, false);
  const phoneText = reader.text('phone', 30, true);
  const phone = phoneText === undefined ? undefined : normalisePhone(phoneText);
  if (phoneText !== undefined && phone === undefined)
    reader.fault('phone', 'is not a mainland mobile number or a landline with its area code');
  const idText = reader.text('idNumber', 30, false);
  const idNumber = idText === undefined ? undefined : normaliseIdNumber(idText);
  if (idText !== undefined && idNumber === undefined)
    reader.fault('idNumber', 'is not an 18-digit identity number with a right birth date and check digit');
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
  unknownFields(raw, SUSPECT_FIELDS, '/suspect', faults);
  const reader = new Reader(raw, '/suspect', faults);
  const suspect = {
    phone: reader.text('phone', 40, false),
    account: reader.text('account', 64, false),
    app: reader.text('app', 100, false),
    url: reader.text('url', 2_000, false),
  };
  const given = Object.entries(suspect).filter(([, value]) => value !== undefined);
  return given.length > 0 ? Object.fromEntries(given) : undefined;
}

/** Reads fields of one object and notes every fault. Null counts as absent. */
class Reader {
  constructor(
    private readonly raw: Raw,
    private readonly at: string,
    private readonly faults: Fault[],
  ) {}

  fault(name: string, message: string): void {
    this.faults.push({ pointer: `${this.at}/${name}`, message });
  }

  text(name: string, most: number, required: boolean): string | undefined {
    const value = this.raw[name];
    if (value === undefined || value === null || value === '') {
      if (required) this.fault(name, 'is required');
      return undefined;
    }
    if (typeof value !== 'string') this.fault(name, 'must be text');
    else if (value.length > most) this.fault(name, `must be at most ${most} characters`);
    else return value;
    return undefined;
  }

  oneOf<T extends string>(name: string, values: readonly T[], required: boolean): T | undefined {
    const value = this.raw[name];
    if (value === undefined || value === null) {
      if (required) this.fault(name, `is required: one of ${values.join(', ')}`);
      return undefined;
    }
    if (values.includes(value as T)) return value as T;
    this.fault(name, `must be one of ${values.join(', ')}`);
    return undefined;
  }

  moment(name: string, now: Date): Date | undefined {
    const value = this.raw[name];
    if (value === undefined || value === null) {
      this.fault(name, 'is required');
      return undefined;
    }
    const parsed = parseInstant(value);
    if (!parsed) this.fault(name, 'must be a moment that exists, with its offset, such as 2023-06-01T09:30:00+08:00');
    else if (parsed.getTime() > now.getTime() + FUTURE_MS) this.fault(name, 'lies in the future');
    else if (parsed.getTime() < now.getTime() - PAST_MS) this.fault(name, 'lies more than 20 years back');
    return parsed;
  }

  fen(name: string): number | undefined {
    const value = this.raw[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0)) return value;
    this.fault(name, `must be a whole number of fen from 0 to ${MAX_FEN}`);
    return undefined;
  }

  division({ organization, city }: IntakeContext): string | undefined {
    const value = this.text('divisionCode', 12, false);
    if (value === undefined) return undefined;
    if (!DIVISION.test(value)) this.fault('divisionCode', 'must be 4, 6 or 9 digits');
    else if (!organization.coversDivision(city, value)) this.fault('divisionCode', `is not a division of ${city.name}`);
    else if (!organization.divisionKnown(value)) this.fault('divisionCode', 'is not a known county or township');
    return value;
  }
}

function isObject(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unknownFields(raw: Raw, known: Set<string>, at: string, faults: Fault[]): void {
  for (const name of Object.keys(raw)) {
    if (faults.length >= MOST_FAULTS) return;
    if (!known.has(name))
      faults.push({ pointer: `${at}/${escapePointer(name)}`, message: 'is not a field of a signal' });
  }
}
