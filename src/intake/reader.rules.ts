import { normaliseIdNumber, normalisePhone } from '../alert/person.rules.js';
import type { Agency } from '../organization/agency.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { parseInstant } from '../platform/clock/local-date.js';
import { escapePointer } from '../platform/http/json-body.js';
import type { Fault } from '../platform/http/problem.js';
import { MAX_FEN } from '../platform/http/validators.js';

const DIVISION = /^\d{4}(?:\d{2}(?:\d{3})?)?$/;
const VISIBLE = /^[\x21-\x7e\u0080-\uffff](?:[\x20-\x7e\u0080-\uffff]*[\x21-\x7e\u0080-\uffff])?$/;
/** Nobody mends more at a time. */
const MOST_FAULTS = 100;
const FUTURE_MS = 5 * 60_000;
const PAST_MS = 20 * 365 * 86_400_000;

/** What is handed in is checked against it. */
export interface IntakeContext {
  organization: OrganizationSnapshot;
  city: Agency;
  now: Date;
  /** Sources that the caller may hand in; null: all. */
  sources: readonly string[] | null;
}

export type Raw = Record<string, unknown>;

export function isObject(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads fields of one object and notes every fault. Null counts as absent. */
export class Reader {
  constructor(
    private readonly raw: Raw,
    private readonly at: string,
    private readonly faults: Fault[],
  ) {}

  fault(name: string, message: string): void {
    this.faults.push({ pointer: `${this.at}/${name}`, message });
  }

  /** @param whole what the fields are of, e.g. `a signal` */
  knows(fields: ReadonlySet<string>, whole: string): void {
    for (const name of Object.keys(this.raw)) {
      if (this.faults.length >= MOST_FAULTS) return;
      if (!fields.has(name)) this.fault(escapePointer(name), `is not a field of ${whole}`);
    }
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

  /** A text in the notation that everything of its kind is stored in. @param message what is wrong where it has none */
  normalised(
    name: string,
    most: number,
    required: boolean,
    normalise: (text: string) => string | undefined,
    message: string,
  ): string | undefined {
    const text = this.text(name, most, required);
    const value = text === undefined ? undefined : normalise(text);
    if (text !== undefined && value === undefined) this.fault(name, message);
    return value;
  }

  phone(name: string, required: boolean): string | undefined {
    const message = 'is not a mainland mobile number or a landline with its area code';
    return this.normalised(name, 30, required, normalisePhone, message);
  }

  idNumber(name: string): string | undefined {
    const message = 'is not an 18-digit identity number with a right birth date and check digit';
    return this.normalised(name, 30, false, normaliseIdNumber, message);
  }

  /** Who hands it in, under which number of theirs. @param sources that the caller may hand in; null: all */
  reference(sources: readonly string[] | null): { source: string | undefined; sourceRef: string | undefined } {
    const source = this.text('source', 64, true);
    const sourceRef = this.text('sourceRef', 128, true);
    for (const [name, value] of Object.entries({ source, sourceRef })) {
      if (value !== undefined && !VISIBLE.test(value))
        this.fault(name, 'must be visible characters without blanks around them');
    }
    if (source !== undefined && sources !== null && !sources.includes(source)) {
      this.fault('source', 'is not among the sources of this key');
    }
    return { source, sourceRef };
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

  /** @param least where it is given: that makes it required */
  fen(name: string, least?: 0 | 1): number | undefined {
    const value = this.raw[name];
    if (value === undefined || value === null) {
      if (least !== undefined) this.fault(name, 'is required');
      return undefined;
    }
    const from = least ?? 0;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= from && !Object.is(value, -0))
      return value;
    this.fault(name, `must be a whole number of fen from ${from} to ${MAX_FEN}`);
    return undefined;
  }

  fraudType(organization: OrganizationSnapshot): string | undefined {
    const label = this.text('fraudType', 100, true);
    const code = label === undefined ? undefined : organization.fraudTypeByLabel(label);
    if (label !== undefined && code === undefined)
      this.fault('fraudType', 'is not a known fraud type; GET /fraud-types lists them');
    return code;
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
