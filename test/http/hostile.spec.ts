import { once } from 'node:events';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import fc from 'fast-check';
import { ruleOf } from '../../src/identity/access.policy.js';
import { UserService } from '../../src/identity/user.service.js';
import { systemCaller } from '../../src/identity/caller.js';
import { OrganizationRegistry } from '../../src/organization/organization.registry.js';
import { FALSE_ALARM, PLACES, World, type Answer } from '../case/support.js';
import { portOf } from '../realtime/listener.js';
import { Officer } from '../support/app.js';

/** What no error may repeat. */
const SECRETS = ['13987654321', '411322196501011234', '欧阳秘密', '6222021234560123', '方城县独树镇隐秘村八组'];

interface Described {
  operationId: string;
  parameters?: { name: string; in: 'path' | 'query' | 'header' }[];
  requestBody?: { content: Record<string, { examples?: { typical: { value: Record<string, unknown> } } }> };
}
interface Operation {
  id: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  parameters: { name: string; in: string }[];
  example: Record<string, unknown> | undefined;
}

/** Written into JSON as it stands: numbers that JavaScript would not write so. */
const RAW = ['1e400', '-1e400', '9007199254740993', '-0', '0.1', '1E5', '12345678901234567890123456789'].map(
  (n) => `raw:${n}`,
);
const TEXTS = [
  '',
  ' ',
  '0',
  '-1',
  'null',
  'true',
  '__proto__',
  'constructor',
  "'; DROP TABLE alert; --",
  '<script>alert(1)</script>',
  '{{7*7}}${7*7}',
  '../../etc/passwd',
  '%00',
  '\u0000',
  '\ud800',
  '\u202e\u2066',
  '٣٤٥',
  '9'.repeat(400),
  'x'.repeat(70_000),
  '💩'.repeat(2_000),
  '2023-02-30T00:00:00+08:00',
  '1923-06-01T00:00:00+08:00',
  '2123-06-01T00:00:00+08:00',
  '+275760-09-13T00:00:00Z',
  '0000-00-00',
  '2023-06-01',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  ...SECRETS,
];

const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<unknown>(...TEXTS, ...RAW) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, 2 ** 53, -(2 ** 31), 1e308) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(
      [],
      {},
      [[]],
      [null],
      { length: 5 },
      { toString: 1 },
      { $gt: '' },
      Array(300).fill(0),
      [SECRETS[0]],
    ),
  },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown> },
);

const hostileSegment = fc.constantFrom(
  '%00',
  '%2e%2e%2fetc',
  '%E0%A4%A',
  '%ff',
  '%',
  "'%20OR%201=1--",
  'x'.repeat(300),
  '0',
  '-1',
  '__proto__',
  '00000000-0000-0000-0000-000000000000',
  'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
  '%F0%9F%92%A9',
  '{id}',
  '411322%0d%0aSet-Cookie:x',
);

