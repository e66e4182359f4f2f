import type { Tier } from '../../organization/agency.js';
import type { ActKind } from './cell.js';

/**
 * Everything that one case counts for, in every row: kept for each case, so that a change is what it counts for now less
 * what it counted for before. Days are numbers like 20230601.
 */
export interface CaseImage {
  lines: ImageLine[];
  /** Signals that joined the case. */
  joined: number;
  /** By agency and day; `held` has the day 0. */
  acts: ImageAct[];
  /** Approved outcomes that stand: fen, in the order of FEN_MEASURES. */
  money: ImageMoney[];
}

/** The case in the cohort of one row. */
export interface ImageLine {
  tier: Tier;
  rowId: number;
  day: number;
  /** Whose accept clock the row answers for. */
  hop: number | null;
  flags: number;
  /** Told tenths of minutes, in the order of DURATIONS. */
  tenths: (number | null)[];
}

export interface ImageAct {
  kind: ActKind;
  agencyId: number;
  day: number;
  numbers: number[];
}

export interface ImageMoney {
  agencyId: number;
  day: number;
  fen: number[];
}

/** An image as text, the same for the same image: short, because there is one for each case. */
export function imageText({ lines, joined, acts, money }: CaseImage): string {
  return JSON.stringify([
    lines.map(({ tier, rowId, day, hop, flags, tenths }) => [
      tier[0] === 'c' ? tier[1] : tier[0],
      rowId,
      day,
      hop,
      flags,
      ...tenths,
    ]),
    joined,
    acts.map(({ kind, agencyId, day, numbers }) => [kind[0], agencyId, day, ...numbers]),
    money.map(({ agencyId, day, fen }) => [agencyId, day, ...fen]),
  ]);
}

const TIER_OF: Readonly<Record<string, Tier>> = { i: 'city', o: 'county', t: 'township' };
const KIND_OF: Readonly<Record<string, ActKind>> = { a: 'attempts', u: 'urges', f: 'followUps', h: 'held' };

export function imageOf(text: string): CaseImage {
  const [lines, joined, acts, money] = JSON.parse(text) as [
    [string, number, number, number | null, number, ...(number | null)[]][],
    number,
    [string, number, number, ...number[]][],
    [number, number, ...number[]][],
  ];
  return {
    lines: lines.map(([tier, rowId, day, hop, flags, ...tenths]) => ({
      tier: TIER_OF[tier]!,
      rowId,
      day,
      hop,
      flags,
      tenths,
    })),
    joined,
    acts: acts.map(([kind, agencyId, day, ...numbers]) => ({ kind: KIND_OF[kind]!, agencyId, day, numbers })),
    money: money.map(([agencyId, day, ...fen]) => ({ agencyId, day, fen })),
  };
}

export function isNothing({ lines, acts, money }: CaseImage): boolean {
  return lines.length === 0 && acts.length === 0 && money.length === 0;
}
