import type { Role } from '../../src/identity/role.js';
import { UserListQuery } from '../../src/identity/user.dto.js';
import { World, told, type Ask, type Answer, type Instance } from './support.js';

let world: World;
let one: Instance;

/** Nanyang 4113 with counties 411322 and 411327; Jiayuguan 6202. */
beforeAll(async () => {
  world = await World.create();
  one = await world.instance();
  await one.seed('4113', '6202');
  for (const [username, agency] of [
    ['security.city', '4113'],
    ['security.county', '411322'],
    ['security.town', '411322101'],
    ['security.other', '6202'],
  ] as const) {
    await one.addUser(username, agency, ['security']);
  }
});

afterAll(() => world.drop());

async function as(username: string, method: 'GET' | 'POST' | 'PATCH', url: string, ask: Ask = {}): Promise<Answer> {
  return one.ask(method, url, { ...ask, token: await one.token(username) });
}

let serial = 0;
/** A user of an agency, of a fresh name. */
async function user(
  agency: string,
  roles: Role[] = ['officer'],
): Promise<{ id: string; username: string; url: string }> {
  const { id, username } = await one.addUser(`user.${++serial}`, agency, roles);
  return { id, username, url: `/users/${id}` };
}

function create(by: string, body: Record<string, unknown>): Promise<Answer> {
  return as(by, 'POST', '/users', {
    body: { username: `made.${++serial}`, agency: '411322', roles: ['officer'], ...body },
  });
}

describe('creating', () => {
  test('without a password makes one, tells it once, and has it changed', async () => {
    const { status, body, headers } = await create('security.county', { username: 'Zhao.Min', displayName: '赵敏' });
    expect(status).toBe(201);
    expect(headers['etag']).toBe('"1"');
    const password = body['password'] as string;
    expect(body).toEqual({
      id: body['id'],
      username: 'zhao.min',
      displayName: '赵敏',
      agency: { code: '411322', name: '方城县公安局', tier: 'county' },
      roles: ['officer'],
      locked: false,
      lockedUntil: null,
      mustChangePassword: true,
      totpEnabled: false,
      createdAt: '2023-06-01T09:30:00.000+08:00',
      updatedAt: '2023-06-01T09:30:00.000+08:00',
      version: 1,
      password,
    });
    expect((await as('security.county', 'GET', `/users/${body['id'] as string}`)).body).not.toHaveProperty('password');

    const { accessToken: token } = await one.signIn('zhao.min', password);
    expect((await one.ask('GET', '/auth/me', { token })).body).toMatchObject({ obligation: 'change-password' });
    expect(told(await one.ask('GET', '/agencies', { token }))).toEqual([403, 'password-change-required']);
    const changed = await one.ask('POST', '/auth/password', {
      token,
      body: { currentPassword: password, newPassword: 'Chun-9-jiang-Yue' },
    });
    expect(changed.body).toMatchObject({ user: { obligation: null } });
    expect((await one.ask('GET', '/agencies', { token: changed.body['accessToken'] as string })).status).toBe(200);
  });

  test('with a password leaves it to the administrator whether it is to be changed', async () => {
    const password = 'Chun-9-jiang-Yue';
    expect((await create('security.city', { password })).body).toMatchObject({ mustChangePassword: false });
    expect((await create('security.city', { password, mustChangePassword: true })).body).toMatchObject({
      mustChangePassword: true,
    });
  });

  test.each([
    ['a taken name', { username: 'security.city' }, 409, 'username-taken', undefined],
    ['two administrators in one', { roles: ['admin', 'auditor'] }, 422, 'invalid', ['/roles']],
    ['an administrator who works cases', { roles: ['security', 'officer'] }, 422, 'invalid', ['/roles']],
    ['no role', { roles: [] }, 422, 'invalid', ['/roles']],
    ['a feed', { roles: ['feed'] }, 422, 'invalid', ['/roles']],
    ['a role there is not', { roles: ['root'] }, 422, 'invalid', ['/roles']],
    ['a weak password', { password: 'nmkxwt' }, 422, 'invalid', ['/password', '/password']],
    ['a name with blanks', { username: 'li jing' }, 422, 'invalid', ['/username']],
    ['an agency there is not', { agency: '999999' }, 422, 'invalid', ['/agency']],
    ['several faults at once', { agency: '6202', roles: ['admin', 'auditor'] }, 422, 'invalid', ['/agency', '/roles']],
    ['an unknown field', { isAdmin: true }, 422, 'invalid', ['/isAdmin']],
  ])('is refused for %s', async (_what, body, status, code, pointers) => {
    const answer = await create('security.city', body);
    expect(told(answer)).toEqual([status, code]);
    expect((answer.body['errors'] as { pointer: string }[] | undefined)?.map(({ pointer }) => pointer).sort()).toEqual(
      pointers,
    );
  });

  test('with the same Idempotency-Key makes one user and tells the same password', async () => {
    const ask = {
      body: { username: 'once.only', agency: '411322', roles: ['officer'] },
      headers: { 'idempotency-key': 'k-1' },
    };
    const token = await one.token('security.city');
    const first = await one.ask('POST', '/users', { ...ask, token });
    const second = await one.ask('POST', '/users', { ...ask, token });
    expect([first.status, second.status, second.headers['idempotent-replayed']]).toEqual([201, 201, 'true']);
    expect(second.body).toEqual(first.body);
  });
});

