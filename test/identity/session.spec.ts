import { Authenticator } from '../../src/identity/authenticator.js';
import { SessionService } from '../../src/identity/session.service.js';
import { CacheBus } from '../../src/platform/database/shared-cache.js';
import { PASSWORD, World, told, until, type Answer, type Instance } from './support.js';

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

function refresh(refreshToken: unknown, at = one): Promise<Answer> {
  return at.ask('POST', '/auth/refresh', { body: { refreshToken } });
}

describe('access tokens', () => {
  test('live for 15 minutes of the injected clock, remembered or not', async () => {
    const token = await one.token(name);
    expect(await one.me(token)).toEqual([200]);
    world.clock.advanceMinutes(14.99);
    expect(await one.me(token)).toEqual([200]);
    world.clock.advanceMinutes(0.01);
    expect(await one.me(token)).toEqual([401, 'token-expired']);
    expect(await one.me(token)).toEqual([401, 'token-expired']);
    const { headers } = await one.ask('GET', '/auth/me', { token });
    expect(headers['www-authenticate']).toBe(
      'Bearer realm="sanji", error="invalid_token", error_description="The access token has expired"',
    );
  });

  test('that were changed, or are none, are refused', async () => {
    const token = await one.token(name);
    const [header, payload, signature] = token.split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const forged = Buffer.from(JSON.stringify({ ...claims, exp: 4_000_000_000 })).toString('base64url');
    const unsigned = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
    for (const wrong of [`${header}.${forged}.${signature}`, `${unsigned}.${payload}.`, 'rubbish', `${token}x`]) {
      expect(await one.me(wrong)).toEqual([401, 'token-invalid']);
    }
  });

  test('carry neither roles nor names', async () => {
    const payload = Buffer.from((await one.token(name)).split('.')[1]!, 'base64url').toString();
    expect(Object.keys(JSON.parse(payload) as object).sort()).toEqual(['exp', 'iat', 'iss', 'sid', 'sub']);
  });

  test('are looked up once, then remembered', async () => {
    const token = await one.token(name);
    await one.me(token);
    expect(one.app.get(Authenticator).ofToken(token)).not.toBeInstanceOf(Promise);
  });
});

