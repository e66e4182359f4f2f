import {
  allot,
  allotProRata,
  proposeMethod,
  whyNot,
  type Facts,
  type Loss,
} from '../../src/returns/allocation.rules.js';
import { Dice } from '../support/dice.js';

const MOST = 9_007_199_254_740_991n;
const fen = (yuan: string): bigint => BigInt(yuan.replaceAll(',', '').replace('.', ''));
const losses = (...amounts: bigint[]): Loss[] =>
  amounts.map((lossFen, index) => ({ lossFen, firstTransferAt: index, no: index + 1 }));
const total = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, each) => sum + each, 0n);

describe('shares of what is frozen', () => {
  it.each([
    [
      '100,000.00',
      '250,000.00',
      ['120,000.00', '80,000.00', '50,000.00'],
      ['48,000.00', '32,000.00', '20,000.00'],
      '0.00',
    ],
    [
      '100,000.00',
      '90,000.00',
      ['30,000.00', '30,000.00', '30,000.00'],
      ['30,000.00', '30,000.00', '30,000.00'],
      '10,000.00',
    ],
    ['100.00', '300.00', ['100.00', '100.00', '100.00'], ['33.34', '33.33', '33.33'], '0.00'],
    [
      '86,543.21',
      '115,234.56',
      ['39,000.00', '15,000.00', '61,234.56'],
      ['29,289.69', '11,265.27', '45,988.25'],
      '0.00',
    ],
    ['60,000.00', '200,000.00', ['100,000.00', '50,000.00'], ['30,000.00', '15,000.00'], '15,000.00'],
    ['0.01', '3.00', ['1.00', '2.00'], ['0.00', '0.01'], '0.00'],
  ])('of %s with an inflow of %s', (frozen, inflow, claims, paid, stays) => {
    const { returnFen, paidFen, residualFen } = allotProRata(fen(frozen), fen(inflow), losses(...claims.map(fen)));
    expect(returnFen).toEqual(paid.map(fen));
    expect(residualFen).toBe(fen(stays));
    expect(paidFen).toBe(total(returnFen));
  });

  it('gives the odd fen to the victim who was first, and of two at one moment to the lower claim', () => {
    const at = (firstTransferAt: number, no: number): Loss => ({ lossFen: 10_000n, firstTransferAt, no });
    expect(allotProRata(10_000n, 30_000n, [at(3, 1), at(2, 2), at(1, 3)]).returnFen).toEqual([3_333n, 3_333n, 3_334n]);
    expect(allotProRata(10_000n, 30_000n, [at(1, 3), at(1, 1), at(1, 2)]).returnFen).toEqual([3_333n, 3_334n, 3_333n]);
  });

  it('refuses claims beyond the inflow, and claims of nothing', () => {
    expect(() => allotProRata(1n, 10n, losses(6n, 5n))).toThrow(RangeError);
    expect(() => allotProRata(1n, 10n, losses(0n))).toThrow(RangeError);
  });

  it('holds for whatever amounts come: exact sums, nobody gets more than was lost', () => {
    const dice = new Dice(41);
    for (let round = 0; round < 2_000; round++) {
      const most = dice.pick([10, 1_000, 10_000_000, 9_000_000_000_000_000]);
      const amount = (end: number): bigint => BigInt(Math.floor(dice.next() * end) + 1);
      const claims = Array.from({ length: 1 + dice.below(12) }, (_, index) => ({
        lossFen: amount(most),
        firstTransferAt: dice.below(4),
        no: index + 1,
      }));
      const lost = total(claims.map(({ lossFen }) => lossFen));
      const inflow = lost + (dice.chance(0.5) ? 0n : amount(most));
      const frozen = dice.chance(0.1) ? 0n : amount(dice.pick([most, 3 * most]));
      const { returnFen, paidFen, residualFen } = allotProRata(frozen, inflow, claims);
      const divided = frozen < inflow ? frozen : inflow;
      expect(paidFen).toBe((divided * lost) / inflow);
      expect(total(returnFen)).toBe(paidFen);
      expect(paidFen + residualFen).toBe(frozen);
      expect(residualFen >= 0n).toBe(true);
      claims.forEach(({ lossFen }, index) => {
        const share = returnFen[index]!;
        expect(share >= 0n && share <= lossFen).toBe(true);
        // Within one fen of the exact share.
        const off = share * inflow - divided * lossFen;
        expect(off < inflow && -off < inflow).toBe(true);
      });
    }
  });

  it('does not hang on the order in which the claims are written', () => {
    const dice = new Dice(42);
    for (let round = 0; round < 500; round++) {
      const claims = Array.from({ length: 2 + dice.below(8) }, (_, index) => ({
        lossFen: BigInt(1 + dice.below(dice.pick([3, 100_000]))),
        firstTransferAt: dice.below(3),
        no: index + 1,
      }));
      const inflow = total(claims.map(({ lossFen }) => lossFen)) + BigInt(dice.below(100));
      const frozen = BigInt(dice.below(Number(inflow)));
      const shuffled = claims
        .map((claim) => ({ claim, key: dice.next() }))
        .sort((a, b) => a.key - b.key)
        .map(({ claim }) => claim);
      const straight = allotProRata(frozen, inflow, claims);
      const other = allotProRata(frozen, inflow, shuffled);
      const of = (list: readonly Loss[], shares: readonly bigint[]): [number, bigint][] =>
        list.map(({ no }, index): [number, bigint] => [no, shares[index]!]).sort(([a], [b]) => a - b);
      expect(of(shuffled, other.returnFen)).toEqual(of(claims, straight.returnFen));
      // Numbered anew, only equal losses of one moment change places.
      const renumbered = allotProRata(
        frozen,
        inflow,
        shuffled.map((claim, index) => ({ ...claim, no: index + 1 })),
      );
      const kinds = (list: readonly Loss[], shares: readonly bigint[]): string[] =>
        list.map((loss, index) => `${loss.lossFen} ${loss.firstTransferAt} ${shares[index]}`).sort();
      expect(kinds(shuffled, renumbered.returnFen)).toEqual(kinds(claims, straight.returnFen));
    }
  });

  it('is exact with the largest amounts there are', () => {
    const { returnFen, residualFen } = allotProRata(MOST, MOST, losses(MOST - 1n, 1n));
    expect([returnFen, residualFen]).toEqual([[MOST - 1n, 1n], 0n]);
    expect(allotProRata(MOST - 2n, MOST, losses(MOST / 3n, MOST / 3n, MOST - 2n * (MOST / 3n))).paidFen).toBe(
      MOST - 2n,
    );
  });
});

