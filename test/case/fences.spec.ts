import pg from 'pg';
import { systemCaller } from '../../src/identity/caller.js';
import { OrganizationRegistry } from '../../src/organization/organization.registry.js';
import { Database } from '../../src/platform/database/database.js';
import { ChainVerifier, type ChainBreak } from '../../src/timeline/chain.verifier.js';
import { FALSE_ALARM, World } from './support.js';

let world: World;
beforeAll(async () => {
  world = await World.start(['city', 'county'], ['4113']);
});
afterAll(() => world.stop());

/** The error code of a statement, run as the application's role or as the owner of the tables; undone either way. */
async function refusal(statement: string, values: unknown[], asOwner = false): Promise<string> {
  const client = new pg.Client({ connectionString: world.app.database.url });
  await client.connect();
  try {
    await client.query(`BEGIN${asOwner ? '' : '; SET LOCAL ROLE sanji_app'}`);
    const { rowCount } = await client.query(statement, values);
    return `${rowCount} rows`;
  } catch (error) {
    const { constraint, code } = error as { constraint?: string; code?: string };
    return constraint ?? code ?? String(error);
  } finally {
    await client.end();
  }
}

describe('the database itself refuses', () => {
  const PRIVILEGE = '42501';
  let id: string;
  let closed: string;
  beforeAll(async () => {
    id = await world.alert();
    await world.must('county', id, 'accept');
    closed = await world.alert();
    await world.must('county', closed, 'accept');
    await world.must('county', closed, 'outcome', FALSE_ALARM);
  });

  it('a second open hop of a case', async () => {
    const second = `INSERT INTO assignment (alert_id, hop, agency_id, how, first_here, assigned_at)
      SELECT alert_id, 2, agency_id, how, false, assigned_at FROM assignment WHERE alert_id = $1`;
    expect(await refusal(second, [id])).toBe('assignment_one_open_uq');
  });

  it('a second open alert of a person', async () => {
    const same = `UPDATE alert SET phone_ix = (SELECT phone_ix FROM alert WHERE id = $1) WHERE id = $2`;
    const other = await world.alert();
    expect(await refusal(same, [id, other])).toBe('alert_open_phone_uq');
    expect(await refusal(same, [closed, other])).toBe('1 rows');
  });

  it.each([
    [`UPDATE alert SET status = 'lost' WHERE id = $1`, 'alert_status_ck'],
    [`UPDATE alert SET status = 'closed', ended_at = now() WHERE id = $1`, 'alert_result_closed_ck'],
    [`UPDATE alert SET status = 'merged' WHERE id = $1`, 'alert_merged_ck'],
    [`UPDATE alert SET holder_id = NULL WHERE id = $1`, 'alert_holder_ck'],
    [`UPDATE alert SET risk_level = 'extreme' WHERE id = $1`, 'alert_risk_ck'],
    [`UPDATE alert SET amount_at_risk_fen = -1 WHERE id = $1`, 'alert_amount_ck'],
    [`UPDATE assignment SET ended_how = 'lost', ended_at = now() WHERE alert_id = $1`, 'assignment_ended_how_ck'],
    [
      `UPDATE assignment SET ended_at = assigned_at - interval '1 s', ended_how = 'closed' WHERE alert_id = $1`,
      'assignment_order_ck',
    ],
    [`DELETE FROM alert WHERE id = $1`, PRIVILEGE],
    [`DELETE FROM assignment WHERE alert_id = $1`, PRIVILEGE],
  ])('%s', async (statement, constraint) => {
    expect(await refusal(statement, [id])).toBe(constraint);
  });

  it.each([
    [
      `UPDATE outcome SET intercepted_fen = 5, intercepted_basis = 'bank-blocked' WHERE alert_id = $1`,
      'outcome_money_ck',
    ],
    [`UPDATE outcome SET loss_fen = -1 WHERE alert_id = $1`, 'outcome_loss_ck'],
    [`UPDATE attempt SET at = now() WHERE alert_id = $1`, '0 rows'],
  ])(
    '%s: the application may not touch what was reported, and nobody may falsify it',
    async (statement, constraint) => {
      expect(await refusal(statement, [closed])).toBe(PRIVILEGE);
      expect(await refusal(statement, [closed], true)).toBe(constraint);
    },
  );

  it.each([
    [`UPDATE event SET data = '{}' WHERE case_id = $1`],
    [`DELETE FROM event WHERE case_id = $1`],
    [`TRUNCATE event CASCADE`],
  ])('history: %s, even to the owner of the tables', async (statement) => {
    const values = statement.includes('$1') ? [id] : [];
    expect(await refusal(statement, values)).toBe(PRIVILEGE);
    expect(await refusal(statement, values, true)).toBe(PRIVILEGE);
  });

  it('the application to make tables or drop what guards them', async () => {
    expect(await refusal('DROP TRIGGER event_append_only ON event', [])).toBe(PRIVILEGE);
    expect(await refusal('ALTER TABLE event DISABLE TRIGGER ALL', [])).toBe(PRIVILEGE);
    expect(await refusal('CREATE TABLE mine (a int)', [])).toBe(PRIVILEGE);
  });
});

