import { totpCode } from '../../src/identity/totp.rules.js';
import { TotpService } from '../../src/identity/totp.service.js';
import { Keyring } from '../../src/platform/crypto/keyring.js';
import { PASSWORD, World, told, type Answer, type Instance } from './support.js';

let world: World;
let one: Instance;
let name: string;
let serial = 0;
let keys: string;

beforeAll(async () => {
  world = await World.create();
  keys = Keyring.generate('k1');
  one = await world.instance({ totpRequiredRoles: ['admin'] }, {}, keys);
  await one.seed('6202');
});

afterAll(() => world.drop());

beforeEach(async () => {
  name = `li.jing.${++serial}`;
  await one.addUser(name, '620201', ['officer']);
});

const code = (secret: string): string => totpCode(secret, world.clock.now());

function post(path: string, token: string, body: unknown): Promise<Answer> {
  return one.ask('POST', path, { token, body });
}

/** Sets up a second factor and gives its secret; its first code is used up. */
async function enrol(username: string): Promise<string> {
  const token = await one.token(username);
  const { body } = await post('/auth/totp', token, { password: PASSWORD });
  const secret = body['secret'] as string;
  expect((await post('/auth/totp/confirm', token, { code: code(secret) })).status).toBe(204);
  return secret;
}

test('once confirmed, signing in takes a code, each good once', async () => {
  const secret = await enrol(name);
  expect(told(await one.login(name))).toEqual([401, 'totp-needed']);
  // The code that confirmed is used up.
  expect(told(await one.login(name, PASSWORD, code(secret)))).toEqual([401, 'totp-needed']);
  world.clock.advanceMinutes(0.5);
  const signedIn = await one.login(name, PASSWORD, code(secret));
  expect([signedIn.status, signedIn.body['user']]).toMatchObject([200, { totpEnabled: true, obligation: null }]);
  expect(told(await one.login(name, PASSWORD, code(secret)))).toEqual([401, 'totp-needed']);
  world.clock.advanceMinutes(0.5);
  expect((await one.login(name, PASSWORD, code(secret))).status).toBe(200);
});

test('one code signs in one of several at once', async () => {
  const secret = await enrol(name);
  world.clock.advanceMinutes(0.5);
  const answers = await Promise.all(Array.from({ length: 4 }, () => one.login(name, PASSWORD, code(secret))));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401]);
});

test('before it is confirmed it is not asked for', async () => {
  const token = await one.token(name);
  expect((await post('/auth/totp', token, { password: PASSWORD })).status).toBe(200);
  expect((await post('/auth/totp/confirm', token, { code: '000000' })).status).toBe(422);
  expect((await one.login(name)).status).toBe(200);
});

test('wrong codes lock the account like wrong passwords; being asked for one does not', async () => {
  const secret = await enrol(name);
  world.clock.advanceMinutes(0.5);
  for (let i = 0; i < 6; i++) expect(told(await one.login(name))).toEqual([401, 'totp-needed']);
  const wrong = String((Number(code(secret)) + 1) % 1_000_000).padStart(6, '0');
  for (let i = 0; i < 5; i++) expect(told(await one.login(name, PASSWORD, wrong))).toEqual([401, 'totp-needed']);
  expect(told(await one.login(name, PASSWORD, code(secret)))).toEqual([401, 'sign-in-failed']);
});

test('without the right password nothing is told about a second factor', async () => {
  const secret = await enrol(name);
  world.clock.advanceMinutes(0.5);
  expect(told(await one.login(name, 'Wrong-4-word-Xyz', code(secret)))).toEqual([401, 'sign-in-failed']);
  expect((await one.login(name, PASSWORD, code(secret))).status).toBe(200);
});

