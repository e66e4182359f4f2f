import { SignJWT, exportJWK, generateKeyPair, type JWK } from 'jose';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../../src/platform/config/config.js';
import { World, told, type Instance } from './support.js';

type Key = Awaited<ReturnType<typeof generateKeyPair>>;

/** An identity provider: its discovery document and its key set. */
class Provider {
  up = true;
  asked = 0;

  private constructor(
    private readonly server: Server,
    readonly issuer: string,
    readonly keys: Record<'RS256' | 'ES256', Key>,
  ) {}

  static async start(): Promise<Provider> {
    const keys = { RS256: await generateKeyPair('RS256'), ES256: await generateKeyPair('ES256') };
    const jwks: JWK[] = await Promise.all(
      Object.entries(keys).map(async ([alg, { publicKey }]) => ({
        ...(await exportJWK(publicKey)),
        alg,
        kid: alg,
        use: 'sig',
      })),
    );
    const server = createServer((request, response) => {
      provider.asked++;
      const documents: Record<string, unknown> = {
        '/.well-known/openid-configuration': { issuer: provider.issuer, jwks_uri: `${provider.issuer}/keys` },
        '/keys': { keys: jwks },
      };
      const document = documents[request.url ?? ''];
      response.statusCode = !provider.up ? 503 : document ? 200 : 404;
      response.end(JSON.stringify(document ?? {}));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const provider = new Provider(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, keys);
    return provider;
  }

  /** A token of the provider at a moment; what differs from a right one is given. */
  token(
    now: Date,
    claims: Record<string, unknown> = {},
    alg: 'RS256' | 'ES256' = 'RS256',
    key: Key = this.keys[alg],
  ): Promise<string> {
    const seconds = Math.floor(now.getTime() / 1000);
    const payload = {
      preferred_username: 'Li.Jing',
      agency: '620201',
      sub: 'u-1',
      sid: 's-1',
      aud: 'sanji',
      iss: this.issuer,
      iat: seconds,
      exp: seconds + 300,
    };
    return new SignJWT({ ...payload, ...claims }).setProtectedHeader({ alg, kid: alg }).sign(key.privateKey);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

let provider: Provider;
let world: World;
let one: Instance;

function config(more: Partial<NonNullable<Config['oidc']>> = {}): Partial<Config> {
  const oidc = {
    issuer: provider.issuer,
    audience: 'sanji',
    jwksUri: undefined,
    usernameClaim: 'preferred_username',
    agencyClaim: 'agency',
  };
  return { oidc: { ...oidc, ...more } };
}

beforeAll(async () => {
  provider = await Provider.start();
  world = await World.create();
  one = await world.instance(config());
  await one.seed('6202');
  await one.addUser('li.jing', '620201', ['officer']);
});

afterAll(async () => {
  await world.drop();
  await provider.stop();
});

const token = (claims: Record<string, unknown> = {}, alg?: 'RS256' | 'ES256', key?: Key): Promise<string> =>
  provider.token(world.clock.now(), claims, alg, key);

test.each(['RS256', 'ES256'] as const)(
  'a %s token of the provider is whoever it names, with the roles kept here',
  async (alg) => {
    const { status, body } = await one.ask('GET', '/auth/me', { token: await token({}, alg) });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      kind: 'user',
      username: 'li.jing',
      agency: { code: '620201' },
      roles: ['officer'],
      obligation: null,
    });
  },
);

test('what is known is remembered: the provider is asked for its keys once', async () => {
  const good = await token();
  await one.me(good);
  const { asked } = provider;
  for (let i = 0; i < 3; i++) expect(await one.me(good)).toEqual([200]);
  expect(await one.me(await token({ jti: 'another' }))).toEqual([200]);
  expect(provider.asked).toBe(asked);
});

test('expiry counts by the injected clock', async () => {
  const good = await token();
  expect(await one.me(good)).toEqual([200]);
  world.clock.advanceMinutes(6);
  expect(await one.me(good)).toEqual([401, 'token-expired']);
  expect(await (await world.instance(config())).me(good)).toEqual([401, 'token-expired']);
});

test.each<[string, Record<string, unknown>, string]>([
  ['of another issuer', { iss: 'http://127.0.0.1:1' }, 'token-invalid'],
  ['for another audience', { aud: 'payroll' }, 'token-invalid'],
  ['without an end', { exp: undefined }, 'token-invalid'],
  ['that names nobody here', { preferred_username: 'nobody' }, 'account-unmapped'],
  ['that names another agency', { agency: '6202' }, 'account-unmapped'],
  ['without an agency', { agency: undefined }, 'account-unmapped'],
  ['whose name is no text', { preferred_username: ['li.jing'] }, 'account-unmapped'],
])('a token %s is refused', async (_what, claims, code) => {
  expect(await one.me(await token(claims))).toEqual([401, code]);
});

test('a token signed with another key, with none, or with the public key as a secret is refused', async () => {
  expect(await one.me(await token({}, 'RS256', await generateKeyPair('RS256')))).toEqual([401, 'token-invalid']);
  const [, payload] = (await token()).split('.');
  const header = Buffer.from('{"alg":"none"}').toString('base64url');
  expect(await one.me(`${header}.${payload}.`)).toEqual([401, 'token-invalid']);
  const { n } = await exportJWK(provider.keys.RS256.publicKey);
  const confused = await new SignJWT({ preferred_username: 'li.jing', agency: '620201' })
    .setProtectedHeader({ alg: 'HS256', kid: 'RS256' })
    .setIssuer(provider.issuer)
    .setAudience('sanji')
    .setSubject('u-1')
    .setExpirationTime(Math.floor(world.clock.now().getTime() / 1000) + 300)
    .sign(Buffer.from(n!));
  expect(await one.me(confused)).toEqual([401, 'token-invalid']);
});

test('a lock here works at once, whatever the provider says', async () => {
  const good = await token();
  expect(await one.me(good)).toEqual([200]);
  const system = await one.system('6202');
  const { id } = await one.users.getByName(system, 'li.jing');
  await one.users.lockAccount(system, id);
  expect(await one.me(good)).toEqual([401, 'account-locked']);
  await one.users.unlockAccount(system, id);
  expect(await one.me(good)).toEqual([200]);
});

test('passwords, sessions and second factors are kept elsewhere', async () => {
  const good = await token();
  const refreshToken = `rt_${'A'.repeat(64)}`;
  const answers = [
    await one.login('li.jing'),
    await one.ask('POST', '/auth/refresh', { body: { refreshToken } }),
    await one.ask('POST', '/auth/password', { token: good, body: { currentPassword: 'a', newPassword: 'b' } }),
    await one.ask('POST', '/auth/totp', { token: good, body: { password: 'a' } }),
  ];
  expect(answers.map(told)).toEqual(answers.map(() => [403, 'sign-in-elsewhere']));
  expect((await one.ask('POST', '/auth/logout', { token: good })).status).toBe(204);
});

test('a user is made without a password', async () => {
  const made = await one.addUser('zhao.min', '620201', ['officer'], { password: undefined });
  expect(made).toMatchObject({ mustChangePassword: false });
  expect(made).not.toHaveProperty('password');
  expect(await one.me(await token({ preferred_username: 'zhao.min' }))).toEqual([200]);
});

test('a sign-in at the provider is one line of the audit log, however many tokens come of it', async () => {
  await one.me(await token({ sid: 's-17' }));
  await one.me(await token({ sid: 's-17', jti: 'renewed' }));
  await one.me(await token({ sid: 's-18' }));
  const [row] = await one.database.source.query<{ count: number }[]>(
    `SELECT count(*) FROM audit_entry WHERE action = 'login.succeeded' AND data->>'by' = 'oidc' AND at = $1`,
    [world.clock.now()],
  );
  expect(row!.count).toBeGreaterThanOrEqual(2);
  await one.me(await token({ sid: 's-17', jti: 'renewed again' }));
  const [after] = await one.database.source.query<{ count: number }[]>(
    `SELECT count(*) FROM audit_entry WHERE action = 'login.succeeded' AND data->>'by' = 'oidc' AND at = $1`,
    [world.clock.now()],
  );
  expect(after!.count).toBe(row!.count);
});

test('while the provider is away nobody new gets in, for a reason that says so; afterwards it works by itself', async () => {
  const fresh = await world.instance(config());
  provider.up = false;
  const away = await fresh.ask('GET', '/auth/me', { token: await token() });
  expect([...told(away), away.headers['retry-after']]).toEqual([503, 'unavailable', '5']);
  provider.up = true;
  expect(await fresh.me(await token())).toEqual([200]);
});

test('the key set can be named outright', async () => {
  const named = await world.instance(config({ jwksUri: `${provider.issuer}/keys`, agencyClaim: 'unit' }));
  expect(await named.me(await token({ unit: '620201', agency: undefined }))).toEqual([200]);
});

test('API keys work as ever', async () => {
  const { key } = await one.keys.issue(await one.system('6202'), {
    name: 'x',
    agency: '6202',
    roles: ['feed'],
    sources: ['x'],
  });
  expect((await one.ask('GET', '/auth/me', { key })).status).toBe(200);
});
