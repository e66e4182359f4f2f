import { AgencyService } from '../../src/organization/agency.service.js';
import { World, told, type Answer, type Ask, type Instance } from './support.js';

let world: World;
let one: Instance;

interface Line {
  id: string;
  at: string;
  action: string;
  actor: { id: string | null; name: string | null } | null;
  agency: string | null;
  objectKind: string;
  objectId: string;
  requestId: string | null;
  address: string | null;
  data: Record<string, unknown>;
}

beforeAll(async () => {
  world = await World.create();
  one = await world.instance();
  await one.seed('4113', '6202');
  await one.addUser('auditor.city', '4113', ['auditor']);
  await one.addUser('auditor.county', '411322', ['auditor']);
  await one.addUser('auditor.other', '6202', ['auditor']);
  await one.addUser('security.city', '4113', ['security']);
  await one.addUser('admin.city', '4113', ['admin']);
});

afterAll(() => world.drop());

async function as(
  username: string,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  ask: Ask = {},
): Promise<Answer> {
  return one.ask(method, url, { ...ask, token: await one.token(username) });
}

async function lines(by: string, query = ''): Promise<Line[]> {
  const { status, body } = await as(by, 'GET', `/audit?limit=200${query}`);
  expect(status).toBe(200);
  return body['items'] as unknown as Line[];
}

test('changes of users, keys and agencies are told with who, where, from where and what', async () => {
  const made = (
    await as('security.city', 'POST', '/users', {
      body: { username: 'zhao.min', agency: '411322', roles: ['officer'] },
    })
  ).body;
  const id = made['id'] as string;
  await as('security.city', 'PATCH', `/users/${id}`, {
    body: { roles: ['supervisor'] },
    headers: { 'x-request-id': 'r-17' },
  });
  await as('security.city', 'POST', `/users/${id}/lock`);
  await as('security.city', 'POST', `/users/${id}/unlock`);
  await as('security.city', 'POST', `/users/${id}/reset`);
  const key = (
    await as('admin.city', 'POST', '/api-keys', {
      body: { name: 'Bank', agency: '411322', roles: ['feed'], sources: ['bank'] },
    })
  ).body;
  await as('admin.city', 'POST', `/api-keys/${key['id'] as string}/rotate`);
  await as('admin.city', 'DELETE', `/api-keys/${key['id'] as string}`);
  await as('admin.city', 'PATCH', '/agencies/411322', { body: { name: '方城县公安局反诈大队' } });

  const told = await lines('auditor.county');
  const byAction = new Map(told.map((line) => [line.action, line]));
  for (const action of [
    'user.created',
    'user.updated',
    'user.locked',
    'user.unlocked',
    'user.reset',
    'key.issued',
    'key.rotated',
    'key.revoked',
  ]) {
    expect([action, byAction.get(action)?.agency]).toEqual([action, '411322']);
  }
  const { id: securityId } = await one.users.getByName(await one.system('4113'), 'security.city');
  expect(byAction.get('user.updated')).toEqual({
    id: byAction.get('user.updated')!.id,
    at: '2023-06-01T09:30:00.000+08:00',
    action: 'user.updated',
    actor: { id: securityId, name: 'security.city' },
    agency: '411322',
    objectKind: 'user',
    objectId: id,
    requestId: 'r-17',
    address: '127.0.0.1',
    data: {
      username: 'zhao.min',
      before: { agency: '411322', roles: ['officer'] },
      after: { agency: '411322', roles: ['supervisor'] },
    },
  });
  const everything = JSON.stringify(await lines('auditor.city'));
  expect(everything).not.toContain(made['password']);
  expect(everything).not.toContain(key['key']);
  const [agencyLine] = await lines('auditor.city', '&action=agency.updated');
  expect(agencyLine).toMatchObject({
    actor: { name: 'admin.city' },
    objectKind: 'agency',
    objectId: '411322',
    agency: '4113',
  });
  expect(one.app.get(AgencyService)).toBeDefined();
});

