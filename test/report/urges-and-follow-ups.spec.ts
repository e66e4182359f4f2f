import type { FiguresAnswer } from '../../src/report/figures.dto.js';
import { FALSE_ALARM, outcome, PLACES, type Place } from '../case/support.js';
import { fraction, ReportWorld } from './support.js';

const { city, county, county2, township } = PLACES;
const DAY = 24 * 60;
const MILLISECOND = 1 / 60_000;
let reports: ReportWorld;
let world: ReportWorld['world'];

beforeAll(async () => {
  reports = await ReportWorld.start(['city', 'county', 'township', 'county2'], ['4113']);
  ({ world } = reports);
});

afterAll(async () => {
  // Whatever the tests did, a recount that shares no code with the report gives the same figures.
  await world.app.clocks();
  const { differences } = await reports.verify(['2023-06', '2023-07']);
  await world.stop();
  expect(differences).toEqual([]);
});

/** `urges, in time/answered for` of a row. */
async function urges(tier: string, code: string, day: string): Promise<string> {
  return urgesOf(await reports.row(tier, code, day));
}

function urgesOf({ urges: made, urgeReplyOnTimeRate }: FiguresAnswer): string {
  return `${made}, ${fraction(urgeReplyOnTimeRate)}`;
}

function followUpsOf({ followUps, followUpOnTimeRate }: FiguresAnswer): string {
  return `due ${followUps.due}, done ${followUps.done}, overdue ${followUps.overdue}, ${fraction(followUpOnTimeRate)}`;
}

/** A case of low risk that the county works on: none of its clocks runs out within the hours of a test. */
async function working(): Promise<string> {
  const id = await world.alert({ riskLevel: 'low' });
  await world.must('county', id, 'accept');
  return id;
}

/** @param minutes to reply in; none: whenever */
async function urge(id: string, minutes?: number, by: Place = 'city'): Promise<void> {
  const replyBy = minutes && new Date(world.app.clock.now().getTime() + minutes * 60_000).toISOString();
  await world.must(by, id, 'urge', { note: '请说明', ...(replyBy ? { replyBy } : {}) });
}

const reply = (id: string, by: Place): Promise<unknown> => world.must(by, id, 'reply', { note: '已上门' });