/** The example with some fields replaced, left out or added; or something else altogether. */
function bodyOf(example: Record<string, unknown> | undefined): fc.Arbitrary<{ text: string | Buffer; type: string }> {
  const fields = Object.keys(example ?? {});
  const mutated = fc
    .record({
      replaced: fc.array(fc.tuple(fc.constantFrom(...(fields.length > 0 ? fields : ['note'])), hostileValue), {
        maxLength: 2,
      }),
      nested: fc.array(
        fc.tuple(fc.constantFrom('phone', 'idNumber', 'name', 'address', 'kind', 'group'), hostileValue),
        { maxLength: 1 },
      ),
      dropped: fc.array(fc.constantFrom(...(fields.length > 0 ? fields : ['note'])), { maxLength: 1 }),
      added: fc.array(
        fc.tuple(fc.constantFrom('__proto__', 'constructor', 'id', 'status', 'colour', SECRETS[0]!), hostileValue),
        { maxLength: 1 },
      ),
    })
    .map(({ replaced, nested, dropped, added }) => {
      const body = structuredClone(example ?? {});
      for (const [name, value] of replaced) body[name] = value;
      for (const [name, value] of nested) {
        const subject = body['subject'];
        if (subject !== null && typeof subject === 'object') (subject as Record<string, unknown>)[name] = value;
      }
      for (const name of dropped) delete body[name];
      const plain = Object.entries(body).map(([name, value]) => `${JSON.stringify(name)}:${write(value)}`);
      const extra = added.map(([name, value]) => `${JSON.stringify(name)}:${write(value)}`);
      return { text: `{${[...plain, ...extra].join(',')}}`, type: 'application/json' };
    });
  const anything = fc
    .oneof(hostileValue, fc.dictionary(fc.string(), hostileValue))
    .map((value) => ({ text: write(value), type: 'application/json' }));
  const broken = fc.constantFrom<{ text: string | Buffer; type: string }>(
    { text: '{"a":', type: 'application/json' },
    { text: '{"a":1}}', type: 'application/json' },
    { text: '\ufeff{}', type: 'application/json' },
    { text: '{"note":"\u0000"}', type: 'application/json' },
    { text: '{"note":"\\ud800"}', type: 'application/json' },
    { text: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), type: 'application/json' },
    { text: '['.repeat(20_000), type: 'application/json' },
    { text: `{"a":${'['.repeat(500)}${']'.repeat(500)}}`, type: 'application/json' },
    { text: `{${Array.from({ length: 5_000 }, (_, i) => `"k${i}":${i}`).join(',')}}`, type: 'application/json' },
    { text: 'note=1', type: 'application/x-www-form-urlencoded' },
    { text: '<a/>', type: 'text/xml' },
    { text: '{}', type: 'text/plain' },
    { text: '{}', type: 'application/json; charset=utf-16' },
    { text: '{}', type: 'nonsense' },
    {
      text: '--x\r\ncontent-disposition: form-data; name="note"\r\n\r\n1\r\n--x--\r\n',
      type: 'multipart/form-data; boundary=x',
    },
    { text: '--x', type: 'multipart/form-data; boundary=x' },
    { text: '', type: 'multipart/form-data' },
  );
  return fc.oneof(
    { weight: 6, arbitrary: mutated },
    { weight: 1, arbitrary: anything },
    { weight: 2, arbitrary: broken },
  );
}

function write(value: unknown): string {
  return JSON.stringify(value).replace(/"raw:([^"]*)"/g, '$1');
}

const headersArb = fc.dictionary(
  fc.constantFrom(
    'if-match',
    'idempotency-key',
    'accept-language',
    'accept',
    'content-encoding',
    'range',
    'x-http-method-override',
  ),
  fc.constantFrom(
    '',
    '*',
    '"1"',
    'W/"x"',
    '"9007199254740993"',
    'a b',
    'x'.repeat(300),
    'zh-CN',
    'gzip',
    'bytes=0-',
    'DELETE',
    'application/xml',
  ),
  { maxKeys: 2 },
);

/** Ids of events that no server told anybody: not of the form, of another database, or too large for any. */
const FOREIGN_POSITIONS = [
  '0',
  '-1',
  'null',
  '1.2.3',
  '91532.01887a2c-5b1e-7d3f-9c1a-2f4be0a91c55',
  '91532.01887a2c-5b1e-7d3f-9c1a-2f4be0a91c55.3.4',
  '91532.01887A2C-5B1E-7D3F-9C1A-2F4BE0A91C55.3',
  '91532.01887a2c-5b1e-7d3f-9c1a-2f4be0a91c55.-3',
  '91532.01887a2c-5b1e-7d3f-9c1a-2f4be0a91c55.9999999999',
  '0x10.00000000-0000-0000-0000-000000000000.0',
  '1e3.00000000-0000-0000-0000-000000000000.0',
  '9223372036854775807.00000000-0000-0000-0000-000000000000.0',
  '9223372036854775808.00000000-0000-0000-0000-000000000000.0',
  '99999999999999999999.00000000-0000-0000-0000-000000000000.0',
  "0.00000000-0000-0000-0000-000000000000.0'; DROP TABLE alert; --",
  '__proto__',
  '%00',
  'caf\u00e9',
  '9'.repeat(101),
  SECRETS[0]!,
];

/** Headers that every operation may be sent, and those that its description names beside them. */
function headersOf({ parameters }: Operation): fc.Arbitrary<Record<string, string>> {
  const own = parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name.toLowerCase());
  if (!own.includes('last-event-id')) return headersArb;
  const position = fc.constantFrom('', '0.00000000-0000-0000-0000-000000000000.0', ...FOREIGN_POSITIONS);
  return fc
    .tuple(headersArb, fc.option(position, { nil: undefined }))
    .map(([headers, id]) => (id === undefined ? headers : { ...headers, 'last-event-id': id }));
}