test('an auditor reads what concerns the own subtree, and nobody else reads anything', async () => {
  await one.addUser('somebody.else', '411327', ['officer']);
  const agencies = async (by: string): Promise<Set<string | null>> =>
    new Set((await lines(by)).map(({ agency }) => agency));
  expect(await agencies('auditor.county')).toEqual(new Set(['411322']));
  expect(await agencies('auditor.other')).toEqual(new Set(['6202']));
  expect(await agencies('auditor.city')).toEqual(new Set(['4113', '411322', '411327']));
  for (const by of ['security.city', 'admin.city'])
    expect(told(await as(by, 'GET', '/audit'))).toEqual([403, 'forbidden']);
});

test('lines are found by action, group of actions, actor and local dates', async () => {
  const actions = async (query: string): Promise<Set<string>> =>
    new Set((await lines('auditor.city', query)).map(({ action }) => action));
  expect(await actions('&action=user.created')).toEqual(new Set(['user.created']));
  expect([...(await actions('&action=login.'))].every((action) => action.startsWith('login.'))).toBe(true);
  const { id } = await one.users.getByName(await one.system('4113'), 'admin.city');
  for (const actor of ['admin.city', 'ADMIN.CITY', id]) {
    const found = await lines('auditor.city', `&actor=${actor}`);
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found.map((line) => line.actor?.name))).toEqual(new Set(['admin.city']));
  }
  expect(await lines('auditor.city', '&from=2023-06-01&to=2023-06-01&action=user.created')).not.toEqual([]);
  expect(await lines('auditor.city', '&to=2023-05-31')).toEqual([]);
  expect(await lines('auditor.city', '&from=2023-06-02')).toEqual([]);
});

test('a local date begins at midnight of the configured zone', async () => {
  const before = world.clock.now();
  world.clock.set('2023-06-30T23:59:59.999+08:00');
  await one.addUser('last.of.june', '4113', ['officer']);
  world.clock.set('2023-07-01T00:00:00+08:00');
  await one.addUser('first.of.july', '4113', ['officer']);
  const names = async (query: string): Promise<unknown[]> =>
    (await lines('auditor.city', `&action=user.created${query}`)).map(({ data }) => data['username']);
  expect(await names('&from=2023-07-01&to=2023-07-01')).toEqual(['first.of.july']);
  expect(await names('&from=2023-06-30&to=2023-06-30')).toEqual(['last.of.june']);
  expect(await names('&from=2023-06-30&to=2023-07-01')).toEqual(['first.of.july', 'last.of.june']);
  world.clock.set(before);
});

test.each([
  ['a day there is not', 'from=2023-02-29', ['/from']],
  ['a range that ends before it begins', 'from=2023-06-02&to=2023-06-01', ['/to']],
  ['an action that is none', 'action=DROP%20TABLE', ['/action']],
])('%s is refused', async (_what, query, pointers) => {
  const answer = await as('auditor.city', 'GET', `/audit?${query}`);
  expect(told(answer)).toEqual([422, 'invalid']);
  expect((answer.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)).toEqual(pointers);
});

test('pages show every line once, the newest first', async () => {
  const query = '&action=user.created';
  const all = await lines('auditor.city', query);
  expect(all.map(({ id }) => id)).toEqual(
    all
      .map(({ id }) => id)
      .sort()
      .reverse(),
  );
  const paged: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body } = await as(
      'auditor.city',
      'GET',
      `/audit?limit=3&count=true${query}${cursor && `&cursor=${cursor}`}`,
    );
    paged.push(...(body['items'] as { id: string }[]).map(({ id }) => id));
    expect(body['total']).toBe(all.length);
    cursor = body['nextCursor'] as string | null;
  }
  expect(paged).toEqual(all.map(({ id }) => id));
});

describe('the log cannot be rewritten', () => {
  test.each([
    ['UPDATE', `UPDATE audit_entry SET action = 'nothing'`],
    ['DELETE', `DELETE FROM audit_entry`],
    ['TRUNCATE', `TRUNCATE audit_entry`],
  ])('by %s of the application', async (_what, sql) => {
    await expect(one.database.source.query(sql)).rejects.toThrow('permission denied');
  });

  test.each([
    ['UPDATE', `UPDATE audit_entry SET action = 'nothing'`],
    ['DELETE', `DELETE FROM audit_entry`],
    ['TRUNCATE', `TRUNCATE audit_entry`],
  ])('nor, by mistake, by %s of the owner', async (_what, sql) => {
    await expect(world.asOwner(sql)).rejects.toThrow('append-only');
  });
});