test('the command line is held to the same rules, and reaches every agency', async () => {
  const system = await one.system('4113');
  const add = (username: string, roles: string[]): Promise<unknown> =>
    one.users.create(system, { username, agency: '6202', roles: roles as Role[], password: 'Chun-9-jiang-Yue' });
  for (const wrong of [
    add('a b', ['officer']),
    add('cli.one', ['boss']),
    add('cli.one', ['admin', 'security']),
    add('cli.one', []),
  ]) {
    await expect(wrong).rejects.toMatchObject({ kind: { code: 'invalid' } });
  }
  await expect(add('CLI.One', ['officer'])).resolves.toMatchObject({ username: 'cli.one', agency: { code: '6202' } });
  const { items } = await one.users.list(system, Object.assign(new UserListQuery(), { q: 'cli.one' }));
  expect(items.map(({ username }) => username)).toEqual(['cli.one']);
});

describe('jurisdiction', () => {
  const agencies = ['4113', '411322', '411327', '6202'];

  test.each([
    ['security.city', [true, true, true, false]],
    ['security.county', [false, true, false, false]],
    ['security.town', [false, false, false, false]],
    ['security.other', [false, false, false, true]],
  ])('%s reaches users of 4113, 411322, 411327, 6202: %j', async (by, reached) => {
    for (const [i, agency] of agencies.entries()) {
      const { url, id } = await user(agency);
      const seen = (await as(by, 'GET', `/users?agency=${agency}&limit=200`)).body['items'] as { id: string }[];
      const made = await create(by, { agency });
      const answers = [
        await as(by, 'GET', url),
        await as(by, 'PATCH', url, { body: { displayName: '新名' } }),
        await as(by, 'POST', `${url}/lock`),
        await as(by, 'POST', `${url}/unlock`),
        await as(by, 'POST', `${url}/reset`),
      ];
      const expected = reached[i] ? [200, undefined] : [404, 'not-found'];
      expect({ agency, answers: answers.map(told) }).toEqual({ agency, answers: answers.map(() => expected) });
      expect({ agency, seen: seen.some((item) => item.id === id) }).toEqual({ agency, seen: reached[i] });
      expect({ agency, made: made.status }).toEqual({ agency, made: reached[i] ? 201 : 422 });
    }
  });

  test('a user cannot be moved out of the own subtree', async () => {
    const { url } = await user('411322');
    for (const agency of ['4113', '411327', '6202']) {
      expect(told(await as('security.county', 'PATCH', url, { body: { agency } }))).toEqual([422, 'invalid']);
    }
    expect((await as('security.city', 'PATCH', url, { body: { agency: '411327' } })).body).toMatchObject({
      agency: { code: '411327' },
    });
  });

  test('a stranger agency and one that does not exist are told alike', async () => {
    const bodies = await Promise.all(['411327', '999999'].map((agency) => create('security.county', { agency })));
    expect(bodies.map(({ body }) => body['errors'])).toEqual([bodies[0]!.body['errors'], bodies[0]!.body['errors']]);
  });
});