describe('refresh tokens', () => {
  test('rotate: each is good once, and the access token from before stays good', async () => {
    const first = await one.signIn(name);
    const second = await refresh(first.refreshToken);
    expect(second.status).toBe(200);
    expect(second.body).toMatchObject({ expiresIn: 900, user: { username: name } });
    expect(second.body['refreshToken']).not.toBe(first.refreshToken);
    expect(await one.me(second.body['accessToken'] as string)).toEqual([200]);
    expect(await one.me(first.accessToken)).toEqual([200]);
    expect((await refresh(second.body['refreshToken'])).status).toBe(200);
  });

  test('that come a second time end the session for everybody, access tokens too', async () => {
    const first = await one.signIn(name);
    const second = (await refresh(first.refreshToken)).body as unknown as typeof first;
    const third = (await refresh(second.refreshToken)).body as unknown as typeof first;
    expect(await one.me(third.accessToken)).toEqual([200]);
    expect(told(await refresh(first.refreshToken))).toEqual([401, 'refresh-token-reused']);
    expect(told(await refresh(third.refreshToken))).toEqual([401, 'refresh-token-invalid']);
    expect(await one.me(third.accessToken)).toEqual([401, 'session-ended']);
  });

  test('of another sign-in of the same user live on', async () => {
    const first = await one.signIn(name);
    const other = await one.signIn(name);
    await refresh(first.refreshToken);
    await refresh(first.refreshToken);
    expect(await one.me(other.accessToken)).toEqual([200]);
    expect((await refresh(other.refreshToken)).status).toBe(200);
  });

  test('sent twice at once are good for one at most', async () => {
    const { refreshToken } = await one.signIn(name);
    const answers = await Promise.all(Array.from({ length: 5 }, () => refresh(refreshToken)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('that are invented are refused, and end nothing', async () => {
    const { refreshToken } = await one.signIn(name);
    const raw = Buffer.from(refreshToken.slice(3), 'base64url');
    raw[raw.length - 1]! ^= 1;
    expect(told(await refresh(`rt_${raw.toString('base64url')}`))).toEqual([401, 'refresh-token-invalid']);
    expect(told(await refresh('rubbish'))).toEqual([401, 'refresh-token-invalid']);
    expect((await refresh(refreshToken)).status).toBe(200);
  });

  test('are kept as hashes', async () => {
    const { refreshToken } = await one.signIn(name);
    const [row] = await one.database.source.query<{ session: string }[]>(
      `SELECT to_json(s)::text AS session FROM login_session s WHERE user_id = $1`,
      [id],
    );
    expect(row!.session).not.toContain(Buffer.from(refreshToken).toString('hex'));
    expect(row!.session).not.toContain(refreshToken);
  });

  test('die with a session that was idle for more than 30 minutes, counted from its last use', async () => {
    const idle = await one.signIn(name);
    world.clock.advanceMinutes(30.1);
    expect(told(await refresh(idle.refreshToken))).toEqual([401, 'refresh-token-invalid']);

    const used = await one.signIn(name);
    world.clock.advanceMinutes(14);
    expect(await one.me(used.accessToken)).toEqual([200]);
    await until(async () => {
      const [row] = await one.database.source.query<{ used: boolean }[]>(
        `SELECT bool_or(last_used_at = $1) AS used FROM login_session WHERE user_id = $2`,
        [world.clock.now(), id],
      );
      return row!.used;
    });
    world.clock.advanceMinutes(29);
    expect((await refresh(used.refreshToken)).status).toBe(200);
  });
});

describe('a session ends at once', () => {
  test('on logout', async () => {
    const { accessToken, refreshToken } = await one.signIn(name);
    expect((await one.ask('POST', '/auth/logout', { token: accessToken })).status).toBe(204);
    expect(await one.me(accessToken)).toEqual([401, 'session-ended']);
    expect(told(await refresh(refreshToken))).toEqual([401, 'refresh-token-invalid']);
  });

  test('and all of them on a change of password, which opens a new one', async () => {
    const here = await one.signIn(name);
    const there = await one.signIn(name);
    const newPassword = 'Chun-9-jiang-Yue';
    const changed = await one.ask('POST', '/auth/password', {
      token: here.accessToken,
      body: { currentPassword: PASSWORD, newPassword },
    });
    expect(changed.status).toBe(200);
    expect(await one.me(here.accessToken)).toEqual([401, 'session-ended']);
    expect(await one.me(there.accessToken)).toEqual([401, 'session-ended']);
    expect(told(await refresh(there.refreshToken))).toEqual([401, 'refresh-token-invalid']);
    expect(await one.me(changed.body['accessToken'] as string)).toEqual([200]);
    expect(told(await one.login(name))).toEqual([401, 'sign-in-failed']);
    expect((await one.login(name, newPassword)).status).toBe(200);
  });

  test.each([
    ['a lock', (id: string) => one.system('6202').then((system) => one.users.lockAccount(system, id))],
    ['a reset', (id: string) => one.system('6202').then((system) => one.users.reset(system, id))],
    [
      'other roles',
      (id: string) =>
        one.system('6202').then((system) => one.users.update(system, id, { roles: ['supervisor'] }, undefined)),
    ],
    [
      'another agency',
      (id: string) => one.system('6202').then((system) => one.users.update(system, id, { agency: '6202' }, undefined)),
    ],
  ])('on %s', async (_what, change) => {
    const { accessToken, refreshToken } = await one.signIn(name);
    expect(await one.me(accessToken)).toEqual([200]);
    await change(id);
    expect(await one.me(accessToken)).toEqual([401, 'session-ended']);
    expect(told(await refresh(refreshToken))).toEqual([401, 'refresh-token-invalid']);
  });

  test('but not on another name', async () => {
    const token = await one.token(name);
    await one.users.update(await one.system('6202'), id, { displayName: '李静静' }, undefined);
    expect(await one.me(token)).toEqual([200]);
  });

  test('on every other instance within a moment', async () => {
    const two = await world.instance();
    const token = await one.token(name);
    expect([await one.me(token), await two.me(token)]).toEqual([[200], [200]]);
    await one.users.lockAccount(await one.system('6202'), id);
    expect(await one.me(token)).toEqual([401, 'session-ended']);
    await until(async () => (await two.me(token))[0] === 401);
    expect(await two.me(token)).toEqual([401, 'session-ended']);
    expect(told(await two.login(name))).toEqual([401, 'sign-in-failed']);
  });
});

test('while changes cannot be heard of, nothing is remembered; afterwards it is again', async () => {
  const token = await one.token(name);
  await one.me(token);
  const bus = one.app.get(CacheBus);
  await world.asOwner(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sanji cache' AND datname = current_database()`,
  );
  await until(async () => !bus.live);
  const looked = one.app.get(Authenticator).ofToken(token);
  expect(looked).toBeInstanceOf(Promise);
  expect((await looked).name).toBe(name);
  await until(async () => bus.live);
  await one.me(token);
  expect(one.app.get(Authenticator).ofToken(token)).not.toBeInstanceOf(Promise);
});

test('sessions that nobody used for a month are forgotten, the others not', async () => {
  const purge = (): Promise<number> => one.app.get(SessionService).purge();
  await purge();
  await one.signIn(name);
  world.clock.advanceMinutes(29 * 24 * 60);
  const { accessToken } = await one.signIn(name);
  expect(await purge()).toBe(0);
  world.clock.advanceMinutes(2 * 24 * 60);
  expect(await purge()).toBeGreaterThan(0);
  expect(await one.me(accessToken)).toEqual([401, 'token-expired']);
  const [left] = await one.database.source.query<{ count: number }[]>(
    `SELECT count(*) FROM login_session WHERE user_id = $1`,
    [id],
  );
  expect(left!.count).toBe(1);
});

describe('a changed password', () => {
  test('is not one with the username', async () => {
    const token = await one.token(name);
    const newPassword = `X-${name.toUpperCase()}-x`;
    const { body } = await one.ask('POST', '/auth/password', {
      token,
      body: { currentPassword: PASSWORD, newPassword },
    });
    expect(body['errors']).toEqual([{ pointer: '/newPassword', message: 'must not contain the username' }]);
  });

  test.each([
    ['too short', 'Ab1!Ab1!x', 'must have at least 10 characters'],
    ['of two kinds', 'tfkqmzrh83751', 'must mix three of: lower case, upper case, digits, other characters'],
    ['a common one', 'Password123!', 'is among the passwords that are guessed first'],

    ['the present one', PASSWORD, 'must differ from the present one'],
  ])('is not %s', async (_what, newPassword, message) => {
    const token = await one.token(name);
    const { status, body } = await one.ask('POST', '/auth/password', {
      token,
      body: { currentPassword: PASSWORD, newPassword },
    });
    expect([status, body['errors']]).toEqual([422, [{ pointer: '/newPassword', message }]]);
    expect(await one.me(token)).toEqual([200]);
  });

  test('needs the present one, and guessing that locks the account as at sign-in, also under one Idempotency-Key', async () => {
    const token = await one.token(name);
    const guess = (): Promise<Answer> =>
      one.ask('POST', '/auth/password', {
        token,
        body: { currentPassword: 'Wrong-4-word-Xyz', newPassword: 'Chun-9-jiang-Yue' },
        headers: { 'idempotency-key': 'again' },
      });
    for (let i = 0; i < 5; i++)
      expect((await guess()).body['errors']).toEqual([
        { pointer: '/currentPassword', message: 'is not your password' },
      ]);
    expect(told(await guess())).toEqual([401, 'session-ended']);
    expect(told(await one.login(name))).toEqual([401, 'sign-in-failed']);
  });
});
