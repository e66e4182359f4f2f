import { FALSE_ALARM, outcome, PLACES } from '../case/support.js';
import { signal } from '../support/app.js';
import { fraction, ReportWorld } from './support.js';

const { city, county, county2, township, township2, township3 } = PLACES;
let reports: ReportWorld;
let world: ReportWorld['world'];

beforeAll(async () => {
  reports = await ReportWorld.start(['city', 'county', 'township', 'township2', 'county2', 'township3'], ['4113']);
  ({ world } = reports);
});

afterAll(async () => {
  // Whatever the tests did, a recount that shares no code with the report gives the same figures.
  await reports.world.app.clocks();
  const result = await reports.verify(['2023-06', '2023-07']);
  await world.stop();
  expect(result.differences).toEqual([]);
  expect(result.figures).toBeGreaterThan(40_000);
});

/** A case that a township works on. */
async function atTownship(overrides: Record<string, unknown> = {}): Promise<string> {
  const id = await world.alert(overrides);
  await world.must('county', id, 'accept');
  await world.must('county', id, 'forward', { agency: township });
  await world.must('township', id, 'accept');
  return id;
}

describe('signing for', () => {
  test('counts at the very limit and one millisecond after it as what it is', async () => {
    const day = reports.nextDay();
    const [first, second] = [await world.alert(), await world.alert()];
    reports.wait(60);
    await world.must('county', first, 'accept');
    reports.wait(1 / 60_000);
    await world.must('county', second, 'accept');
    const row = await reports.row('county', county, day);
    expect(fraction(row.acceptOnTimeRate)).toBe('1/2');
    expect(row.acceptOnTimeRate.rate).toBe(0.5);
    expect(row.acceptMinutes).toEqual({ p50: 60, p90: 60 });
    expect(fraction((await reports.row('city', city, day)).acceptOnTimeRate)).toBe('1/2');
  });

  test('counts nowhere before its limit, and as late from then on although nobody signed', async () => {
    const day = reports.nextDay();
    await world.alert();
    reports.wait(60 - 1 / 60_000);
    expect(fraction((await reports.row('county', county, day)).acceptOnTimeRate)).toBe('0/0');
    reports.wait(1 / 60_000);
    const row = await reports.row('county', county, day);
    expect(fraction(row.acceptOnTimeRate)).toBe('0/1');
    expect(row.acceptMinutes).toEqual({ p50: null, p90: null });
  });

  test('counts for neither side when the case moved on unsigned before the limit', async () => {
    const day = reports.nextDay();
    const id = await world.alert();
    reports.wait(10);
    await world.must('city', id, 'transfer', { agency: county2, reason: '现住邻县' });
    reports.wait(100);
    await world.must('county2', id, 'accept');
    expect(fraction((await reports.row('county', county, day)).acceptOnTimeRate)).toBe('0/0');
    expect(fraction((await reports.row('county', county2, day)).acceptOnTimeRate)).toBe('0/1');
    expect(fraction((await reports.total('county', day)).acceptOnTimeRate)).toBe('0/1');
    expect(fraction((await reports.row('city', city, day)).acceptOnTimeRate)).toBe('0/1');
  });

  test('is the row’s own: what a township signs for shows in its own row alone, and only at its first hop', async () => {
    const day = reports.nextDay();
    const id = await world.alert();
    await world.must('county', id, 'accept');
    await world.must('county', id, 'forward', { agency: township });
    reports.wait(90);
    await world.must('township', id, 'accept');
    await world.must('township', id, 'return', { reason: 'other', note: '请县局处理' });
    await world.must('county', id, 'accept');
    await world.must('county', id, 'forward', { agency: township });
    await world.must('township', id, 'accept');
    expect(fraction((await reports.row('county', county, day)).acceptOnTimeRate)).toBe('1/1');
    expect(fraction((await reports.row('township', township, day)).acceptOnTimeRate)).toBe('0/1');
  });

  test('of an alert in two counties counts once in the total: by the first clock that was met or ran out', async () => {
    const day = reports.nextDay();
    const id = await world.alert();
    reports.wait(61);
    await world.must('county', id, 'accept');
    await world.must('city', id, 'transfer', { agency: county2, reason: '现住邻县' });
    await world.must('county2', id, 'accept');
    const { rows, total } = await reports.report('county', { from: day, to: day });
    const of = (code: string): (typeof rows)[number] => rows.find(({ agency }) => agency.code === code)!;
    expect([of(county), of(county2)].map((row) => fraction(row.acceptOnTimeRate))).toEqual(['0/1', '1/1']);
    expect([of(county).received, of(county2).received, total.received]).toEqual([1, 1, 1]);
    expect(fraction(total.acceptOnTimeRate)).toBe('0/1');
    expect(total.acceptMinutes).toEqual({ p50: 61, p90: 61 });
  });
});

