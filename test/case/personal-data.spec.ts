import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createLogger } from '../../src/platform/log/logger.js';
import { signal } from '../support/app.js';
import { call, PLACES, World, type Answer, type Place } from './support.js';

/** A person, and everything that people write about one. */
const SUBJECT = {
  name: '欧阳隐庐',
  phone: '19913572468',
  idNumber: '411322196501011234',
  address: '南阳市方城县独树镇隐庐村八组十七号',
};
const SUSPECT = {
  phone: '17024681357',
  account: '6222029998887776665',
  app: '隐庐理财 9988776',
  url: 'https://x.example/19913572468',
};
const WITNESS = '李隐名';
/** Notes are sealed whole. */
const WORDS = '暗语:欧阳隐庐住隐庐村八组,电话 199 1357 2468';
/** Reasons and purposes stay readable in the history, with the person and long numbers hidden. */
const REASON = '事由:欧阳隐庐,199-1357-2468,住南阳市方城县独树镇隐庐村八组十七号';
/** What must be nowhere in clear. */
const SECRETS = [
  ...Object.values(SUBJECT),
  SUSPECT.phone,
  SUSPECT.account,
  SUSPECT.app,
  SUSPECT.url,
  WITNESS,
  '199 1357 2468',
  '199-1357-2468',
  '1991357',
];
const SEALED = [...SECRETS, '暗语'];

let world: World;
let id: string;
const logged: string[] = [];

/** Answers that are read by people or machines who did not ask for the person in clear. */
const answered: string[] = [];

const RETURN = { reason: 'wrong-info', note: WORDS };

beforeAll(async () => {
  const logger = createLogger('trace', { write: (line) => void logged.push(line) });
  world = await World.start(['city', 'county', 'county2', 'township', 'township2'], ['4113'], logger);
  await journey();
});
afterAll(() => world.stop());

async function give(
  place: Place,
  alertId: string,
  command: string,
  body: Record<string, unknown> = {},
): Promise<Answer> {
  const answer = await world.give(place, alertId, command, body, {
    'idempotency-key': `${command}-${answered.length}`,
  });
  if (answer.status > 201) throw new Error(`${command} by ${place}: ${answer.status} ${answer.text}`);
  answered.push(answer.text);
  return answer;
}

/** Every command, with words in each field that takes any. */
async function journey(): Promise<void> {
  const sent = signal({ subject: SUBJECT, suspect: SUSPECT, summary: WORDS, riskLevel: 'low' });
  const headers = { 'idempotency-key': 'signal-1' };
  const created = await call(world.app, world.feed, { method: 'POST', path: '/alerts', body: sent, headers });
  id = created.body.id;
  answered.push(created.text);
  const joined = await world.intake({ subject: SUBJECT, suspect: SUSPECT, summary: WORDS });
  answered.push(joined.text);
  await give('city', joined.body.id, 'unmerge', { reason: REASON });
  await give('city', joined.body.id, 'withdraw', { reason: REASON });
  await give('county', id, 'accept', { note: WORDS });
  await give('county', id, 'forward', { agency: PLACES.township, note: WORDS });
  await give('township', id, 'return', RETURN);
  await give('city', id, 'recall', { reason: REASON });
  await give('city', id, 'push', { agency: PLACES.county2, note: WORDS });
  await give('city', id, 'transfer', { agency: PLACES.county, reason: REASON, note: WORDS });
  await give('county', id, 'accept');
  await give('county', id, 'forward', { agency: PLACES.township });
  await give('city', id, 'urge', { note: WORDS });
  await give('township', id, 'accept');
  await give('township', id, 'reply', { note: WORDS });
  await give('township', id, 'escalate', { riskLevel: 'high', reason: REASON });
  const participants = [{ kind: 'village-cadre', name: WITNESS }];
  await give('township', id, 'attempts', world.attempt('visit', { participants, note: WORDS }));
  await give('township', id, 'outcome', { result: 'dissuaded', interceptedFen: 0, lossFen: 0, note: WORDS });
  await give('county', id, 'review', { decision: 'approve', note: WORDS });
  await give('county', id, 'reopen', { reason: REASON });
  await give('township', id, 'outcome', { result: 'dissuaded', interceptedFen: 0, lossFen: 0, note: WORDS });
  await give('county', id, 'review', { decision: 'approve', note: WORDS });
  await give('township', id, 'follow-ups', { at: world.now, result: 'safe', note: WORDS });
  const revealed = await world.give('township', id, 'reveal', { purpose: REASON }, { 'idempotency-key': 'reveal-1' });
  expect(revealed.body).toEqual({
    subject: { ...SUBJECT, group: 'none' },
    suspect: SUSPECT,
    summary: WORDS,
  });
  for (const place of ['city', 'county', 'county2', 'township'] as const) {
    for (const path of ['', '/timeline', '/assignments', '/signals']) {
      answered.push((await world.get(place, `/alerts/${id}${path}`)).text);
    }
    for (const path of ['/alerts', `/alerts?phone=${SUBJECT.phone}`, '/follow-ups?due=2023-07-01']) {
      answered.push((await world.get(place, path)).text);
    }
  }
  // What is refused tells nothing either.
  const phones = { subject: { ...SUBJECT, phone: '1991357246', [SUBJECT.phone]: 1 }, [SUBJECT.name]: 1 };
  answered.push(
    (await world.intake({ ...sent, summary: WORDS.repeat(99) })).text,
    (await world.intake({ ...sent, amountAtRiskFen: 7 })).text,
  );
  for (const body of [{ alerts: [{ ...sent, ...phones, [SUBJECT.name]: undefined }] }, { [SUBJECT.phone]: [] }]) {
    answered.push((await call(world.app, world.feed, { method: 'POST', path: '/alerts/batch', body })).text);
  }
  answered.push((await world.get('city', `/alerts?phone=${SUBJECT.phone}&colour=${SUBJECT.phone}`)).text);
  answered.push((await world.give('county', id, 'accept', { note: WORDS }, { 'if-match': `"${SUBJECT.phone}"` })).text);
}