describe('a history that was tampered with by somebody who owns the tables', () => {
  const told = async (): Promise<ChainBreak[]> => {
    const { app } = world.app;
    const city = (await app.get(OrganizationRegistry).current()).byCode('4113')!;
    const { session } = systemCaller(city);
    return (await app.get(Database).read(session, (tx) => app.get(ChainVerifier, { strict: false }).verify(tx))).breaks;
  };
  const tamper = async (...statements: string[]): Promise<void> => {
    await world.sql('ALTER TABLE event DISABLE TRIGGER ALL');
    for (const statement of statements) await world.sql(statement);
    await world.sql('ALTER TABLE event ENABLE TRIGGER ALL');
  };
  /** A case with four events, two with words. */
  const make = async (): Promise<string> => {
    const id = await world.alert();
    await world.must('county', id, 'accept', { note: '第一' });
    await world.must('county', id, 'escalate', { riskLevel: 'urgent', reason: '急' });
    await world.must('county', id, 'return', { reason: 'other', note: '第二' });
    return id;
  };

  it.each<[string, (id: string) => string[], ChainBreak['what'], number]>([
    [
      'changed facts',
      (id) => [`UPDATE event SET data = replace(data, 'urgent', 'high') WHERE case_id = '${id}' AND seq = 3`],
      'event-changed',
      3,
    ],
    [
      'another actor',
      (id) => [`UPDATE event SET actor_id = gen_random_uuid() WHERE case_id = '${id}' AND seq = 2`],
      'event-changed',
      2,
    ],
    [
      'another time',
      (id) => [`UPDATE event SET at = at - interval '1 ms' WHERE case_id = '${id}' AND seq = 4`],
      'event-changed',
      4,
    ],
    ['a missing event', (id) => [`DELETE FROM event WHERE case_id = '${id}' AND seq = 3`], 'event-missing', 4],
    [
      'a missing end',
      (id) => [
        `DELETE FROM event_note WHERE case_id = '${id}' AND seq = 4`,
        `DELETE FROM event WHERE case_id = '${id}' AND seq = 4`,
      ],
      'head-differs',
      4,
    ],
    [
      'another order',
      (id) => [
        `UPDATE event SET seq = 30 WHERE case_id = '${id}' AND seq = 3`,
        `UPDATE event SET seq = 3 WHERE case_id = '${id}' AND seq = 1`,
        `UPDATE event SET seq = 1 WHERE case_id = '${id}' AND seq = 30`,
      ],
      'event-changed',
      1,
    ],
    [
      'other words',
      (id) => [
        `UPDATE event_note n SET sealed = o.sealed FROM event_note o WHERE n.case_id = '${id}' AND o.case_id = n.case_id AND n.seq = 2 AND o.seq = 4`,
      ],
      'note-changed',
      2,
    ],
    ['words taken out', (id) => [`DELETE FROM event_note WHERE case_id = '${id}' AND seq = 2`], 'note-missing', 2],
    [
      'no history at all',
      (id) => [`DELETE FROM event_note WHERE case_id = '${id}'`, `DELETE FROM event WHERE case_id = '${id}'`],
      'case-without-history',
      4,
    ],
  ])('shows: %s', async (_what, statements, what, seq) => {
    const before = await told();
    const id = await make();
    expect(await told()).toEqual(before);
    await tamper(...statements(id));
    const fresh = (await told()).filter(({ caseId }) => caseId === id);
    expect(fresh[0]).toEqual({ caseId: id, seq, what });
  });
});