describe('the clocks of a case', () => {
  test('met in time count for whoever met them, in its own row and its county’s', async () => {
    const day = reports.nextDay();
    const id = await atTownship({ riskLevel: 'high' });
    reports.wait(30);
    await world.must('township', id, 'attempts', world.attempt('call', { reached: false }));
    reports.wait(60);
    await world.must('township', id, 'attempts', world.attempt('visit'));
    reports.wait(30);
    await world.must('township', id, 'outcome', outcome());
    for (const row of [
      await reports.row('city', city, day),
      await reports.row('county', county, day),
      await reports.row('township', township, day),
      await reports.total('township', day),
    ]) {
      expect([row.contactOnTimeRate, row.visitOnTimeRate, row.feedbackOnTimeRate].map(fraction)).toEqual([
        '1/1',
        '1/1',
        '1/1',
      ]);
      expect([row.contactMinutes.p50, row.visitMinutes.p50, row.feedbackMinutes.p90]).toEqual([30, 90, 120]);
    }
    const sibling = await reports.row('township', township2, day);
    expect([sibling.received, fraction(sibling.contactOnTimeRate)]).toEqual([0, '0/0']);
  });

  test('count nowhere while they run, and nowhere when the case ends before the limit', async () => {
    const day = reports.nextDay();
    const id = await world.alert({ riskLevel: 'high' });
    await world.must('county', id, 'accept');
    reports.wait(29);
    expect(fraction((await reports.row('county', county, day)).contactOnTimeRate)).toBe('0/0');
    await world.must('county', id, 'outcome', FALSE_ALARM);
    reports.wait(600);
    const row = await reports.row('county', county, day);
    expect([row.contactOnTimeRate, row.visitOnTimeRate, row.feedbackOnTimeRate].map(fraction)).toEqual([
      '0/0',
      '0/0',
      '1/1',
    ]);
  });

  test('that ran out stay late although the case ended, also at that very moment', async () => {
    const day = reports.nextDay();
    const id = await world.alert({ riskLevel: 'high' });
    await world.must('county', id, 'accept');
    reports.wait(30);
    await world.must('county', id, 'outcome', FALSE_ALARM);
    const row = await reports.row('county', county, day);
    expect([row.contactOnTimeRate, row.feedbackOnTimeRate].map(fraction)).toEqual(['0/1', '1/1']);
  });

  test('met late are late for whoever held the case when the limit ran out, whoever met them later', async () => {
    const day = reports.nextDay();
    const id = await world.alert({ riskLevel: 'high' });
    await world.must('county', id, 'accept');
    reports.wait(31);
    await world.must('city', id, 'transfer', { agency: county2, reason: '现住邻县' });
    await world.must('county2', id, 'accept');
    await world.must('county2', id, 'attempts', world.attempt('call'));
    const [from, to] = [await reports.row('county', county, day), await reports.row('county', county2, day)];
    expect([from, to].map((row) => fraction(row.contactOnTimeRate))).toEqual(['0/1', '0/0']);
    expect([from.contactMinutes.p50, to.contactMinutes.p50]).toEqual([null, 31]);
    const total = await reports.total('county', day);
    expect([fraction(total.contactOnTimeRate), total.contactMinutes.p50]).toEqual(['0/1', 31]);
  });

  test('that run out after a transfer are late for the new holder only', async () => {
    const day = reports.nextDay();
    const id = await world.alert({ riskLevel: 'high' });
    await world.must('county', id, 'accept');
    reports.wait(10);
    await world.must('city', id, 'transfer', { agency: county2, reason: '现住邻县' });
    reports.wait(60);
    expect(fraction((await reports.row('county', county, day)).contactOnTimeRate)).toBe('0/0');
    expect(fraction((await reports.row('county', county2, day)).contactOnTimeRate)).toBe('0/1');
  });

  test('that run out on the city’s desk are the city’s', async () => {
    const day = reports.nextDay();
    const id = await world.alert({ riskLevel: 'high' });
    await world.must('county', id, 'return', { reason: 'not-local', note: '现居外地' });
    reports.wait(31);
    await world.must('city', id, 'push', { agency: county });
    await world.must('county', id, 'accept');
    await world.must('county', id, 'attempts', world.attempt('call'));
    expect(fraction((await reports.row('county', county, day)).contactOnTimeRate)).toBe('0/0');
    expect(fraction((await reports.row('city', city, day)).contactOnTimeRate)).toBe('0/1');
    expect(fraction((await reports.total('county', day)).contactOnTimeRate)).toBe('0/0');
  });

  test('that run out at the very moment at which the case is given up are for where it went', async () => {
    const day = reports.nextDay();
    const id = await world.alert({ riskLevel: 'high' });
    reports.wait(30);
    await world.must('county', id, 'return', { reason: 'not-local', note: '现居外地' });
    expect(fraction((await reports.row('county', county, day)).contactOnTimeRate)).toBe('0/0');
    expect(fraction((await reports.row('city', city, day)).contactOnTimeRate)).toBe('0/1');
  });

  test('that run out at a township are its own and its county’s; after a recall the county’s alone', async () => {
    const day = reports.nextDay();
    const stayed = await atTownship({ riskLevel: 'high' });
    const recalled = await atTownship({ riskLevel: 'high' });
    reports.wait(20);
    await world.must('county', recalled, 'recall', { reason: '县局直接处置' });
    reports.wait(20);
    expect(fraction((await reports.row('township', township, day)).contactOnTimeRate)).toBe('0/1');
    expect(fraction((await reports.row('county', county, day)).contactOnTimeRate)).toBe('0/2');
    const { items } = await reports.opened('township', {
      from: day,
      to: day,
      agency: township,
      indicator: 'contactOnTimeRate.denominator',
    });
    expect(items.map(({ id }) => id)).toEqual([stayed]);
  });

  test('go by when a call was made, not by when it was written down', async () => {
    const day = reports.nextDay();
    const id = await world.alert({ riskLevel: 'high' });
    await world.must('county', id, 'accept');
    const made = world.attempt('call');
    reports.wait(45);
    expect(fraction((await reports.row('county', county, day)).contactOnTimeRate)).toBe('0/1');
    await world.must('county', id, 'attempts', made);
    expect(fraction((await reports.row('county', county, day)).contactOnTimeRate)).toBe('1/1');
  });

  test('do not exist where the level has none, and are not met by a call from before it rose', async () => {
    const day = reports.nextDay();
    const id = await world.alert({ riskLevel: 'low' });
    await world.must('county', id, 'accept');
    await world.must('county', id, 'attempts', world.attempt('call'));
    await world.must('county', id, 'escalate', { riskLevel: 'high', reason: '正在转账' });
    const row = await reports.row('county', county, day);
    expect([fraction(row.contactOnTimeRate), row.contactMinutes.p50]).toEqual(['0/0', 0]);
    reports.wait(241);
    expect(fraction((await reports.row('county', county, day)).visitOnTimeRate)).toBe('0/1');
  });
});

