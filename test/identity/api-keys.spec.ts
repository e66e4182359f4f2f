import { createHash } from 'node:crypto';
import { World, told, until, type Answer, type Ask, type Instance } from './support.js';

let world: World;
let one: Instance;

beforeAll(async () => {
  world = await World.create();
  one = await world.instance();
  await one.seed('4113', '6202');
  await one.addUser('admin.city', '4113', ['admin']);
  await one.addUser('admin.county', '411322', ['admin']);
});

afterAll(() => world.drop());

async function as(username: string, method: 'GET' | 'POST' | 'DELETE', url: string, ask: Ask = {}): Promise<Answer> {
  return one.ask(method, url, { ...ask, token: await one.token(username) });
}

interface Issued {
  id: string;
  key: string;
}

function issue(by: string, body: Record<string, unknown> = {}): Promise<Answer> {
  const feed = { name: 'National platform', agency: '4113', roles: ['feed'], sources: ['national-platform'] };
  return as(by, 'POST', '/api-keys', { body: { ...feed, ...body } });
}

async function issued(body: Record<string, unknown> = {}): Promise<Issued> {
  return (await issue('admin.city', body)).body as unknown as Issued;
}

/** [status, code] of a request with a key. */
async function me(key: string, at = one): Promise<[number, string?]> {
  const { status, body } = await at.ask('GET', '/auth/me', { key });
  return body.code === undefined ? [status] : [status, body.code];
}

test('a key is shown once, kept as SHA-256, and says what it may', async () => {
  const { status, body } = await issue('admin.city', { sources: ['national-platform', 'bank'] });
  expect(status).toBe(201);
  const key = body['key'] as string;
  expect(key).toMatch(/^sk_[0-9A-Za-z]{43}$/);
  expect(body).toMatchObject({
    name: 'National platform',
    hint: key.slice(-4),
    agency: { code: '4113', tier: 'city' },
    roles: ['feed'],
    sources: ['national-platform', 'bank'],
    createdAt: '2023-06-01T09:30:00.000+08:00',
    expiresAt: null,
    revokedAt: null,
  });
  const listed = (await as('admin.city', 'GET', '/api-keys?limit=200')).body['items'] as Record<string, unknown>[];
  expect(listed.find(({ id }) => id === body['id'])).toEqual({ ...body, key: undefined });
  const [row] = await one.database.source.query<{ hash: Buffer; text: string }[]>(
    `SELECT hash, to_json(k)::text AS text FROM api_key k WHERE id = $1`,
    [body['id']],
  );
  expect(row!.hash).toEqual(createHash('sha256').update(key).digest());
  expect(row!.text).not.toContain(key);
  expect((await one.ask('GET', '/auth/me', { key })).body).toMatchObject({
    kind: 'key',
    id: body['id'],
    username: null,
    displayName: 'National platform',
    agency: { code: '4113' },
    roles: ['feed'],
    sources: ['national-platform', 'bank'],
  });
});

test('a revoked key stops at once, here and on other instances, and stays in the list', async () => {
  const two = await world.instance();
  const { id, key } = await issued();
  expect([await me(key), await me(key, two)]).toEqual([[200], [200]]);
  expect((await as('admin.city', 'DELETE', `/api-keys/${id}`)).body).toMatchObject({
    revokedAt: '2023-06-01T09:30:00.000+08:00',
  });
  expect(await me(key)).toEqual([401, 'key-revoked']);
  await until(async () => (await me(key, two))[0] === 401);
  expect((await as('admin.city', 'DELETE', `/api-keys/${id}`)).status).toBe(200);
  expect(told(await as('admin.city', 'POST', `/api-keys/${id}/rotate`))).toEqual([409, 'key-already-revoked']);
  const revoked = (await as('admin.city', 'GET', '/api-keys?revoked=true')).body['items'] as { id: string }[];
  expect(revoked.map((item) => item.id)).toEqual([id]);
});

