import { CASE_MEASURES } from '../case.measures.js';
import { DURATIONS } from '../case.facts.js';
import { addOften } from './durations.rules.js';
import { ATTEMPTS, FOLLOW_UPS, HELD, MONEY, URGES } from '../indicators.js';
import type { Tier } from '../../organization/agency.js';

/** What a cell counts besides cases: groups of numbers, in the order in which images and columns have them. */
export const ACTS = {
  attempts: Object.keys(ATTEMPTS) as (keyof typeof ATTEMPTS)[],
  urges: Object.keys(URGES) as (keyof typeof URGES)[],
  followUps: Object.keys(FOLLOW_UPS) as (keyof typeof FOLLOW_UPS)[],
  held: Object.keys(HELD) as (keyof typeof HELD)[],
} as const;
export type ActKind = keyof typeof ACTS;
export const ACT_KINDS = Object.keys(ACTS) as ActKind[];
export const FEN_MEASURES = Object.keys(MONEY) as (keyof typeof MONEY)[];

/** Names of everything that a cell counts, in the order of `CellSums.numbers`. */
export const NUMBERS: readonly string[] = [
  ...CASE_MEASURES.map(([name]) => name),
  'joined',
  ...ACT_KINDS.flatMap((kind) => ACTS[kind].map((name) => `${kind}.${name}`)),
];
export const JOINED = CASE_MEASURES.length;
/** Where the numbers of a kind of act begin. */
export const FIRST_OF: Readonly<Record<ActKind, number>> = Object.fromEntries(
  ACT_KINDS.map((kind) => [kind, NUMBERS.indexOf(`${kind}.${ACTS[kind][0]}`)]),
) as Record<ActKind, number>;

/** `acceptOnTimeRate.numerator` → `accept_on_time_rate_numerator`. */
export function columnOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll(/[.-]/g, '_');
}
export const NUMBER_COLUMNS = NUMBERS.map(columnOf);
export const FEN_COLUMNS = FEN_MEASURES.map((name) => `fen_${name}`);

/**
 * What a cell is part of:
 * `row`: one agency's row, cases by when they came to it, acts by when they were done;
 * `held`: what the agency's row holds now, of no day;
 * `overlap-<tier>`: what the rows of a tier below an agency count more than once, because a case was in several of them
 * (numbers below zero): with it the sum of the rows is the total over distinct cases.
 */
export type Part = 'row' | 'held' | `overlap-${Exclude<Tier, 'city'>}`;

/** Local days put together: a third of a month (旬), a month or a year of a row is the sum of its days. */
export const GRAINS = ['day', 'third', 'month', 'year'] as const;
export type Grain = (typeof GRAINS)[number];

/** Sums of a cell, or of changes to it. */
export class CellSums {
  readonly numbers = new Array<number>(NUMBERS.length).fill(0);
  readonly fen = FEN_MEASURES.map(() => 0n);
  /** Told tenths of minutes, and how often; in the order of DURATIONS. */
  readonly durations = DURATIONS.map(() => new Map<number, number>());

  add(other: CellSums, times = 1): void {
    other.numbers.forEach((number, index) => (this.numbers[index]! += number * times));
    other.fen.forEach((fen, index) => (this.fen[index]! += fen * BigInt(times)));
    other.durations.forEach((values, index) => {
      for (const [value, often] of values) this.addDuration(index, value, often * times);
    });
  }

  /** @param index of DURATIONS */
  addDuration(index: number, value: number, often: number): void {
    addOften(this.durations[index]!, value, often);
  }

  get empty(): boolean {
    return this.numbers.every((number) => number === 0) && this.fen.every((fen) => fen === 0n) && !this.hasDurations;
  }

  get hasDurations(): boolean {
    return this.durations.some((values) => values.size > 0);
  }
}

/** A cell of one day, or of a stretch of days that an overlap needs whole. */
export interface CellKey {
  part: Part;
  agencyId: number;
  /** Local dates as numbers, 20230601; 0 where there is no day. */
  first: number;
  last: number;
}

/** Changes to cells. */
export class CellDeltas {
  private readonly cells = new Map<string, { key: CellKey; sums: CellSums }>();

  at(part: Part, agencyId: number, first: number, last: number): CellSums {
    const name = `${part}/${agencyId}/${first}/${last}`;
    let cell = this.cells.get(name);
    if (!cell) this.cells.set(name, (cell = { key: { part, agencyId, first, last }, sums: new CellSums() }));
    return cell.sums;
  }

  /** Those that change something. */
  list(): { key: CellKey; sums: CellSums }[] {
    return [...this.cells.values()].filter(({ sums }) => !sums.empty);
  }
}
