import { outcome, PLACES } from '../case/support.js';
import { TierReportService } from '../../src/report/tier-report.service.js';
import type { Difference } from '../../src/verify/verify.result.js';
import { ReportWorld } from './support.js';

const { township } = PLACES;
let reports: ReportWorld;
let world: ReportWorld['world'];
/** One case of each kind; every test spoils one and mends it. */
const cases: Record<'assigned' | 'working' | 'pending' | 'closed' | 'withdrawn' | 'new' | 'merged', string> = {
  assigned: '',
  working: '',
  pending: '',
  closed: '',
  withdrawn: '',
  new: '',
  merged: '',
};

beforeAll(async () => {
  reports = await ReportWorld.start(['city', 'county', 'township'], ['4113']);
  ({ world } = reports);
  const phone = '13912340009';
  cases.assigned = await world.alert({ subject: { phone } });
  cases.merged = await world.alert({ subject: { phone } });
  cases.new = await world.alert({ divisionCode: undefined });
  cases.withdrawn = await world.alert();
  await world.must('city', cases.withdrawn, 'withdraw', { reason: '测试数据' });
  for (const name of ['working', 'pending', 'closed'] as const) {
    const id = (cases[name] = await world.alert({ riskLevel: 'high' }));
    await world.must('county', id, 'accept');
    await world.must('county', id, 'forward', { agency: township });
    await world.must('township', id, 'accept');
    await world.must('township', id, 'attempts', world.attempt('call'));
    await world.must('township', id, 'attempts', world.attempt('visit'));
    if (name !== 'working')
      await world.must(
        'township',
        id,
        'outcome',
        outcome({ interceptedFen: 500, interceptedBasis: 'transfer-cancelled' }),
      );
  }
  await world.must('county', cases.closed, 'review', { decision: 'approve' });
  await world.must('city', cases.working, 'urge', { note: '请立即上门', replyBy: '2023-06-01T12:00:00+08:00' });
  await world.sql('ALTER TABLE event DISABLE TRIGGER USER');
});

afterAll(() => world.stop());

/** Spoils what is stored as nobody but the owner of the database can, looks, and mends it. */
async function spoiled(change: string): Promise<readonly Difference[]> {
  await world.sql('CREATE TABLE saved_alert AS TABLE alert; CREATE TABLE saved_assignment AS TABLE assignment');
  for (const table of ['attempt', 'outcome', 'urge', 'follow_up', 'event', 'event_note'])
    await world.sql(`CREATE TABLE saved_${table} AS TABLE ${table}`);
  try {
    await world.sql(`BEGIN; SET LOCAL session_replication_role = replica; ${change}; COMMIT`);
    return (await reports.verify()).differences;
  } finally {
    await world.sql(`BEGIN; SET LOCAL session_replication_role = replica;
      DELETE FROM event_note; DELETE FROM event; DELETE FROM follow_up; DELETE FROM urge; DELETE FROM outcome; DELETE FROM attempt;
      DELETE FROM assignment; DELETE FROM alert;
      INSERT INTO alert TABLE saved_alert; INSERT INTO assignment TABLE saved_assignment; INSERT INTO attempt TABLE saved_attempt;
      INSERT INTO outcome TABLE saved_outcome; INSERT INTO follow_up TABLE saved_follow_up; INSERT INTO urge TABLE saved_urge;
      INSERT INTO event TABLE saved_event; INSERT INTO event_note TABLE saved_event_note; COMMIT;
      DROP TABLE saved_alert, saved_assignment, saved_attempt, saved_outcome, saved_urge, saved_follow_up, saved_event, saved_event_note`);
  }
}

test('nothing is found where nothing is wrong, and the result says how much was looked at', async () => {
  const result = await reports.verify();
  expect(result).toMatchObject({
    alerts: 7,
    differences: [],
    found: 0,
    // Three tiers and two funds reports for each of two periods, and the townships' totals of 15 counties.
    reports: 40,
    asOf: '2023-06-01T09:30:00.000+08:00',
  });
  // Of all time and of a month: rows and totals of the three tiers, then rows, totals and `own` of the funds report's two.
  const tierFigures = 2 * (1 + 1 + 15 + 1 + 256 + 1) * (69 + 26);
  const fundFigures = (15 + 2 + 256 + 2) * (31 + 28) + 2 * 2 * 3;
  const countyTotals = 2 * 15 * 69;
  expect(result.figures).toBe(tierFigures + fundFigures + countyTotals);
});