test('setting it up takes the password, giving it up takes a code', async () => {
  const token = await one.token(name);
  expect((await post('/auth/totp', token, { password: 'Wrong-4-word-Xyz' })).body['errors']).toEqual([
    { pointer: '/password', message: 'is not your password' },
  ]);
  expect(told(await post('/auth/totp/confirm', token, { code: '123456' }))).toEqual([409, 'totp-state']);
  expect(told(await post('/auth/totp/disable', token, { code: '123456' }))).toEqual([409, 'totp-state']);
  const secret = await enrol(name);
  expect(told(await post('/auth/totp', token, { password: PASSWORD }))).toEqual([409, 'totp-state']);
  expect(told(await post('/auth/totp/disable', token, { code: code(secret) }))).toEqual([422, 'invalid']);
  world.clock.advanceMinutes(0.5);
  expect((await post('/auth/totp/disable', token, { code: code(secret) })).status).toBe(204);
  expect((await one.login(name)).status).toBe(200);
});

test('a stolen token does not serve to guess codes', async () => {
  await enrol(name);
  world.clock.advanceMinutes(0.5);
  const secondFactor = await one.database.source.query(
    `SELECT 1 FROM user_account WHERE username = $1 AND totp_last_step IS NOT NULL`,
    [name],
  );
  expect(secondFactor).toHaveLength(1);
  const other = `${name}.x`;
  await one.addUser(other, '620201', ['officer']);
  const secret = await enrol(other);
  world.clock.advanceMinutes(0.5);
  const token = (await one.login(other, PASSWORD, code(secret))).body['accessToken'] as string;
  const wrong = String((Number(code(secret)) + 7) % 1_000_000).padStart(6, '0');
  for (let i = 0; i < 5; i++) expect((await post('/auth/totp/disable', token, { code: wrong })).status).toBe(422);
  expect(await one.me(token)).toEqual([401, 'session-ended']);
});

test('a role that needs one is held to it, and cannot give it up', async () => {
  const admin = `admin.${serial}`;
  await one.addUser(admin, '6202', ['admin']);
  const token = await one.token(admin);
  expect((await one.ask('GET', '/auth/me', { token })).body).toMatchObject({ obligation: 'enrol-totp' });
  expect(told(await one.ask('GET', '/api-keys', { token }))).toEqual([403, 'totp-enrolment-required']);
  const secret = await enrol(admin);
  expect((await one.ask('GET', '/api-keys', { token })).status).toBe(200);
  world.clock.advanceMinutes(0.5);
  expect(told(await post('/auth/totp/disable', token, { code: code(secret) }))).toEqual([409, 'totp-required-by-role']);
});

test('a reset by a security administrator takes it away, for whoever lost the device', async () => {
  await enrol(name);
  const system = await one.system('6202');
  const { id } = await one.users.getByName(system, name);
  const { password } = await one.users.reset(system, id);
  expect((await one.login(name, password)).body).toMatchObject({
    user: { totpEnabled: false, obligation: 'change-password' },
  });
});

test('secrets are sealed, and sealed anew when the key changes', async () => {
  const secret = await enrol(name);
  const rows = await one.database.source.query<{ totp_sealed: Buffer }[]>(
    `SELECT totp_sealed FROM user_account WHERE username = $1`,
    [name],
  );
  expect(rows[0]!.totp_sealed.includes(secret)).toBe(false);
  expect(Keyring.keyIdOf(rows[0]!.totp_sealed)).toBe('k1');

  const rotated = await world.instance({}, {}, `${Keyring.generate('k2')},${keys}`);
  const resealed = await rotated.app.get(TotpService).reseal();
  expect(resealed).toBeGreaterThan(0);
  expect(await rotated.app.get(TotpService).reseal()).toBe(0);
  const ids = await one.database.source.query<{ totp_sealed: Buffer }[]>(
    `SELECT totp_sealed FROM user_account WHERE totp_sealed IS NOT NULL`,
  );
  expect(new Set(ids.map(({ totp_sealed }) => Keyring.keyIdOf(totp_sealed)))).toEqual(new Set(['k2']));
  world.clock.advanceMinutes(0.5);
  expect((await rotated.login(name, PASSWORD, code(secret))).status).toBe(200);
});