describe('urges', () => {
  test('replied to at the very limit are in time, a millisecond later late; without a limit they are only counted', async () => {
    const day = reports.nextDay();
    const ids = [await working(), await working(), await working()];
    await urge(ids[0]!, 30);
    await urge(ids[1]!, 30);
    await urge(ids[2]!);
    reports.wait(30 - MILLISECOND);
    expect(await urges('county', county, day)).toBe('3, 0/0');
    reports.wait(MILLISECOND);
    await reply(ids[0]!, 'county');
    await reply(ids[2]!, 'county');
    expect(await urges('county', county, day)).toBe('3, 1/2');
    reports.wait(MILLISECOND);
    await reply(ids[1]!, 'county');
    for (const row of [
      await reports.row('county', county, day),
      await reports.row('city', city, day),
      await reports.total('county', day),
    ])
      expect(urgesOf(row)).toBe('3, 1/2');
    expect(await urges('township', township, day)).toBe('0, 0/0');
  });

  test('are of the agency that was urged; the reply is of whoever gave it in time', async () => {
    const day = reports.nextDay();
    const id = await working();
    await urge(id, 60);
    reports.wait(10);
    await world.must('county', id, 'forward', { agency: township });
    await world.must('township', id, 'accept');
    reports.wait(10);
    await reply(id, 'township');
    await world.must('county', id, 'transfer', { agency: PLACES.township2, reason: '现住邻镇' });
    expect(await urges('county', county, day)).toBe('1, 1/1');
    expect(await urges('township', township, day)).toBe('0, 1/1');
    // The county's own supervisor sees the same in the report of its own tier.
    const own = await reports.report('township', { from: day, to: day }, 'county');
    expect(own.rows.filter(({ urgeReplyOnTimeRate }) => urgeReplyOnTimeRate.denominator > 0)).toHaveLength(1);
  });

  test('that run out are answered for by whoever held the case then; what comes later changes nothing', async () => {
    const day = reports.nextDay();
    const id = await working();
    await urge(id, 60);
    reports.wait(10);
    await world.must('city', id, 'transfer', { agency: county2, reason: '现住邻县' });
    reports.wait(50);
    const told = async (): Promise<string[]> =>
      Promise.all([county, county2].map((code) => urges('county', code, day)));
    expect(await told()).toEqual(['1, 0/0', '0, 0/1']);
    await world.must('county2', id, 'accept');
    reports.wait(MILLISECOND);
    await reply(id, 'county2');
    await world.must('city', id, 'transfer', { agency: county, reason: '返回' });
    await world.must('county', id, 'accept');
    await world.must('county', id, 'outcome', FALSE_ALARM);
    reports.wait(DAY);
    expect(await told()).toEqual(['1, 0/0', '0, 0/1']);
    expect(urgesOf(await reports.total('county', day))).toBe('1, 0/1');
    // The other county's own report looks through urges that were made to this one.
    const own = await reports.report('county', { from: day, to: day }, 'county2');
    expect(own.rows.map(urgesOf)).toEqual(['0, 0/1']);
  });

  test('that end with their case before the limit are in no denominator, at the very limit they had run out', async () => {
    const day = reports.nextDay();
    const [before, at] = [await working(), await working()];
    await urge(before, 30);
    await urge(at, 30);
    reports.wait(30 - MILLISECOND);
    await world.must('county', before, 'outcome', FALSE_ALARM);
    reports.wait(MILLISECOND);
    await world.must('county', at, 'outcome', FALSE_ALARM);
    reports.wait(60);
    expect(await urges('county', county, day)).toBe('2, 0/1');
  });

  test('by the system count as any other, and follow the filters', async () => {
    const day = reports.nextDay();
    await world.alert({ riskLevel: 'urgent' });
    reports.wait(8);
    await world.app.clocks();
    reports.wait(30);
    const filtered = async (kind: string): Promise<string> =>
      urgesOf((await reports.report('county', { from: day, to: day, riskLevel: 'urgent', kind })).total);
    expect([await filtered('fund'), await filtered('network')]).toEqual(['1, 0/1', '0, 0/0']);
  });

  test('of one case are each an item of their own, with who answers for it, until when and when it was replied to', async () => {
    const day = reports.nextDay();
    const id = await working();
    await urge(id, 60);
    reports.wait(1);
    await urge(id, 5);
    reports.wait(10);
    await reply(id, 'county');
    expect(await urges('county', county, day)).toBe('2, 1/2');
    const opened = (indicator: string): ReturnType<ReportWorld['opened']> =>
      reports.opened('county', { from: day, to: day, agency: county, indicator });
    const { items, total } = await opened('urges');
    expect([total, items.map((item) => item.id)]).toEqual([2, [id, id]]);
    expect(items.map(({ counted }) => [counted!.agency!.code, counted!.at, counted!.dueAt, counted!.doneAt])).toEqual([
      [county, `${day}T09:01:00.000+08:00`, `${day}T09:06:00.000+08:00`, `${day}T09:11:00.000+08:00`],
      [county, `${day}T09:00:00.000+08:00`, `${day}T10:00:00.000+08:00`, `${day}T09:11:00.000+08:00`],
    ]);
    const inTime = await opened('urgeReplyOnTimeRate.numerator');
    expect(inTime.items.map(({ counted }) => counted!.dueAt)).toEqual([`${day}T10:00:00.000+08:00`]);
    expect((await opened('urgeReplyOnTimeRate.denominator')).total).toBe(2);
  });
});