/** A secret as it may lie about: itself, its bytes written in hexadecimal or base64, or a digest that anybody can make. */
function tracesOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const digests = ['md5', 'sha1', 'sha256', 'sha512'].map((name) => createHash(name).update(bytes).digest('hex'));
  return [
    secret,
    bytes.toString('hex'),
    bytes.toString('base64').replace(/=+$/, ''),
    ...digests.map((hex) => hex.slice(0, 32)),
  ];
}

const foundIn = (text: string, secrets = SECRETS): string[] =>
  secrets.filter((secret) => tracesOf(secret).some((trace) => text.includes(trace)));

it('no table holds any of it in clear, nor a digest that could be guessed', async () => {
  const tables = await world.sql<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'm')`,
  );
  expect(tables.length).toBeGreaterThan(15);
  for (const { name } of tables) {
    const rows = await world.sql<{ line: string }>(`SELECT t::text AS line FROM ${name} t`);
    expect([name, foundIn(rows.map(({ line }) => line).join('\n'), SEALED)]).toEqual([name, []]);
  }
});

it('nor do the files of the database, its indexes, its write-ahead log and its own log', async () => {
  const folder = process.env['SANJI_TEST_FOLDER'];
  // On a server that was given there are no files to look at.
  if (!folder || process.env['TEST_DATABASE_URL']) return;
  await world.sql('CHECKPOINT');
  const [{ oid }] = (await world.sql<{ oid: number }>(
    'SELECT oid::int FROM pg_database WHERE datname = current_database()',
  )) as [{ oid: number }];
  const needles = SEALED.map((secret) => Buffer.from(secret, 'utf8'));
  const searched: string[] = [];
  for (const part of [`data/base/${oid}`, 'data/pg_wal', '.']) {
    const place = join(folder, 'postgres', part);
    for (const name of await readdir(place)) {
      const file = join(place, name);
      if (!(await stat(file)).isFile()) continue;
      const bytes = await readFile(file);
      searched.push(name);
      expect([name, SEALED.filter((_, index) => bytes.includes(needles[index]!))]).toEqual([name, []]);
    }
  }
  expect(searched.length).toBeGreaterThan(50);
});

it('no log line tells of it, however much is logged', () => {
  expect(logged.length).toBeGreaterThan(50);
  expect(foundIn(logged.join(''), SEALED)).toEqual([]);
});

it('every answer but the opening of the record shows it masked', () => {
  expect(answered.length).toBeGreaterThan(50);
  expect(foundIn(answered.join('\n'))).toEqual([]);
});

it('the answers are masked as the contract says', async () => {
  const { body } = await world.get('township', `/alerts/${id}`);
  expect(body.subject).toEqual({
    name: '欧**庐',
    phone: '199****2468',
    idNumber: '411322********1234',
    address: expect.stringMatching(/^南阳市方城县独树镇\*+$/),
    group: 'none',
  });
  expect(body.suspect).toMatchObject({ phone: '170****1357', account: '6222 **** **** 6665' });
});

it('the history reads well to an officer: every line is a sentence in Chinese, whatever happened', async () => {
  const { items } = (await world.get('city', `/alerts/${id}/timeline?limit=200`)).body;
  const texts = (items as { text: string }[]).map(({ text }) => text);
  expect(texts.length).toBeGreaterThan(20);
  expect(texts.filter((text) => !/^\p{Script=Han}{2}/u.test(text))).toEqual([]);
  expect(texts.filter((text) => /undefined|null|NaN|Invalid|\[object|4113\d{2}/.test(text))).toEqual([]);
});

it('a feed reads back what it handed in without the person, and nothing of another source', async () => {
  const other = await world.app.feed('4113', ['bank']);
  const theirs = await call(world.app, other, {
    method: 'POST',
    path: '/alerts',
    body: signal({ source: 'bank', detectedAt: world.now }),
  });
  const own = await call(world.app, world.feed, { path: `/alerts/${id}` });
  expect(own.body).toMatchObject({ id, status: 'closed', source: 'national-platform' });
  for (const path of [
    '/alerts',
    '/alerts?sort=dueAt',
    '/alerts?queue=mine&sort=dueAt',
    '/alerts?status=assigned',
    '/alerts?count=true',
  ]) {
    const { body, text } = await call(world.app, world.feed, { path });
    expect([path, text.includes('"subject"') || text.includes('"summary"') || text.includes('"suspect"')]).toEqual([
      path,
      false,
    ]);
    const sources = (body.items as { source: string }[]).map(({ source }) => source);
    expect([path, sources.filter((source) => source !== 'national-platform')]).toEqual([path, []]);
  }
  expect((await call(world.app, world.feed, { path: '/alerts?count=true&sort=dueAt&source=bank' })).body).toMatchObject(
    { total: 0, items: [] },
  );
  expect((await call(world.app, world.feed, { path: `/alerts/${theirs.body.id}` })).status).toBe(404);
  expect((await call(world.app, world.feed, { path: `/alerts/${id}/timeline` })).status).toBe(403);
});

describe('opening the record', () => {
  it('is for the holder only: above, before and beside see it masked', async () => {
    const mine = await world.alert({ subject: { ...SUBJECT, phone: '13800009999', idNumber: undefined } });
    await world.must('city', mine, 'transfer', { agency: PLACES.county2, reason: '移交' });
    const purpose = { purpose: '核对' };
    expect((await world.give('city', mine, 'reveal', purpose)).status).toBe(403);
    expect((await world.give('county', mine, 'reveal', purpose)).status).toBe(403);
    expect((await world.give('township', mine, 'reveal', purpose)).status).toBe(404);
    expect((await world.get('county', `/alerts/${mine}`)).body.subject.name).toBe('欧**庐');
    expect((await world.give('county2', mine, 'reveal', { purpose: '' })).status).toBe(422);
    expect((await world.give('county2', mine, 'reveal', purpose)).body.subject.phone).toBe('13800009999');
  });

  it('is on the timeline and in the audit log, each time, also when it is asked for again with the same key', async () => {
    const before = await lines();
    const headers = { 'idempotency-key': 'reveal-2' };
    await world.give('township', id, 'reveal', { purpose: REASON }, headers);
    await world.give('township', id, 'reveal', { purpose: REASON }, headers);
    expect(await lines()).toEqual([before[0]! + 2, before[1]! + 2]);
    const [entry] = await world.sql<{ data: { purpose: string }; object: string }>(
      `SELECT data, object_id AS object FROM audit_entry WHERE action = 'alert.revealed' ORDER BY id DESC LIMIT 1`,
    );
    expect(entry).toMatchObject({ object: id, data: { purpose: expect.stringContaining('欧**庐') } });
    expect((await world.get('township', `/alerts/${id}/timeline`)).text).toContain('查看当事人信息');
  });

  async function lines(): Promise<number[]> {
    const [row] = await world.sql<{ events: number; audit: number }>(
      `SELECT (SELECT count(*) FROM event WHERE case_id = $1 AND type = 'revealed') AS events,
         (SELECT count(*) FROM audit_entry WHERE action = 'alert.revealed' AND object_id = $1::text) AS audit`,
      [id],
    );
    return [row!.events, row!.audit];
  }

  it('is limited per person, even for many requests at once', async () => {
    const mine = await world.alert();
    const answers = await Promise.all(
      Array.from({ length: 70 }, () => world.give('county', mine, 'reveal', { purpose: '核对' })),
    );
    const opened = answers.filter(({ status }) => status === 200);
    const limited = answers.filter(({ status }) => status === 429);
    expect([opened.length, limited.length]).toEqual([60, 10]);
    expect(Number(limited[0]!.headers['retry-after'])).toBeGreaterThan(0);
    world.app.clock.advanceMinutes(61);
    expect((await world.give('county', mine, 'reveal', { purpose: '核对' })).status).toBe(200);
  });
});