describe('reaching the person', () => {
  test('visitRate is over the cases that require a visit, dissuasionRate over the valid ones', async () => {
    const day = reports.nextDay();
    const [high, high2, medium] = [
      await atTownship({ riskLevel: 'high' }),
      await atTownship({ riskLevel: 'high' }),
      await atTownship(),
    ];
    await world.must('township', high, 'attempts', world.attempt('visit'));
    await world.must('township', high2, 'attempts', world.attempt('visit', { reached: false }));
    await world.must('township', high2, 'attempts', world.attempt('sms'));
    await world.must('township', medium, 'attempts', world.attempt('visit'));
    for (const row of [await reports.row('county', county, day), await reports.row('township', township, day)]) {
      expect([row.visitRate, row.dissuasionRate].map(fraction)).toEqual(['1/2', '3/3']);
      expect(row.attempts).toEqual({ sms: 1, call: 0, visit: 3, visitReached: 2 });
    }
  });

  test('counts for the row whose agencies did it; in the total once', async () => {
    const day = reports.nextDay();
    const id = await world.alert({ riskLevel: 'high' });
    await world.must('county', id, 'accept');
    await world.must('county', id, 'attempts', world.attempt('call'));
    await world.must('city', id, 'transfer', { agency: county2, reason: '现住邻县' });
    await world.must('county2', id, 'accept');
    await world.must('county2', id, 'attempts', world.attempt('visit'));
    const { rows, total } = await reports.report('county', { from: day, to: day });
    const of = (code: string): (typeof rows)[number] => rows.find(({ agency }) => agency.code === code)!;
    expect([of(county), of(county2), total].map((row) => fraction(row.dissuasionRate))).toEqual(['1/1', '1/1', '1/1']);
    expect([of(county), of(county2), total].map((row) => fraction(row.visitRate))).toEqual(['0/1', '1/1', '1/1']);
  });

  test('withdrawn cases and those given back for wrong information are not valid; a return is the agency’s own', async () => {
    const day = reports.nextDay();
    const [withdrawn, wrong, elsewhere, fine] = [
      await world.alert(),
      await world.alert(),
      await atTownship(),
      await world.alert(),
    ];
    await world.must('city', withdrawn, 'withdraw', { reason: '测试数据' });
    await world.must('county', wrong, 'return', { reason: 'wrong-info', note: '号码有误' });
    await world.must('township', elsewhere, 'return', { reason: 'wrong-info', note: '查无此人' });
    await world.must('county', fine, 'accept');
    await world.must('county', fine, 'attempts', world.attempt('call'));
    const countyRow = await reports.row('county', county, day);
    expect([countyRow.dissuasionRate, countyRow.returnRate, countyRow.fundSuccessRate].map(fraction)).toEqual([
      '1/2',
      '1/4',
      '2/2',
    ]);
    const townshipRow = await reports.row('township', township, day);
    expect([townshipRow.dissuasionRate, townshipRow.returnRate].map(fraction)).toEqual(['0/0', '1/1']);
    const cityRow = await reports.row('city', city, day);
    expect([cityRow.dissuasionRate, cityRow.returnRate].map(fraction)).toEqual(['1/2', '0/4']);
  });

  test('a case that came back to the agency after its return is valid again', async () => {
    const day = reports.nextDay();
    const id = await world.alert();
    await world.must('county', id, 'return', { reason: 'wrong-info', note: '号码有误' });
    expect(fraction((await reports.row('county', county, day)).dissuasionRate)).toBe('0/0');
    await world.must('city', id, 'push', { agency: county });
    const [row, cityRow] = [await reports.row('county', county, day), await reports.row('city', city, day)];
    expect([row.received, fraction(row.dissuasionRate), fraction(row.returnRate)]).toEqual([1, '0/1', '1/1']);
    expect(fraction(cityRow.dissuasionRate)).toBe('0/1');
  });
});