test('a rotated key goes on under a new secret; the old one is not known any more', async () => {
  const { id, key } = await issued();
  expect(await me(key)).toEqual([200]);
  const { body } = await as('admin.city', 'POST', `/api-keys/${id}/rotate`);
  const next = body['key'] as string;
  expect(body).toMatchObject({ id, hint: next.slice(-4) });
  expect(await me(key)).toEqual([401, 'key-unknown']);
  expect(await me(next)).toEqual([200]);
});

test('a key with an end is good until then, remembered or not', async () => {
  const { key } = await issued({ expiresAt: '2023-06-01T10:00:00+08:00' });
  expect(await me(key)).toEqual([200]);
  world.clock.advanceMinutes(30);
  expect(await me(key)).toEqual([401, 'key-expired']);
  expect(await me(key, await world.instance())).toEqual([401, 'key-expired']);
  world.clock.advanceMinutes(-30);
});

test.each([
  ['an administrator', { roles: ['admin'], sources: undefined }, ['/roles']],
  ['a feed without sources', { sources: undefined }, ['/sources']],
  ['an officer with sources', { roles: ['officer'] }, ['/sources']],
  ['a feed that is an officer as well', { roles: ['feed', 'officer'] }, ['/roles']],
  ['a stranger agency', { agency: '6202' }, ['/agency']],
  ['an end in the past', { expiresAt: '2023-06-01T09:30:00+08:00' }, ['/expiresAt']],
  ['an end that is no moment', { expiresAt: '2023-06-31T09:30:00+08:00' }, ['/expiresAt']],
  ['a source that is no name', { sources: ['a b'] }, ['/sources']],
])('no key for %s', async (_what, body, pointers) => {
  const answer = await issue('admin.city', body);
  expect(told(answer)).toEqual([422, 'invalid']);
  expect((answer.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)).toEqual(pointers);
});

test("an admin reaches the keys of the own subtree only: neither the city's nor a sibling's", async () => {
  const seen = async (by: string): Promise<string[]> =>
    ((await as(by, 'GET', '/api-keys?limit=200')).body['items'] as { agency: { code: string } }[]).map(
      ({ agency }) => agency.code,
    );
  const system = await one.system('6202');
  const { id: stranger } = await one.keys.issue(system, { name: 'x', agency: '6202', roles: ['feed'], sources: ['x'] });
  const { id: sibling } = await issued({ agency: '411327' });
  const { id: city } = await issued();
  const { id: own } = await issued({ agency: '411322' });
  expect(new Set(await seen('admin.county'))).toEqual(new Set(['411322']));
  expect(new Set(await seen('admin.city'))).toEqual(new Set(['4113', '411322', '411327']));
  for (const id of [stranger, sibling, city]) {
    expect(told(await as('admin.county', 'DELETE', `/api-keys/${id}`))).toEqual([404, 'not-found']);
    expect(told(await as('admin.county', 'POST', `/api-keys/${id}/rotate`))).toEqual([404, 'not-found']);
  }
  expect((await as('admin.county', 'DELETE', `/api-keys/${own}`)).status).toBe(200);
  expect(told(await issue('admin.county'))).toEqual([422, 'invalid']);
  expect((await issue('admin.county', { agency: '411322' })).status).toBe(201);
});

test('keys are listed page by page, the newest first', async () => {
  const all = (await as('admin.city', 'GET', '/api-keys?limit=200&count=true')).body as {
    items: { id: string }[];
    total: number;
  };
  expect(all.total).toBe(all.items.length);
  const paged: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body } = await as('admin.city', 'GET', `/api-keys?limit=3${cursor && `&cursor=${cursor}`}`);
    paged.push(...(body['items'] as { id: string }[]).map(({ id }) => id));
    cursor = body['nextCursor'] as string | null;
  }
  expect(paged).toEqual(all.items.map(({ id }) => id));
});

test('the command line issues and revokes, too', async () => {
  const system = await one.system('4113');
  const { id, key } = await one.keys.issue(system, { name: 'cli', agency: '4113', roles: ['officer'] });
  expect(await me(key)).toEqual([200]);
  await one.keys.revoke(system, id);
  expect(await me(key)).toEqual([401, 'key-revoked']);
});