describe('follow-ups', () => {
  /** Closes a case of medium risk: it is to be followed up after seven days. @returns its id, and that day */
  async function closed(by: 'county' | 'township' = 'county'): Promise<{ id: string; due: string }> {
    const id = await world.alert({ riskLevel: 'medium' });
    await world.must('county', id, 'accept');
    if (by === 'township') {
      await world.must('county', id, 'forward', { agency: township });
      await world.must('township', id, 'accept');
    }
    await world.must(by, id, 'attempts', world.attempt('call'));
    await world.must(by, id, 'outcome', outcome());
    if (by === 'township') await world.must('county', id, 'review', { decision: 'approve' });
    const due = new Date(world.app.clock.now().getTime() + 7 * DAY * 60_000 + 8 * 3_600_000);
    return { id, due: due.toISOString().slice(0, 10) };
  }

  const followUp = (id: string, by: Place = 'county'): Promise<unknown> =>
    world.must(by, id, 'follow-ups', { at: world.now, result: 'safe' });
  const told = async (due: string, tier = 'county', code: string = county): Promise<string> =>
    followUpsOf(await reports.row(tier, code, due));

  test('fall due at their moment, are overdue a day later, and stay so when they are made at last', async () => {
    const day = reports.nextDay();
    const { id, due } = await closed();
    reports.wait(7 * DAY - MILLISECOND);
    expect(await told(due)).toBe('due 0, done 0, overdue 0, 0/0');
    reports.wait(MILLISECOND);
    expect(await told(due)).toBe('due 1, done 0, overdue 0, 0/0');
    reports.wait(DAY - MILLISECOND);
    expect(await told(due)).toBe('due 1, done 0, overdue 0, 0/0');
    reports.wait(MILLISECOND);
    expect(await told(due)).toBe('due 1, done 0, overdue 1, 0/1');
    reports.wait(DAY);
    await followUp(id);
    expect(await told(due)).toBe('due 1, done 1, overdue 1, 0/1');
    await world.must('city', id, 'reopen', { reason: '仍在转账' });
    expect(await told(due)).toBe('due 1, done 1, overdue 1, 0/1');
    expect(await told(day)).toBe('due 0, done 0, overdue 0, 0/0');
  });

  test('made by a day after their moment are in time; made before it they count at once', async () => {
    reports.nextDay();
    const [last, early] = [await closed(), await closed()];
    reports.wait(DAY);
    await followUp(early.id);
    expect(await told(early.due)).toBe('due 1, done 1, overdue 0, 1/1');
    reports.wait(7 * DAY);
    await followUp(last.id);
    expect(await told(last.due)).toBe('due 2, done 2, overdue 0, 2/2');
    // Nobody planned this one.
    await followUp(last.id);
    expect(followUpsOf(await reports.total('county', last.due))).toBe('due 2, done 2, overdue 0, 2/2');
  });

  test('are of the agency that closed the case, whoever made them', async () => {
    reports.nextDay();
    const { id, due } = await closed('township');
    reports.wait(7 * DAY);
    await followUp(id, 'county');
    for (const [tier, code] of [
      ['township', township],
      ['county', county],
      ['city', city],
    ] as const)
      expect(await told(due, tier, code)).toBe('due 1, done 1, overdue 0, 1/1');
    expect(await told(due, 'township', PLACES.township2)).toBe('due 0, done 0, overdue 0, 0/0');
    const { items, total } = await reports.opened('township', { from: due, to: due, indicator: 'followUps.done' });
    expect([total, items.map((item) => item.id)]).toEqual([1, [id]]);
    expect(items[0]!.counted).toMatchObject({
      agency: { code: township },
      at: `${due}T09:00:00.000+08:00`,
      doneAt: `${due}T09:00:00.000+08:00`,
      result: 'safe',
      method: null,
    });
  });

  test('of a case that is reopened are none before their moment, wait within the day, and stay overdue after it', async () => {
    reports.nextDay();
    const [before, within, after] = [await closed(), await closed(), await closed()];
    const reopen = (id: string): Promise<unknown> => world.must('city', id, 'reopen', { reason: '仍在转账' });
    reports.wait(7 * DAY - MILLISECOND);
    await reopen(before.id);
    reports.wait(DAY);
    await reopen(within.id);
    reports.wait(MILLISECOND);
    await reopen(after.id);
    reports.wait(DAY);
    expect(await told(after.due)).toBe('due 2, done 0, overdue 1, 0/1');
  });
});

test('the file has their columns', async () => {
  const answer = await reports.ask('county', { from: '2023-06-01', to: '2023-12-31', format: 'csv' });
  const [header, ...rest] = answer.text
    .slice(1)
    .split('\r\n')
    .map((line) => line.split(','));
  const total = rest.find(([, name]) => name === '合计')!;
  const { total: figures } = await reports.report('county', { from: '2023-06-01', to: '2023-12-31' });
  const cells = Object.fromEntries(header!.map((title, index) => [title, total[index]]));
  expect(cells).toMatchObject({
    督办数: String(figures.urges),
    督办及时回复率: figures.urgeReplyOnTimeRate.rate!.toFixed(4),
    '督办及时回复率-分母': String(figures.urgeReplyOnTimeRate.denominator),
    '回访-到期': String(figures.followUps.due),
    '回访-已完成': String(figures.followUps.done),
    '回访-逾期': String(figures.followUps.overdue),
    '及时回访率-分子': String(figures.followUpOnTimeRate.numerator),
  });
  expect(figures.urges).toBeGreaterThan(8);
});