describe('the own account', () => {
  test('cannot be given other roles or another agency, be locked, unlocked or reset', async () => {
    const { id } = await one.users.getByName(await one.system('4113'), 'security.city');
    const answers = [
      await as('security.city', 'PATCH', `/users/${id}`, { body: { roles: ['admin'] } }),
      await as('security.city', 'PATCH', `/users/${id}`, { body: { agency: '411322' } }),
      await as('security.city', 'POST', `/users/${id}/lock`),
      await as('security.city', 'POST', `/users/${id}/unlock`),
      await as('security.city', 'POST', `/users/${id}/reset`),
    ];
    expect(answers.map(told)).toEqual(answers.map(() => [403, 'own-account']));
    expect((await as('security.city', 'PATCH', `/users/${id}`, { body: { displayName: '王安' } })).status).toBe(200);
  });
});

describe('changing', () => {
  test('with a stale If-Match changes nothing', async () => {
    const { url } = await user('411322');
    const first = await as('security.city', 'PATCH', url, {
      body: { displayName: '一' },
      headers: { 'if-match': '"1"' },
    });
    expect([first.status, first.headers['etag']]).toEqual([200, '"2"']);
    for (const answer of [
      await as('security.city', 'PATCH', url, { body: { displayName: '二' }, headers: { 'if-match': '"1"' } }),
      await as('security.city', 'POST', `${url}/lock`, { headers: { 'if-match': '"1"' } }),
    ]) {
      expect(told(answer)).toEqual([412, 'stale-version']);
    }
    expect((await as('security.city', 'GET', url)).body).toMatchObject({
      displayName: '一',
      locked: false,
      version: 2,
    });
  });

  test('to what it is already changes nothing, and ends no session', async () => {
    const { url, username } = await user('411322', ['officer', 'supervisor']);
    const token = await one.token(username);
    const same = await as('security.city', 'PATCH', url, {
      body: { roles: ['supervisor', 'officer'], agency: '411322' },
    });
    expect(same.body).toMatchObject({ version: 1 });
    expect(await one.me(token)).toEqual([200]);
  });

  test('roles works at the next request', async () => {
    const { url, username } = await user('411322', ['officer']);
    expect(told(await as(username, 'GET', '/users'))).toEqual([403, 'forbidden']);
    await as('security.city', 'PATCH', url, { body: { roles: ['security'] } });
    expect((await as(username, 'GET', '/users')).status).toBe(200);
  });
});

