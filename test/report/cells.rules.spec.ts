import fc from 'fast-check';
import { BIT, DURATIONS } from '../../src/report/case.facts.js';
import { CASE_MEASURES, countsOf } from '../../src/report/case.measures.js';
import { imageOf, imageText, type CaseImage, type ImageLine } from '../../src/report/cells/case.image.js';
import { CellDeltas, CellSums, JOINED } from '../../src/report/cells/cell.js';
import { contribute, overlapsOf } from '../../src/report/cells/cell.rules.js';
import { addPacked, packDurations } from '../../src/report/cells/durations.rules.js';
import { cellOf, dayNumber, rangesOf } from '../../src/report/cells/period.rules.js';
import { addDays } from '../../src/platform/clock/local-date.js';
import { toldTenths } from '../../src/report/rate.rules.js';

const date = fc.integer({ min: 0, max: 1_500 }).map((days) => addDays('2022-11-20', days));

describe('periods', () => {
  test('every day of a period lies in exactly one of its cells, and no other day does', () => {
    fc.assert(
      fc.property(date, fc.integer({ min: 0, max: 900 }), (from, length) => {
        const to = addDays(from, length);
        const ranges = rangesOf(from, to);
        for (let day = addDays(from, -40); day <= addDays(to, 40); day = addDays(day, 1)) {
          const number = dayNumber(day);
          const times = ranges.filter(({ grain, from: first, to: last }) => {
            const cell = cellOf(number, grain);
            return cell.first >= first && cell.first <= last;
          });
          expect([day, times.length]).toEqual([day, day >= from && day <= to ? 1 : 0]);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('whole years, months and thirds of months are taken whole', () => {
    expect(rangesOf('2023-01-01', '2024-12-31')).toEqual([{ grain: 'year', from: 20230101, to: 20240101 }]);
    expect(rangesOf('2023-12-21', '2024-03-01')).toEqual([
      { grain: 'third', from: 20231221, to: 20231221 },
      { grain: 'month', from: 20240101, to: 20240201 },
      { grain: 'day', from: 20240301, to: 20240301 },
    ]);
    expect(rangesOf('2024-02-21', '2024-02-29')).toEqual([{ grain: 'third', from: 20240221, to: 20240221 }]);
    expect(rangesOf('2024-02-21', '2024-02-28')).toEqual([{ grain: 'day', from: 20240221, to: 20240228 }]);
  });
});

describe('durations', () => {
  const durations = fc
    .array(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 2_000_000 }), fc.integer({ min: -500, max: 5_000 })))
    .map((entries) => {
      const sums = new CellSums();
      for (const [kind, value, often] of entries) if (often !== 0) sums.addDuration(kind, value, often);
      return sums.durations;
    });

  test('packed pieces behind one another are the sum of them', () => {
    fc.assert(
      fc.property(durations, durations, (one, other) => {
        const read = new CellSums();
        addPacked(Buffer.concat([packDurations(one), packDurations(other)]), read.durations);
        const expected = new CellSums();
        for (const piece of [one, other])
          piece.forEach((values, kind) => values.forEach((often, value) => expected.addDuration(kind, value, often)));
        expect(read.durations).toEqual(expected.durations);
      }),
    );
  });

  test('are told the coarser the longer, never off by more than 2.5 %, and keep their order', () => {
    fc.assert(
      fc.property(fc.nat({ max: 500_000 }), fc.nat({ max: 500 }), (tenths, more) => {
        expect(Math.abs(toldTenths(tenths) - tenths)).toBeLessThanOrEqual(tenths * 0.025);
        expect(toldTenths(tenths + more)).toBeGreaterThanOrEqual(toldTenths(tenths));
      }),
    );
    expect([0, 199, 204, 205, 2_399, 14_374, 14_375, 14_400].map(toldTenths)).toEqual([
      0, 199, 200, 210, 2_400, 14_350, 14_400, 14_400,
    ]);
  });
});

describe('a case in several rows', () => {
  const line = fc.record({
    rowId: fc.constant(0),
    tier: fc.constant('township' as const),
    day: fc.integer({ min: 20230601, max: 20230607 }),
    hop: fc.nat({ max: 9 }),
    flags: fc.nat({ max: 2 ** 27 - 1 }).map((bits) => bits | BIT.received),
    tenths: fc.tuple(...DURATIONS.map(() => fc.option(fc.nat({ max: 50 })))),
  });
  const lines = fc.uniqueArray(line, { minLength: 2, maxLength: 5, selector: ({ hop }) => hop });

  /** As the definition of the total says: once for whatever it counts for in any row, of its accept clocks the first. */
  function asOneCase(some: readonly ImageLine[], joined: number): CellSums {
    const sums = new CellSums();
    if (some.length === 0) return sums;
    const accept = BIT.acceptDue | BIT.acceptOnTime;
    const clocks = some.filter(({ flags }) => flags & BIT.acceptDue).sort((a, b) => a.hop! - b.hop!);
    let flags = (clocks[0]?.flags ?? 0) & accept;
    for (const each of some) flags |= each.flags & ~accept;
    const alone = some.length === 1 ? some[0]! : undefined;
    countsOf(alone?.flags ?? flags).forEach((count, index) => (sums.numbers[index] = count));
    sums.numbers[JOINED] = joined;
    DURATIONS.forEach((_, kind) => {
      const all = some.flatMap(({ tenths }) => tenths[kind] ?? []);
      const value = alone
        ? alone.tenths[kind]!
        : kind === 0
          ? clocks[0]?.tenths[0]
          : all.length
            ? Math.max(...all)
            : null;
      if (value !== null && value !== undefined) sums.addDuration(kind, value, 1);
    });
    return sums;
  }

  test('counts once in the total of any period: its lines and the overlaps within the period add up to one case', () => {
    fc.assert(
      fc.property(lines, fc.nat({ max: 3 }), (several, joined) => {
        const overlaps = overlapsOf(several, joined);
        for (let from = 20230601; from <= 20230607; from++) {
          for (let to = from; to <= 20230607; to++) {
            const within = several.filter(({ day }) => day >= from && day <= to);
            const total = new CellSums();
            for (const each of within) total.add(asOneCase([each], joined));
            for (const { first, last, sums } of overlaps) if (first >= from && last <= to) total.add(sums);
            expect(total).toEqual(asOneCase(within, joined));
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('what is taken away again leaves nothing behind, and an image says the same as text', () => {
    const image = fc.record({
      lines: lines.map((some) => some.map((each, index) => ({ ...each, rowId: 10 + index }))),
      joined: fc.nat({ max: 3 }),
      acts: fc.array(
        fc.record({
          kind: fc.constant('attempts' as const),
          agencyId: fc.integer({ min: 10, max: 14 }),
          day: fc.constant(20230602),
          numbers: fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9), fc.nat(9)),
        }),
        { maxLength: 3 },
      ),
      money: fc.array(
        fc.record({
          agencyId: fc.integer({ min: 10, max: 14 }),
          day: fc.constant(20230602),
          fen: fc.tuple(fc.maxSafeNat(), fc.nat(), fc.nat()),
        }),
        { maxLength: 2 },
      ),
    });
    const above = (id: number): number[] => (id === 1 ? [1] : id === 2 ? [2, 1] : [id, 2, 1]);
    fc.assert(
      fc.property(image, (each: CaseImage) => {
        expect(imageOf(imageText(each))).toEqual(each);
        const cells = new CellDeltas();
        contribute(each, 1, above, cells);
        expect(cells.list().length).toBeGreaterThan(0);
        contribute(imageOf(imageText(each)), -1, above, cells);
        expect(cells.list()).toEqual([]);
      }),
    );
  });
});

test('there is a measure for each number of cases', () => {
  expect(new Set(CASE_MEASURES.map(([name]) => name)).size).toBe(CASE_MEASURES.length);
});