/** Who calls, with the roles that they have. */
const CALLERS = new Map<string, string[]>([
  ['city', ['officer', 'supervisor']],
  ['county', ['officer', 'supervisor']],
  ['township', ['officer', 'supervisor']],
  ['otherCity', ['officer', 'supervisor']],
  ['admin', ['admin']],
  ['security', ['security']],
  ['auditor', ['auditor']],
  ['feed', ['feed']],
  ['nobody', []],
  ['a forger', []],
  ['a guesser', []],
]);

describe('hostile input to every operation', () => {
  let world: World;
  let operations: Operation[];
  const callers = new Map<string, Officer | undefined>([['nobody', undefined]]);
  let alerts: string[] = [];
  let users: string[] = [];

  beforeAll(async () => {
    world = await World.start(['city', 'county', 'township', 'otherCity']);
    for (const place of ['city', 'county', 'township', 'otherCity'] as const) callers.set(place, world.as(place));
    for (const role of ['admin', 'security', 'auditor'] as const) callers.set(role, await world.app.user('4113', role));
    callers.set('feed', world.feed);
    callers.set('a forger', new Officer(world.app, { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' }, 'forger'));
    callers.set('a guesser', new Officer(world.app, { 'x-api-key': 'sk_guess' }, 'guesser'));
    const agency = (await world.app.app.get(OrganizationRegistry).current()).byCode('411381')!;
    const order = { agency: agency.code, roles: ['officer' as const], password: 'Wan-Zhuan-8848!' };
    for (const username of ['expendable-1', 'expendable-2']) {
      await world.app.app.get(UserService).create(systemCaller(agency), { ...order, username, displayName: username });
    }
    users = (await world.sql<{ id: string }>(`SELECT id FROM user_account WHERE username LIKE 'expendable%'`)).map(
      (row) => row.id,
    );
    const { body } = await world.app.http.get('/api/openapi.json');
    operations = Object.entries(body.paths as Record<string, Record<string, Described>>).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, described]) => ({
        id: described.operationId,
        method: method.toUpperCase() as Operation['method'],
        path,
        parameters: described.parameters ?? [],
        example: described.requestBody?.content['application/json']?.examples?.typical.value,
      })),
    );
    // Whoever signs out or is locked comes last.
    operations.sort((a, b) => Number(/auth/.test(a.path)) - Number(/auth/.test(b.path)));
  });
  afterAll(() => world.stop());

  /** Alerts in every state, so that commands come past the first refusal. */
  async function freshAlerts(): Promise<void> {
    const made = async (
      ...steps: ['city' | 'county' | 'township', string, Record<string, unknown>][]
    ): Promise<string> => {
      const id = await world.alert({ riskLevel: 'low' });
      for (const [place, command, body] of steps) await world.give(place, id, command, body);
      return id;
    };
    alerts = [
      await world.alert({ divisionCode: undefined }),
      await made(),
      await made(['county', 'accept', {}], ['city', 'urge', { note: '快' }]),
      await made(
        ['county', 'accept', {}],
        ['county', 'forward', { agency: PLACES.township }],
        ['township', 'accept', {}],
      ),
      await made(
        ['county', 'accept', {}],
        ['county', 'outcome', { ...FALSE_ALARM, result: 'already-defrauded', lossFen: 1 }],
      ),
      await made(['county', 'accept', {}], ['county', 'outcome', FALSE_ALARM]),
    ];
  }

  /** Newest change and number of rows of every table that a refused request must leave alone. */
  async function fingerprint(operation: Operation): Promise<string> {
    const beside = ['audit_entry', 'idempotency', 'login_session', 'key_ring', 'schema_migration'];
    // A failed sign-in is counted.
    if (operation.path.includes('/auth/')) beside.push('user_account');
    tables ??= (
      await world.sql<{ name: string }>(
        `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`,
      )
    ).map(({ name }) => name);
    const parts = tables
      .filter((name) => !beside.includes(name))
      .map((name) => `SELECT '${name}' AS name, count(*) AS rows, max(xmin::text::bigint) AS last FROM ${name}`);
    return JSON.stringify(await world.sql(parts.join(' UNION ALL ')));
  }
  let tables: string[] | undefined;

  function request(operation: Operation): fc.Arbitrary<{
    who: string;
    url: string;
    headers: Record<string, string>;
    body?: { text: string | Buffer; type: string };
  }> {
    const rule = ruleOf(operation.id);
    const roles = rule && 'roles' in rule ? rule.roles.map((role) => role.split('@')[0]!) : [];
    const able = [...CALLERS].filter(([, own]) => own.some((role) => roles.includes(role))).map(([name]) => name);
    const who = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...(able.length > 0 ? able : ['nobody'])) },
      { weight: 1, arbitrary: fc.constantFrom(...CALLERS.keys()) },
    );
    const pool = operation.path.includes('/alerts/')
      ? alerts
      : operation.path.includes('/users/')
        ? users
        : ['411381', 'clocks', 'review'];
    const segment = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...pool) },
      { weight: 1, arbitrary: hostileSegment },
    );
    const names = operation.parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
    const query = fc
      .array(
        fc.tuple(
          fc.constantFrom(...names, 'colour', '__proto__', 'limit[]', 'a.b'),
          fc.oneof(fc.constantFrom(...TEXTS.filter((text) => text.isWellFormed() && text.length < 5_000)), fc.string()),
        ),
        { maxLength: 3 },
      )
      .map((pairs) =>
        pairs
          .map(
            ([name, value]) =>
              `${encodeURIComponent(name)}=${value.isWellFormed() ? encodeURIComponent(value) : '%ED%A0%80'}`,
          )
          .join('&'),
      );
    return fc.record(
      {
        who,
        url: fc
          .tuple(segment, query)
          .map(
            ([id, asked]) =>
              operation.path.replace(/\{\w+\}/g, id) +
              (asked && (operation.method === 'GET' || asked.length % 3 === 0) ? `?${asked}` : ''),
          ),
        headers: headersOf(operation),
        body: bodyOf(operation.example),
      },
      { requiredKeys: operation.method === 'GET' ? ['who', 'url', 'headers'] : ['who', 'url', 'headers', 'body'] },
    );
  }

  function check(answer: Answer, took: number, sent: unknown): void {
    const said = JSON.stringify({ status: answer.status, said: answer.text.slice(0, 600), sent }).slice(0, 3_000);
    if (answer.status >= 500) throw new Error(`a fault of the server: ${said}`);
    if (took > 5_000) throw new Error(`took ${took} ms: ${said}`);
    if (answer.status < 400) return;
    const { body } = answer;
    const type = String(answer.headers['content-type']);
    if (!type.startsWith('application/problem+json')) throw new Error(`not a problem but ${type}: ${said}`);
    const missing = ['type', 'title', 'status', 'detail', 'instance', 'code', 'requestId'].filter(
      (name) => body[name] === undefined,
    );
    if (missing.length > 0 || body.status !== answer.status)
      throw new Error(`a problem without ${missing.join()}: ${said}`);
    const leaked = [...SECRETS, 'node_modules', 'SELECT ', 'syntax error', 'relation "'].filter((secret) =>
      answer.text.includes(secret),
    );
    if (leaked.length > 0) throw new Error(`tells ${leaked.join()}: ${said}`);
  }

  it('never a fault, always a problem, nothing repeated that was sent, nothing changed by what was refused', async () => {
    const seed = Number(process.env['HOSTILE_SEED'] ?? Date.now() % 2 ** 31);
    const seen: Record<string, number> = {};
    for (const operation of operations) {
      if (alerts.length === 0 || (operation.method !== 'GET' && operation.path.includes('/alerts/')))
        await freshAlerts();
      const property = fc.asyncProperty(request(operation), async ({ who, url, headers, body }) => {
        const before = operation.method === 'GET' ? '' : await fingerprint(operation);
        const start = performance.now();
        const answer =
          operation.id === 'streamEvents'
            ? await stream(url, callers.get(who), headers)
            : await inject(operation.method, url, callers.get(who), headers, body);
        check(answer, performance.now() - start, {
          operation: operation.id,
          who,
          url,
          headers,
          body: body && String(body.text).slice(0, 500),
        });
        seen[answer.status] = (seen[answer.status] ?? 0) + 1;
        if (answer.status >= 400 && operation.method !== 'GET') expect(await fingerprint(operation)).toBe(before);
      });
      const runs = Number(process.env['HOSTILE_RUNS'] ?? 24);
      await fc.assert(property, { numRuns: runs, seed, endOnFailure: false, interruptAfterTimeLimit: 30_000 });
    }
    // Chance seldom gives a right command in a state that does not allow it.
    const signed = await world.alert();
    const body = { text: '{}', type: 'application/json' };
    for (let time = 0; time < 2; time++) {
      const answer = await inject('POST', `/api/v1/alerts/${signed}/accept`, world.as('county'), {}, body);
      check(answer, 0, { signed, time });
      seen[answer.status] = (seen[answer.status] ?? 0) + 1;
    }
    // Not everything was turned away at the door.
    expect(Object.keys(seen)).toEqual(expect.arrayContaining(['200', '400', '401', '403', '404', '409', '415', '422']));
  }, 240_000);

  async function inject(
    method: Operation['method'],
    url: string,
    who: Officer | undefined,
    headers: Record<string, string>,
    body?: { text: string | Buffer; type: string },
  ): Promise<Answer> {
    const answer = await world.app.app.inject({
      method,
      url,
      headers: { ...who?.headers, ...(body ? { 'content-type': body.type } : {}), ...headers },
      ...(body ? { payload: body.text } : {}),
    });
    const json = /json/.test(String(answer.headers['content-type'] ?? ''));
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: answer.payload,
      body: json ? JSON.parse(answer.payload) : {},
    };
  }

  /** Asks for the event stream over a socket: one that is granted does not end by itself, and is hung up on. */
  async function stream(url: string, who: Officer | undefined, headers: Record<string, string>): Promise<Answer> {
    const port = await portOf(world.app);
    const request = requestHttp({ port, host: '127.0.0.1', path: url, headers: { ...who?.headers, ...headers } }).end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const answer = { status: response.statusCode!, headers: response.headers, text: '', body: {} };
    if (/event-stream/.test(String(response.headers['content-type']))) {
      response.destroy();
      return answer;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    return { ...answer, text, body: JSON.parse(text) };
  }

  it('an event stream begins nowhere but at an id of its own, and takes no other question', async () => {
    const refused: [string, number, string][] = [];
    const officer = await world.app.user(PLACES.county, 'officer');
    const ask = async (what: string, path: string, headers: Record<string, string> = {}): Promise<void> => {
      const answer = await stream(path, officer, headers);
      check(answer, 0, { what, path, headers });
      refused.push([what, answer.status, answer.body.code]);
    };
    for (const id of FOREIGN_POSITIONS) {
      await ask(`header ${id}`, '/api/v1/events', { 'last-event-id': id });
      await ask(`query ${id}`, `/api/v1/events?lastEventId=${encodeURIComponent(id)}`);
    }
    for (const query of ['since=1', 'lastEventId[]=1', 'lastEventId=0&lastEventId=1', 'lasteventid=0']) {
      await ask(query, `/api/v1/events?${query}`);
    }
    const expected = (what: string): [number, string] =>
      what.startsWith('header') || (what.startsWith('query') && what.length < 100)
        ? [400, 'malformed-request']
        : [422, 'invalid'];
    expect(refused).toEqual(refused.map(([what]) => [what, ...expected(what)]));
  });

  it('what is not even HTTP is refused as well', async () => {
    const port = await portOf(world.app);
    const say = (text: string): Promise<string> =>
      new Promise((resolve, reject) => {
        let heard = '';
        const socket = connect(port, '127.0.0.1', () => socket.write(text));
        socket.on('data', (data) => (heard += data.toString()));
        socket.on('close', () => resolve(heard));
        socket.on('error', reject);
        socket.setTimeout(5_000, () => socket.destroy(new Error('no answer')));
      });
    const close = 'host: x\r\nconnection: close\r\n';
    for (const [text, status] of [
      ['NONSENSE\r\n\r\n', 400],
      [`GET /api/v1/alerts HTTP/1.1\r\n${close}x: ${'y'.repeat(40_000)}\r\n\r\n`, 431],
      [`GET /api/v1/alerts?q=${'y'.repeat(40_000)} HTTP/1.1\r\n${close}\r\n`, 431],
      [
        `POST /api/v1/alerts HTTP/1.1\r\n${close}content-type: application/json\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
        400,
      ],
      [`POST /api/v1/alerts HTTP/1.1\r\n${close}content-type: application/json\r\ncontent-length: -5\r\n\r\n`, 400],
      [`GET /api/v1/alerts/%E0%A4%A HTTP/1.1\r\n${close}\r\n`, 400],
      [`PROPFIND /api/v1/alerts HTTP/1.1\r\n${close}\r\n`, 404],
      [
        `GET /api/v1/alerts HTTP/1.1\r\n${close}${Array.from({ length: 900 }, (_, i) => `h${i}: 1\r\n`).join('')}\r\n`,
        401,
      ],
    ] as const) {
      const heard = await say(text);
      expect([text.slice(0, 60), heard.slice(0, 12)]).toEqual([text.slice(0, 60), `HTTP/1.1 ${status}`]);
      expect(heard.toLowerCase()).toContain('content-type: application/problem+json');
    }
  });
});