describe('the method that is proposed', () => {
  const facts = (more: Partial<Facts>): Facts => ({
    frozenFen: 10_000n,
    inflowFen: 10_000n,
    losses: losses(10_000n),
    credits: [10_000n],
    traced: true,
    ...more,
  });

  it('is direct for one credit that is the claim', () => {
    expect(proposeMethod(facts({}))).toBe('direct-single');
    expect(allot('direct-single', facts({ frozenFen: 6_000n }))).toEqual({
      returnFen: [6_000n],
      paidFen: 6_000n,
      residualFen: 0n,
    });
  });

  it('is direct by time for several known credits that are all still there', () => {
    const several = { losses: losses(4_000n, 6_000n), credits: [4_000n, 6_000n] };
    expect(proposeMethod(facts(several))).toBe('direct-timestamp');
    expect(allot('direct-timestamp', facts(several)).returnFen).toEqual([4_000n, 6_000n]);
    expect(proposeMethod(facts({ ...several, frozenFen: 9_999n }))).toBe('pro-rata');
  });

  it('is by shares where money came in that nobody knows, or where what others lost would be given away', () => {
    expect(proposeMethod(facts({ inflowFen: 12_000n }))).toBe('pro-rata');
    expect(proposeMethod(facts({ traced: false }))).toBe('pro-rata');
    expect(proposeMethod(facts({ credits: [] }))).toBe('pro-rata');
    expect(proposeMethod(facts({ credits: [10_000n, 10_000n], inflowFen: 20_000n }))).toBe('pro-rata');
  });

  it('can be chosen otherwise only where it gives everybody their own', () => {
    const short = facts({ losses: losses(6_000n, 6_000n), inflowFen: 12_000n, credits: [6_000n, 6_000n] });
    expect(whyNot('pro-rata', short)).toBeUndefined();
    expect(whyNot('direct-timestamp', short)).toMatch(/less is frozen/);
    expect(whyNot('direct-single', short)).toMatch(/one claim/);
    expect(() => allot('direct-timestamp', short)).toThrow(RangeError);
  });
});