describe('what somebody changed behind the application’s back is found at its exact place:', () => {
  const id = (name: keyof typeof cases): string => `'${cases[name]}'`;
  const ALERT: [what: string, change: () => string, found: string][] = [
    [
      'a status',
      () => `UPDATE alert SET status = 'in_progress', accept_due_at = NULL WHERE id = ${id('assigned')}`,
      'status, by its history',
    ],
    [
      'an open hop that is closed',
      () =>
        `UPDATE assignment SET ended_at = assigned_at, ended_how = 'recall' WHERE alert_id = ${id('working')} AND ended_at IS NULL`,
      'open assignments',
    ],
    [
      'a hop that is gone',
      () => `DELETE FROM assignment WHERE alert_id = ${id('pending')} AND hop = 2`,
      'open assignments',
    ],
    [
      'an open hop of a case that is done',
      () => `UPDATE assignment SET ended_at = NULL, ended_how = NULL WHERE alert_id = ${id('closed')} AND hop = 2`,
      'open assignments',
    ],
    [
      'another holder',
      () => `UPDATE alert SET holder_id = city_id WHERE id = ${id('assigned')}`,
      'agency of the open assignment',
    ],
    [
      'an agency that never held it',
      () => `UPDATE alert SET held_by = held_by || city_id WHERE id = ${id('working')}`,
      'agencies that held it',
    ],
    [
      'a counted attempt too many',
      () => `UPDATE alert SET call_attempts = call_attempts + 1 WHERE id = ${id('working')}`,
      'call attempts',
    ],
    [
      'an attempt that is gone',
      () => `DELETE FROM attempt WHERE alert_id = ${id('working')} AND method = 'visit'`,
      'visit attempts',
    ],
    [
      'an attempt made earlier than it was',
      () => `UPDATE attempt SET at = at - interval '1 hour' WHERE alert_id = ${id('working')} AND method = 'call'`,
      'first call',
    ],
    [
      'an attempt that reached nobody',
      () => `UPDATE attempt SET reached = false WHERE alert_id = ${id('closed')} AND method = 'call'`,
      'attempt ',
    ],
    [
      'a limit that was moved',
      () => `UPDATE alert SET next_due_at = next_due_at + interval '1 hour' WHERE id = ${id('assigned')}`,
      'next due',
    ],
    [
      'a clock met that was not',
      () => `UPDATE alert SET feedback_met_at = received_at, feedback_met_by = holder_id WHERE id = ${id('working')}`,
      'first outcome',
    ],
    ['another result', () => `UPDATE alert SET result = 'refused' WHERE id = ${id('closed')}`, 'result'],
    [
      'money that grew',
      () => `UPDATE outcome SET intercepted_fen = 50000 WHERE alert_id = ${id('closed')}`,
      'outcome ',
    ],
    [
      'a second outcome taken away',
      () => `UPDATE outcome SET voided_at = decided_at WHERE alert_id = ${id('closed')}`,
      'outcomes that stand',
    ],
    [
      'an outcome under review that is decided',
      () => `UPDATE outcome SET decision = 'reject', decided_at = submitted_at WHERE alert_id = ${id('pending')}`,
      'outcomes that wait for review',
    ],
    ['an urge that was answered', () => `UPDATE urge SET ended_at = urged_at`, 'open urges'],
    ['a reply that nobody gave', () => `UPDATE urge SET replied_at = urged_at, ended_at = urged_at`, 'urge '],
    ['an urge to somebody else', () => `UPDATE urge SET to_agency_id = by_agency_id`, 'urge '],
    ['more time to reply', () => `UPDATE urge SET reply_by = reply_by + interval '1 hour'`, 'urge '],
    [
      'a follow-up put off',
      () => `UPDATE follow_up SET due_at = due_at + interval '1 day' WHERE alert_id = ${id('closed')}`,
      'planned follow-ups, by its history',
    ],
    [
      'a follow-up laid on somebody else',
      () =>
        `UPDATE follow_up f SET agency_id = a.city_id FROM alert a WHERE a.id = f.alert_id AND a.id = ${id('closed')}`,
      'planned follow-ups, by its history',
    ],
    [
      'a follow-up that is gone',
      () => `DELETE FROM follow_up WHERE alert_id = ${id('closed')}`,
      'follow-up 72 h after closing',
    ],
    [
      'a mark',
      () => `UPDATE alert SET defrauded_after_warning = true WHERE id = ${id('closed')}`,
      'defrauded after warning',
    ],
    [
      'a lower level',
      () => `UPDATE alert SET risk_level = 'low' WHERE id = ${id('working')}`,
      'risk level, by its history',
    ],
    ['a return that never was', () => `UPDATE alert SET returns = 1 WHERE id = ${id('working')}`, 'returns'],
    [
      'a withdrawn case that is held',
      () => `UPDATE alert SET holder_id = city_id WHERE id = ${id('withdrawn')}`,
      'holder',
    ],
    [
      'a merge into what is merged',
      () => `UPDATE alert SET merged_into = ${id('merged')} WHERE id = ${id('merged')}`,
      'the alert it joined is itself merged',
    ],
    [
      'an earlier receipt',
      () => `UPDATE alert SET received_at = received_at - interval '40 days' WHERE id = ${id('new')}`,
      'received, by its history',
    ],
  ];

  test.each(ALERT)('%s', async (_, change, found) => {
    const differences = await spoiled(change());
    expect(differences.map(({ what }) => what).filter((what) => what.startsWith(found))).not.toEqual([]);
    expect(differences[0]!.where).toMatch(/4113-20230601-\d{6}/);
  });

  test.each([
    [
      'changed',
      () =>
        `UPDATE event SET data = replace(data, 'call', 'sms') WHERE case_id = ${id('working')} AND type = 'attempted'`,
      'event-changed',
    ],
    [
      'changed into no JSON',
      () => `UPDATE event SET data = '{' WHERE case_id = ${id('working')} AND seq = 2`,
      'event-changed',
    ],
    ['taken out', () => `DELETE FROM event WHERE case_id = ${id('closed')} AND seq = 3`, 'event-missing'],
    ['cut off at the end', () => `DELETE FROM event WHERE case_id = ${id('withdrawn')} AND seq = 2`, 'head-differs'],
  ])('an event %s', async (_, change, found) => {
    const differences = await spoiled(change());
    expect(differences.map(({ what }) => what)).toContain(found);
  });
});

test('a figure that a recount does not give is told with report, row and field', async () => {
  const service = world.app.app.get(TierReportService, { strict: false });
  const honest = service.report.bind(service);
  service.report = async (...args) => {
    const report = await honest(...args);
    if (report.tier === 'county')
      report.rows.find(({ agency }) => agency.code === PLACES.county)!.visitRate.numerator += 1;
    return report;
  };
  try {
    const { differences, found } = await reports.verify(['2023-06']);
    expect(found).toBe(2);
    expect(differences[1]).toEqual({
      where: `report of 4113, county, 2023-06, row ${PLACES.county}`,
      what: 'visitRate.numerator',
      expected: '3',
      found: '4',
    });
  } finally {
    service.report = honest;
  }
});

test('of very many differences the first are told and all are counted', async () => {
  await world.sql('UPDATE alert SET sms_attempts = sms_attempts + 1');
  try {
    const { differences, found } = await world.app.app
      .get((await import('../../src/verify/verify.service.js')).VerifyService, { strict: false })
      .verify({ most: 3 });
    expect([differences.length, found]).toEqual([3, 7]);
  } finally {
    await world.sql('UPDATE alert SET sms_attempts = sms_attempts - 1');
  }
});
