import { BIT, DURATIONS } from '../case.facts.js';
import { countsOf } from '../case.measures.js';
import type { CaseImage, ImageLine } from './case.image.js';
import { CellSums, FIRST_OF, JOINED, type CellDeltas } from './cell.js';

/** An agency's id and those above it, itself first. */
export type Chain = (agencyId: number) => readonly number[];

const ACCEPT_BITS = BIT.acceptDue | BIT.acceptOnTime;

/**
 * Adds what a case counts for to the cells, or takes it away.
 * @param times 1 or −1
 */
export function contribute(image: CaseImage, times: 1 | -1, above: Chain, cells: CellDeltas): void {
  for (const line of image.lines) {
    addLine(cells.at('row', line.rowId, line.day, line.day), line, image.joined, times);
  }
  for (const { kind, agencyId, day, numbers } of image.acts) {
    for (const rowId of above(agencyId)) {
      const sums = cells.at(kind === 'held' ? 'held' : 'row', rowId, day, day);
      numbers.forEach((number, index) => (sums.numbers[FIRST_OF[kind] + index]! += number * times));
    }
  }
  for (const { agencyId, day, fen } of image.money) {
    for (const rowId of above(agencyId)) {
      const sums = cells.at('row', rowId, day, day);
      fen.forEach((amount, index) => (sums.fen[index]! += BigInt(amount * times)));
    }
  }
  addOverlaps(image, times, above, cells);
}

function addLine(
  sums: CellSums,
  { flags, tenths }: Pick<ImageLine, 'flags' | 'tenths'>,
  joined: number,
  times: number,
): void {
  countsOf(flags).forEach((counts, index) => (sums.numbers[index]! += counts * times));
  sums.numbers[JOINED]! += joined * times;
  tenths.forEach((value, index) => {
    if (value !== null) sums.addDuration(index, value, times);
  });
}

/** A case in several rows of a tier below one agency is one case in the total of its report. */
function addOverlaps({ lines, joined }: CaseImage, times: 1 | -1, above: Chain, cells: CellDeltas): void {
  for (const tier of ['county', 'township'] as const) {
    const ofTier = lines.filter((line) => line.tier === tier);
    if (ofTier.length < 2) continue;
    const parents = new Set(ofTier.flatMap(({ rowId }) => above(rowId).slice(1)));
    for (const parent of parents) {
      const below = ofTier.filter(({ rowId }) => above(rowId).includes(parent));
      for (const { first, last, sums } of overlapsOf(below, joined)) {
        cells.at(`overlap-${tier}`, parent, first, last).add(sums, times);
      }
    }
  }
}

/**
 * By how much the lines of one case count too much. Which of them a report counts is decided by its period, and those it
 * counts always lie together in the order of days. With G(i…j) what lines i to j count for as one case, and
 * c(i,j) = G(i…j) − G(i+1…j) − G(i…j−1) + G(i+1…j−1), the c of all pairs within a period and the lines of their own add
 * up to G of the period: each c is a cell that a report takes where it has all the days between.
 */
export function overlapsOf(
  lines: readonly ImageLine[],
  joined: number,
): { first: number; last: number; sums: CellSums }[] {
  const inOrder = [...lines].sort((a, b) => a.day - b.day || (a.hop ?? 0) - (b.hop ?? 0));
  const together = (from: number, to: number): CellSums => {
    const sums = new CellSums();
    if (from < to) addLine(sums, from + 1 === to ? inOrder[from]! : folded(inOrder.slice(from, to)), joined, 1);
    return sums;
  };
  const found = [];
  for (let i = 0; i < inOrder.length; i++) {
    for (let j = i + 1; j < inOrder.length; j++) {
      const sums = together(i, j + 1);
      sums.add(together(i + 1, j + 1), -1);
      sums.add(together(i, j), -1);
      sums.add(together(i + 1, j));
      if (!sums.empty) found.push({ first: inOrder[i]!.day, last: inOrder[j]!.day, sums });
    }
  }
  return found;
}

/** As `foldedLines` of case.facts.ts: one case counts for whatever it counts for in any row, of its accept clocks the first. */
function folded(lines: readonly ImageLine[]): Pick<ImageLine, 'flags' | 'tenths'> {
  const first = lines
    .filter(({ flags }) => (flags & BIT.acceptDue) !== 0)
    .sort((a, b) => (a.hop ?? 0) - (b.hop ?? 0))[0];
  const flags =
    lines.reduce((bits, line) => bits | (line.flags & ~ACCEPT_BITS), 0) | ((first?.flags ?? 0) & ACCEPT_BITS);
  const tenths = DURATIONS.map((_, index) => {
    if (index === 0) return first?.tenths[0] ?? null;
    const values = lines.flatMap(({ tenths: each }) => each[index] ?? []);
    return values.length === 0 ? null : Math.max(...values);
  });
  return { flags, tenths };
}