describe('results and money', () => {
  async function closed(more: Record<string, unknown> = {}): Promise<string> {
    const id = await world.alert();
    await world.must('county', id, 'accept');
    await world.must('county', id, 'attempts', world.attempt('call'));
    await world.must('county', id, 'outcome', outcome(more));
    return id;
  }

  test('success is over closed cases without false alarms and earlier losses; a case under review is not closed', async () => {
    const day = reports.nextDay();
    await closed();
    const id = await closed({ result: 'partial-loss', lossFen: 700 });
    await closed({ result: 'false-alarm' });
    await closed({ result: 'already-defrauded', lossFen: 900 });
    const before = await reports.row('county', county, day);
    expect([fraction(before.successRate), before.results['partial-loss'], before.lossFen]).toEqual(['1/1', 0, 0]);
    await world.must('city', id, 'review', { decision: 'approve' });
    const row = await reports.row('county', county, day);
    expect(fraction(row.successRate)).toBe('2/2');
    expect(row.results).toEqual({
      dissuaded: 1,
      'partial-loss': 1,
      'already-defrauded': 0,
      'defrauded-after-warning': 0,
      'false-alarm': 1,
      unreachable: 0,
      refused: 0,
    });
    expect(row.lossFen).toBe(700);
  });

  test('money counts for the agency that submitted, on the day of the approval, by its basis', async () => {
    const day = reports.nextDay();
    const id = await atTownship();
    await world.must('township', id, 'attempts', world.attempt('call'));
    await world.must(
      'township',
      id,
      'outcome',
      outcome({ interceptedFen: 123_456, interceptedBasis: 'transfer-cancelled' }),
    );
    await closed({ interceptedFen: 1_000, interceptedBasis: 'bank-blocked' });
    const nextDay = reports.nextDay();
    await world.must('county', id, 'review', { decision: 'approve' });
    const [first, second] = [await reports.row('county', county, day), await reports.row('county', county, nextDay)];
    expect(first.interceptedFen).toEqual({ dissuasion: 0, stopPayment: 0, bank: 1_000, total: 1_000 });
    expect(second.interceptedFen).toEqual({ dissuasion: 123_456, stopPayment: 0, bank: 0, total: 123_456 });
    expect((await reports.row('township', township, nextDay)).interceptedFen.total).toBe(123_456);
    // The case belongs to the day on which it came, whenever it was closed.
    expect([first.results.dissuaded, second.results.dissuaded]).toEqual([2, 0]);
  });

  test('a reopened case counts as open again, without its money; closed elsewhere it counts there', async () => {
    const day = reports.nextDay();
    const id = await closed({ interceptedFen: 5_000, interceptedBasis: 'balance-protected' });
    await world.must('city', id, 'reopen', { reason: '家属反映仍在转账' });
    const reopened = await reports.row('county', county, day);
    expect([fraction(reopened.successRate), reopened.interceptedFen.total]).toEqual(['0/0', 0]);
    await world.must('city', id, 'transfer', { agency: county2, reason: '现住邻县' });
    await world.must('county2', id, 'accept');
    await world.must(
      'county2',
      id,
      'outcome',
      outcome({ interceptedFen: 6_000, interceptedBasis: 'balance-protected' }),
    );
    const [before, after] = [await reports.row('county', county, day), await reports.row('county', county2, day)];
    expect([before, after].map((row) => [row.received, fraction(row.successRate), row.interceptedFen.total])).toEqual([
      [1, '0/0', 0],
      [1, '1/1', 6_000],
    ]);
    // Who answered first, and in time, is not changed by any of this.
    expect([before, after].map((row) => fraction(row.feedbackOnTimeRate))).toEqual(['1/1', '0/0']);
    expect((await reports.total('county', day)).interceptedFen.total).toBe(6_000);
  });

  test('defrauded after the warning counts for who held the case when it was marked, also after it moved on', async () => {
    const day = reports.nextDay();
    const id = await closed();
    reports.wait(60);
    await world.must('county', id, 'follow-ups', { at: world.now, result: 'defrauded', lossFen: 100 });
    const { rows, total } = await reports.report('county', { from: day, to: day });
    const row = rows.find(({ agency }) => agency.code === county)!;
    expect(row.defraudedAfterRate).toEqual({ rate: 1, numerator: 1, denominator: 1, provisional: true });
    expect([row.fundSuccessRate, row.successRate].map(fraction)).toEqual(['0/1', '1/1']);
    await world.must('city', id, 'reopen', { reason: '已被骗' });
    await world.must('city', id, 'transfer', { agency: county2, reason: '现住邻县' });
    const moved = await reports.report('county', { from: day, to: day });
    const of = (code: string): (typeof rows)[number] => moved.rows.find(({ agency }) => agency.code === code)!;
    expect([of(county), of(county2)].map((each) => fraction(each.defraudedAfterRate))).toEqual(['1/1', '0/0']);
    expect([of(county), of(county2), moved.total].map((each) => fraction(each.fundSuccessRate))).toEqual([
      '0/1',
      '1/1',
      '0/1',
    ]);
    expect(fraction(total.defraudedAfterRate)).toBe('1/1');
  });

  test('a person defrauded before anybody reached them counts, too; the rate stays provisional for the watch period', async () => {
    const day = reports.nextDay();
    const id = await world.alert();
    await world.must('county', id, 'accept');
    await world.must('county', id, 'outcome', outcome({ result: 'defrauded-after-warning', lossFen: 5_000 }));
    await world.must('city', id, 'review', { decision: 'approve' });
    const row = await reports.row('county', county, day);
    expect(row.defraudedAfterRate).toEqual({ rate: null, numerator: 1, denominator: 0, provisional: true });
    expect([fraction(row.successRate), row.results['defrauded-after-warning'], row.lossFen]).toEqual(['0/1', 1, 5_000]);
    const earlier = await reports.report('county', { from: '2023-05-01', to: '2023-05-01' });
    expect(earlier.total.defraudedAfterRate.provisional).toBe(
      reports.world.app.clock.now() < new Date('2023-06-01T00:00:00+08:00'),
    );
  });
});

