import { jest } from '@jest/globals';
import { PasswordHasher } from '../../src/identity/password.hasher.js';
import { PASSWORD, World, told, type Instance } from './support.js';

let world: World;
let one: Instance;

/** A user of an agency, for this test alone. */
let name: string;
let id: string;
let serial = 0;

beforeAll(async () => {
  world = await World.create();
  one = await world.instance();
  await one.seed('6202');
});

beforeEach(async () => {
  name = `li.jing.${++serial}`;
  ({ id } = await one.addUser(name, '620201', ['officer']));
});

afterAll(() => world.drop());

const WRONG = 'Wrong-4-word-Xyz';

async function fail(username: string, times: number): Promise<void> {
  for (let i = 0; i < times; i++) expect(told(await one.login(username, WRONG))).toEqual([401, 'sign-in-failed']);
}

test('a user signs in by name, in whatever case, and is told who they are', async () => {
  const { id } = await one.addUser('wang.min', '620201', ['officer', 'supervisor'], { displayName: '王敏' });
  const { status, body } = await one.login('Wang.Min');
  expect(status).toBe(200);
  expect(body).toMatchObject({
    tokenType: 'Bearer',
    expiresIn: 900,
    user: {
      kind: 'user',
      id,
      username: 'wang.min',
      displayName: '王敏',
      agency: { code: '620201', name: '嘉峪关市公安局', tier: 'county' },
      roles: ['officer', 'supervisor'],
      sources: null,
      obligation: null,
      totpEnabled: false,
    },
  });
  const me = await one.ask('GET', '/auth/me', { token: body['accessToken'] as string });
  expect([me.status, me.body]).toEqual([200, body['user']]);
});

test('five failures lock the account for 15 minutes, and the right password does not help before', async () => {
  await fail(name, 5);
  expect(told(await one.login(name))).toEqual([401, 'sign-in-failed']);
  world.clock.advanceMinutes(14.9);
  expect(told(await one.login(name))).toEqual([401, 'sign-in-failed']);
  world.clock.advanceMinutes(0.1);
  expect((await one.login(name)).status).toBe(200);
});

test('a success forgets the failures before it, and so does a lock that has ended', async () => {
  await fail(name, 4);
  expect((await one.login(name)).status).toBe(200);
  await fail(name, 4);
  expect((await one.login(name)).status).toBe(200);
  await fail(name, 5);
  world.clock.advanceMinutes(15);
  await fail(name, 4);
  expect((await one.login(name)).status).toBe(200);
});

test('failures at once are each counted: a sixth attempt with the right password fails', async () => {
  await Promise.all(Array.from({ length: 5 }, () => one.login(name, WRONG)));
  expect(told(await one.login(name))).toEqual([401, 'sign-in-failed']);
});

test('the lock of failures ends open sessions', async () => {
  const { accessToken, refreshToken } = await one.signIn(name);
  await fail(name, 5);
  expect(await one.me(accessToken)).toEqual([401, 'session-ended']);
  expect(told(await one.ask('POST', '/auth/refresh', { body: { refreshToken } }))).toEqual([
    401,
    'refresh-token-invalid',
  ]);
});

test('wrong password, unknown name and locked account are told alike, and each costs one verified hash', async () => {
  const locked = await one.addUser('locked', '620201', ['officer']);
  await one.users.lockAccount(await one.system('6202'), locked.id);
  const hasher = one.app.get(PasswordHasher);
  const verified = jest.spyOn(hasher, 'verify');
  const answers = [];
  for (const [username, password] of [
    [name, WRONG],
    ['nobody.here', WRONG],
    ['locked', WRONG],
    ['locked', PASSWORD],
  ] as const) {
    const { status, body, headers } = await one.login(username, password);
    const { requestId: _requestId, ...rest } = body;
    answers.push({ status, body: rest, names: Object.keys(headers).sort() });
  }
  expect(answers[0]!.status).toBe(401);
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  // Without an account there is no hash of its own: the dummy is verified, and never matches.
  expect(verified.mock.calls.map(([stored]) => stored === null)).toEqual([false, true, false, false]);
});

test('the dummy hash costs as much as a real one and matches nothing', async () => {
  const hasher = new PasswordHasher();
  const hash = await hasher.hash(PASSWORD);
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await hasher.verify(hash, PASSWORD)).toBe(true);
  expect(await hasher.verify(hash, `${PASSWORD}!`)).toBe(false);
  expect(await hasher.verify(null, PASSWORD)).toBe(false);
  const dummy = (hasher as unknown as { dummy: Promise<string> }).dummy;
  expect(await dummy).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

test('one address that keeps failing is slowed down with Retry-After; who succeeds is not counted', async () => {
  const strict = await world.instance({}, { failuresPerAddress: 3, failuresPerAddressAndMinute: 2 });
  for (let i = 0; i < 5; i++) expect((await strict.login(name)).status).toBe(200);
  for (let i = 0; i < 3; i++) expect((await strict.login(`nobody${i}`, WRONG)).status).toBe(401);
  const slowed = await strict.login(name);
  expect(told(slowed)).toEqual([429, 'too-many-requests']);
  expect(slowed.headers['retry-after']).toBe('30');
  world.clock.advanceMinutes(0.5);
  expect((await strict.login(name)).status).toBe(200);
});

test('what is wrong with a sign-in request is named, and nothing of it is repeated', async () => {
  const { status, body } = await one.ask('POST', '/auth/login', { body: { username: 'a', password: 7, otp: '1' } });
  expect(status).toBe(422);
  expect((body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer).sort()).toEqual([
    '/otp',
    '/password',
    '/password',
  ]);
});

test('the audit log has successes, failures and locks, with names of existing accounts only and no password', async () => {
  await one.login(name);
  await fail(name, 5);
  // A password typed into the field of the name.
  const body = { username: PASSWORD, password: name };
  await one.ask('POST', '/auth/login', { body, headers: { 'x-request-id': 'swapped' } });
  const rows = await one.database.source.query<Record<string, unknown>[]>(
    `SELECT action, actor_name, object_id, agency_path, data, address FROM audit_entry
     WHERE action LIKE 'login.%' AND (object_id = $1 OR request_id = 'swapped') ORDER BY action DESC, data::text DESC`,
    [id],
  );
  const until = new Date(world.clock.now().getTime() + 15 * 60_000).toISOString();
  const failed = {
    action: 'login.failed',
    actor_name: null,
    object_id: id,
    agency_path: '6202/620201',
    data: { username: name, reason: 'wrong-password' },
    address: '127.0.0.1',
  };
  expect(rows).toEqual([
    { ...failed, action: 'login.succeeded', actor_name: name, data: { by: 'password' } },
    { ...failed, action: 'login.locked', data: { username: name, until } },
    ...Array(5).fill(failed),
    { ...failed, object_id: null, agency_path: '', data: { reason: 'unknown-account' } },
  ]);
  expect(JSON.stringify(rows)).not.toContain(PASSWORD.toLowerCase());
});

test('users of a closed agency do not get in, and those who are in are out', async () => {
  const { accessToken } = await one.signIn(name);
  const county = await one.system('620201');
  await one.database.source.query(`UPDATE agency SET active = false WHERE id = $1`, [county.agency.id]);
  const fresh = await world.instance();
  expect(told(await fresh.login(name))).toEqual([401, 'agency-closed']);
  expect(await fresh.me(accessToken)).toEqual([401, 'agency-closed']);
  await one.database.source.query(`UPDATE agency SET active = true WHERE id = $1`, [county.agency.id]);
});