describe('lock, unlock, reset', () => {
  test('a lock keeps everybody out until it is undone', async () => {
    const { url, username } = await user('411322');
    expect((await as('security.county', 'POST', `${url}/lock`)).body).toMatchObject({
      locked: true,
      lockedUntil: null,
    });
    expect(told(await one.login(username))).toEqual([401, 'sign-in-failed']);
    expect((await as('security.county', 'POST', `${url}/unlock`)).body).toMatchObject({ locked: false });
    expect((await one.login(username)).status).toBe(200);
  });

  test('unlocking ends a lock of failures, too', async () => {
    const { url, username } = await user('411322');
    for (let i = 0; i < 5; i++) await one.login(username, 'Wrong-4-word-Xyz');
    expect((await as('security.county', 'GET', url)).body).toMatchObject({
      locked: true,
      lockedUntil: '2023-06-01T09:45:00.000+08:00',
    });
    await as('security.county', 'POST', `${url}/unlock`);
    expect((await one.login(username)).status).toBe(200);
  });

  test('a reset gives a new password that has to be changed; the old one is worth nothing', async () => {
    const { url, username } = await user('411322');
    const { body } = await as('security.county', 'POST', `${url}/reset`);
    expect(body).toMatchObject({ mustChangePassword: true });
    expect(told(await one.login(username))).toEqual([401, 'sign-in-failed']);
    expect((await one.login(username, body['password'] as string)).body).toMatchObject({
      user: { obligation: 'change-password' },
    });
  });

  test('a reset does not undo a lock', async () => {
    const { url, username } = await user('411322');
    await as('security.county', 'POST', `${url}/lock`);
    const { body } = await as('security.county', 'POST', `${url}/reset`);
    expect(body).toMatchObject({ locked: true });
    expect(told(await one.login(username, body['password'] as string))).toEqual([401, 'sign-in-failed']);
  });
});

describe('the list', () => {
  test('pages through every user once, in order, with a total where asked', async () => {
    const { items } = (await as('security.city', 'GET', '/users?limit=200')).body as { items: { username: string }[] };
    const all = items.map(({ username }) => username);
    expect(all).toEqual([...all].sort());
    const paged: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await as('security.city', 'GET', `/users?limit=7&count=true${cursor && `&cursor=${cursor}`}`);
      paged.push(...(body['items'] as { username: string }[]).map(({ username }) => username));
      expect(body['total']).toBe(all.length);
      cursor = body['nextCursor'] as string | null;
    }
    expect(paged).toEqual(all);
  });

  test('is cut by role, by part of the name, by lock', async () => {
    const { username, url } = await user('411327', ['auditor']);
    const names = async (query: string): Promise<string[]> =>
      ((await as('security.city', 'GET', `/users?${query}`)).body['items'] as { username: string }[]).map(
        (item) => item.username,
      );
    expect(await names('role=auditor')).toEqual([username]);
    expect(await names(`q=${username.toUpperCase()}`)).toContain(username);
    expect(await names('agency=411327&locked=true')).not.toContain(username);
    await as('security.city', 'POST', `${url}/lock`);
    expect(await names('agency=411327&locked=true')).toContain(username);
    expect(await names('agency=411327&locked=false')).not.toContain(username);
    expect(await names("q=' OR 1=1 --")).toEqual([]);
  });

  test('refuses a cursor of another list', async () => {
    const { body } = await as('security.city', 'GET', '/users?limit=1');
    const cursor = body['nextCursor'] as string;
    expect(told(await as('security.city', 'GET', `/users?limit=1&role=officer&cursor=${cursor}`))).toEqual([
      422,
      'invalid-cursor',
    ]);
  });
});

describe('the database itself', () => {
  const insert = (roles: string): Promise<unknown> =>
    one.database.source.query(
      `INSERT INTO user_account (id, username, display_name, agency_id, roles, created_at, updated_at)
       VALUES (gen_random_uuid(), 'x' || gen_random_uuid(), 'x', 1, '${roles}', now(), now())`,
    );

  test.each(['{admin,security}', '{security,auditor}', '{admin,auditor}', '{admin,security,auditor}'])(
    'lets nobody be %s',
    async (roles) => {
      await expect(insert(roles)).rejects.toMatchObject({ constraint: 'user_account_one_administrator_ck' });
    },
  );

  test.each(['{admin,officer}', '{security,supervisor}', '{auditor,officer,supervisor}'])(
    'lets nobody be %s',
    async (roles) => {
      await expect(insert(roles)).rejects.toMatchObject({ constraint: 'user_account_administrators_work_no_cases_ck' });
    },
  );
});