describe('cohorts', () => {
  test('a merged signal is no case of its own; unmerged it becomes one, on the day on which it came', async () => {
    const day = reports.nextDay();
    const phone = '13912340001';
    const id = await world.alert({ subject: { phone } });
    const joined = await world.alert({ subject: { phone } });
    const merged = await reports.row('county', county, day);
    expect([merged.received, merged.signals]).toEqual([1, 2]);
    const cityRow = await reports.row('city', city, day);
    expect([cityRow.received, cityRow.signals]).toEqual([1, 2]);
    await world.must('county', joined, 'unmerge', { reason: '母女两人' });
    const [row, after] = [await reports.row('county', county, day), await reports.row('city', city, day)];
    expect([row.received, row.signals, after.received, after.signals]).toEqual([2, 2, 2, 2]);
    expect(id).not.toBe(joined);
  });

  test('an agency is counted once per alert however often it comes back, on the day of its first hop', async () => {
    const day = reports.nextDay();
    const id = await world.alert({ divisionCode: undefined });
    expect((await reports.row('city', city, day)).received).toBe(1);
    expect((await reports.total('county', day)).received).toBe(0);
    const pushed = reports.nextDay();
    await world.must('city', id, 'push', { agency: county });
    await world.must('city', id, 'transfer', { agency: county2, reason: '现住邻县' });
    await world.must('city', id, 'transfer', { agency: county, reason: '又回原县' });
    const back = reports.nextDay();
    await world.must('city', id, 'transfer', { agency: county2, reason: '现住邻县' });
    const received = async (tier: string, on: string): Promise<number> => (await reports.total(tier, on)).received;
    expect([await received('city', day), await received('county', pushed), await received('county', back)]).toEqual([
      1, 1, 0,
    ]);
    expect((await reports.row('county', county, pushed)).received).toBe(1);
    expect((await reports.row('county', county2, pushed)).received).toBe(1);
  });

  test('end and begin at local midnight, to the millisecond', async () => {
    const day = reports.nextDay();
    const { clock } = world.app;
    clock.set(`${day}T23:59:59.999+08:00`);
    const id = await world.alert();
    await world.must('county', id, 'accept');
    await world.must('county', id, 'attempts', world.attempt('call'));
    const next = reports.nextDay();
    clock.set(`${next}T00:00:00+08:00`);
    await world.alert();
    await world.must('county', id, 'attempts', world.attempt('call'));
    await world.must('county', id, 'outcome', outcome({ interceptedFen: 1, interceptedBasis: 'transfer-cancelled' }));
    for (const tier of ['city', 'county']) {
      const [late, early] = [await reports.total(tier, day), await reports.total(tier, next)];
      expect([late.received, late.attempts.call, late.interceptedFen.total]).toEqual([1, 1, 0]);
      expect([early.received, early.attempts.call, early.interceptedFen.total]).toEqual([1, 1, 1]);
      const both = await reports.report(tier, { from: day, to: next });
      expect([both.total.received, both.total.attempts.call]).toEqual([2, 2]);
    }
  });

  test('filters apply to the alert, as it is now', async () => {
    const day = reports.nextDay();
    const id = await world.alert({ riskLevel: 'low', kind: 'network', fraudType: 'brushing-rebate' });
    await world.alert({ riskLevel: 'medium', kind: 'fund' });
    await world.must('county', id, 'accept');
    await world.must('county', id, 'attempts', world.attempt('sms'));
    const received = async (filter: Record<string, string>): Promise<number[]> => {
      const { total } = await reports.report('county', { from: day, to: day, ...filter });
      return [total.received, total.attempts.sms];
    };
    expect(await received({ riskLevel: 'low' })).toEqual([1, 1]);
    expect(await received({ kind: 'fund' })).toEqual([1, 0]);
    expect(await received({ kind: 'network', fraudType: 'brushing-rebate', source: 'national-platform' })).toEqual([
      1, 1,
    ]);
    expect(await received({ source: 'nobody' })).toEqual([0, 0]);
    await world.must('county', id, 'escalate', { riskLevel: 'high', reason: '正在转账' });
    expect(await received({ riskLevel: 'low' })).toEqual([0, 0]);
    expect(await received({ riskLevel: 'high' })).toEqual([1, 1]);
  });

  test('open, overdue and urged are of now, wherever the period lies', async () => {
    const fraudType = 'impersonating-police';
    const types = (await world.get('city', '/fraud-types')).body.items as { code: string }[];
    const type = types.find(({ code }) => code !== 'brushing-rebate')?.code ?? fraudType;
    reports.nextDay();
    const [first, second] = [
      await atTownship({ fraudType: type, riskLevel: 'high' }),
      await world.alert({ fraudType: type }),
    ];
    await world.alert({ fraudType: type, divisionCode: undefined });
    await world.must('city', first, 'urge', { note: '请立即上门' });
    reports.wait(31);
    const ask = async (tier: string): Promise<Map<string, number[]>> => {
      const { rows, total } = await reports.report(tier, { from: '2022-01-01', to: '2022-01-01', fraudType: type });
      const told = ({ received, open, overdue, urged }: typeof total): number[] => [received, open, overdue, urged];
      return new Map([...rows.map((row) => [row.agency.code, told(row)] as const), ['total', told(total)] as const]);
    };
    const [cities, counties, townships] = [await ask('city'), await ask('county'), await ask('township')];
    expect([cities.get(city), cities.get('total')]).toEqual([
      [0, 3, 1, 1],
      [0, 3, 1, 1],
    ]);
    expect([counties.get(county), counties.get(county2), counties.get('total')]).toEqual([
      [0, 2, 1, 1],
      [0, 0, 0, 0],
      [0, 2, 1, 1],
    ]);
    expect([townships.get(township), townships.get(township2), townships.get('total')]).toEqual([
      [0, 1, 1, 1],
      [0, 0, 0, 0],
      [0, 1, 1, 1],
    ]);
    await world.must('township', first, 'reply', { note: '已上门' });
    await world.must('county', second, 'accept');
    await world.must('county', second, 'outcome', FALSE_ALARM);
    expect((await ask('county')).get(county)).toEqual([0, 1, 1, 0]);
  });

  test('an alert of another city shows in no row', async () => {
    const day = reports.nextDay();
    const before = await reports.total('county', day);
    expect(before.received).toBe(0);
    await world.post('city', '/alerts', signal({ detectedAt: world.now }));
    expect((await reports.total('county', day)).received).toBe(1);
  });
});

test('township3 lies in county2: its work shows there and nowhere else', async () => {
  const day = reports.nextDay();
  const id = await world.alert({ divisionCode: '411325' });
  await world.must('county2', id, 'accept');
  await world.must('county2', id, 'forward', { agency: township3 });
  await world.must('township3', id, 'accept');
  await world.must('township3', id, 'attempts', world.attempt('call'));
  const { rows } = await reports.report('county', { from: day, to: day });
  expect(rows.filter(({ attempts }) => attempts.call > 0).map(({ agency }) => agency.code)).toEqual([county2]);
});
