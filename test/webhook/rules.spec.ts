import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BEGINNING, type FeedEvent } from '../../src/feed/feed.js';
import { Allowance, isPublic, urlFault } from '../../src/webhook/address.rules.js';
import { HostResolver, type HostAddress } from '../../src/webhook/host.resolver.js';
import { HttpPoster } from '../../src/webhook/http.poster.js';
import { asksFor, payloadOf } from '../../src/webhook/payload.rules.js';
import { nextAttempt, pauseAfter } from '../../src/webhook/retry.rules.js';
import { keyOf, secretOf, signedHeaders } from '../../src/webhook/signature.rules.js';

/** Answers what it is told, one list after the other. */
class FixedResolver extends HostResolver {
  constructor(private readonly answers: HostAddress[][]) {
    super();
  }

  override async addressesOf(host: string): Promise<HostAddress[]> {
    if (/^[\d.]+$|:/.test(host)) return super.addressesOf(host);
    return this.answers.length > 1 ? this.answers.shift()! : this.answers[0]!;
  }
}

const at = (address: string): HostAddress => ({ address, family: address.includes(':') ? 6 : 4 });
const poster = (answers: string[][], allowed: boolean | string[] = false, production = false): HttpPoster =>
  new HttpPoster(new FixedResolver(answers.map((list) => list.map(at))), { webhookAllowPrivate: allowed, production });

async function serving<T>(listener: RequestListener, work: (port: number) => Promise<T>): Promise<T> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await work((server.address() as AddressInfo).port);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('addresses', () => {
  it.each([
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.255.255.254', '169.254.169.254', '172.16.0.1'],
    ...['172.31.255.255', '192.168.1.1', '192.0.2.1', '198.18.0.1', '198.51.100.7', '203.0.113.9', '224.0.0.1'],
    ...['239.255.255.255', '240.0.0.1', '255.255.255.255', '::', '::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8'],
    ...['fc00::1', 'fd12:3456::1', 'fe80::1', 'fe80::1%eth0', 'ff02::1', '64:ff9b::7f00:1', '2001:db8::1'],
    ...['2002:7f00:1::', '2001::1', 'localhost', ''],
  ])('%s is not public', (address) => {
    expect(isPublic(address)).toBe(false);
  });

  it.each(['8.8.8.8', '172.15.0.1', '172.32.0.1', '100.128.0.1', '223.5.5.5', '2606:4700::1111', '240e::1'])(
    '%s is public',
    (address) => {
      expect(isPublic(address)).toBe(true);
    },
  );

  it('are allowed by name, by address and by network', () => {
    const allowance = new Allowance(['receiver.intranet', '10.1.0.0/16', '192.168.1.7', 'fd00::/8']);
    expect(allowance.permits('receiver.intranet', '10.9.9.9')).toBe(true);
    expect(allowance.permits('x', '10.1.200.1')).toBe(true);
    expect(allowance.permits('x', '192.168.1.7')).toBe(true);
    expect(allowance.permits('x', 'fd00::7')).toBe(true);
    expect(allowance.permits('x', '10.2.0.1')).toBe(false);
    expect(allowance.permits('x', '192.168.1.8')).toBe(false);
    expect(new Allowance(true).permits('x', '127.0.0.1')).toBe(true);
    expect(new Allowance([]).permits('x', '127.0.0.1')).toBe(false);
  });
});

describe('a URL', () => {
  const none = new Allowance(false);
  it.each([
    'ftp://x.org',
    'https://user@x.org/',
    'https://user:pw@x.org/',
    'https://x.org/#a',
    'x.org',
    'javascript:1',
    '',
  ])('such as "%s" is refused', (text) => {
    expect(urlFault(text, none, false)).toEqual(expect.any(String));
  });

  it('is https in production, but for hosts that configuration names', () => {
    expect(urlFault('http://x.org/', none, false)).toBeUndefined();
    expect(urlFault('http://x.org/', none, true)).toBe('must begin with https://');
    expect(urlFault('http://x.org/', new Allowance(['x.org']), true)).toBeUndefined();
    expect(urlFault('http://10.0.0.1/', new Allowance(['10.0.0.0/8']), true)).toBeUndefined();
    expect(urlFault('https://x.org/', none, true)).toBeUndefined();
  });

  it.each([
    ['http://127.0.0.1/', 'private'],
    ['http://2130706433/', 'private'],
    ['http://0x7f.1/', 'private'],
    ['http://[::1]/', 'private'],
    ['http://[::ffff:127.0.0.1]/', 'private'],
    ['http://localhost./', 'private'],
    ['http://two.example/', 'private'],
  ])('%s leads inside and is refused', async (url, word) => {
    const resolver = /localhost/.test(url) ? new HostResolver() : new FixedResolver([[at('8.8.8.8'), at('10.0.0.1')]]);
    const fault = await new HttpPoster(resolver, { webhookAllowPrivate: false, production: false }).faultOf(url);
    expect(fault).toContain(word);
  });

  it('whose host nobody knows is refused', async () => {
    expect(await poster([[]]).faultOf('https://nowhere.example/')).toContain('cannot be found');
  });
});

describe('sending', () => {
  it('checks the address again each time: a name that turns inwards is not called', async () => {
    let requests = 0;
    await serving(
      (_request, response) => response.end(String(++requests)),
      async (port) => {
        const rebinding = poster([['93.184.216.34'], ['127.0.0.1']]);
        expect(await rebinding.faultOf(`http://rebinding.example:${port}/`)).toBeUndefined();
        expect(await rebinding.post(`http://rebinding.example:${port}/`, {}, '{}')).toEqual({
          delivered: false,
          result: 'address-not-allowed',
        });
        expect(await rebinding.post(`http://127.0.0.1:${port}/`, {}, '{}')).toMatchObject({ delivered: false });
      },
    );
    expect(requests).toBe(0);
  });

  it('connects to the address that was checked, under the name of the host', async () => {
    const hosts: (string | undefined)[] = [];
    await serving(
      (request, response) => {
        hosts.push(request.headers.host);
        response.writeHead(202).end();
      },
      async (port) => {
        const allowed = poster([['127.0.0.1']], ['127.0.0.1']);
        expect(await allowed.post(`http://inside.example:${port}/`, {}, '{}')).toEqual({
          delivered: true,
          result: '202',
        });
        expect(hosts).toEqual([`inside.example:${port}`]);
      },
    );
  });

  it('gives up a receiver that does not answer in time, and one that is not there', async () => {
    const inside = poster([], true);
    await serving(
      () => undefined,
      async (port) => {
        expect(await inside.post(`http://127.0.0.1:${port}/`, {}, '{}', 50)).toEqual({
          delivered: false,
          result: 'timeout',
        });
      },
    );
    const gone = await serving(
      () => undefined,
      async (port) => port,
    );
    expect(await inside.post(`http://127.0.0.1:${gone}/`, {}, '{}')).toEqual({
      delivered: false,
      result: 'connection',
    });
  });

  it('reads no endless answer', async () => {
    let written = 0;
    await serving(
      (_request, response) => {
        response.writeHead(200);
        const more = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(16_384))) written += 16_384;
        };
        response.on('drain', more);
        more();
      },
      async (port) => {
        expect(await poster([], true).post(`http://127.0.0.1:${port}/`, {}, '{}')).toEqual({
          delivered: true,
          result: '200',
        });
      },
    );
    expect(written).toBeLessThan(50_000_000);
  });
});

describe('secrets', () => {
  it('are whsec_ and the base64 of 24 to 64 bytes', () => {
    for (const bytes of [24, 32, 64]) {
      const key = Buffer.alloc(bytes, 5);
      expect(keyOf(secretOf(key))).toEqual(key);
    }
    for (const wrong of ['', 'whsec_', 'abc', secretOf(Buffer.alloc(23)), secretOf(Buffer.alloc(65)), 'whsec_!!!!'])
      expect(keyOf(wrong)).toBeUndefined();
  });

  it('sign as the example of the specification does', () => {
    const key = keyOf('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')!;
    const headers = signedHeaders('msg_p5jXN8AQM9LWM0D4loKWxJek', new Date(1_614_265_330_000), '{"test": 2432232314}', [
      key,
      key,
    ]);
    const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': `${signature} ${signature}`,
    });
  });
});

describe('retries', () => {
  const start = new Date('2023-06-01T00:00:00Z');

  it('wait twice as long each time, half of it by chance, at most an hour and never beyond 24 hours', () => {
    const wait = (attempts: number, chance: number): number =>
      nextAttempt(start, start, attempts, chance)!.getTime() - start.getTime();
    expect([1, 2, 3, 4].map((attempts) => wait(attempts, 1))).toEqual([5_000, 10_000, 20_000, 40_000]);
    expect([1, 2, 3, 4].map((attempts) => wait(attempts, 0))).toEqual([2_500, 5_000, 10_000, 20_000]);
    expect(wait(40, 1)).toBe(3_600_000);
    const late = new Date(start.getTime() + 23.9 * 3_600_000);
    expect(nextAttempt(late, start, 30, 1)).toEqual(new Date(start.getTime() + 24 * 3_600_000));
    expect(nextAttempt(new Date(start.getTime() + 24 * 3_600_000), start, 30, 1)).toBeUndefined();
  });

  it('leave a receiver alone from the second failure in a row on, for five minutes at most', () => {
    const pause = (failures: number): number | undefined => {
      const until = pauseAfter(start, start, failures, 1);
      return until === null ? undefined : until.getTime() - start.getTime();
    };
    expect([1, 2, 3, 4].map(pause)).toEqual([undefined, 2_000, 4_000, 8_000]);
    expect(pause(50)).toBe(300_000);
  });

  it('come back to the receiver in time for the last attempt', () => {
    const first = new Date(start.getTime() - 24 * 3_600_000 + 60_000);
    expect(pauseAfter(start, first, 50, 1)).toEqual(new Date(start.getTime() + 60_000));
    const past = new Date(start.getTime() - 24 * 3_600_000);
    expect(pauseAfter(start, past, 50, 1)).toEqual(new Date(start.getTime() + 300_000));
  });
});

describe('what is told', () => {
  const event = (overrides: Partial<FeedEvent>): FeedEvent => ({
    ...BEGINNING,
    seq: 7,
    at: start(),
    type: 'pushed',
    actorId: null,
    agencyId: 1,
    data: '{}',
    caseKind: 'alert',
    caseNumber: '4113-20230601-000001',
    source: 'national-platform',
    cityId: 1,
    heldBy: [1],
    holderId: 1,
    ...overrides,
  });
  const start = (): Date => new Date('2023-06-01T00:00:00Z');
  const dataOf = (overrides: Partial<FeedEvent>): Record<string, unknown> =>
    (JSON.parse(payloadOf(event(overrides), 't', '4113')) as { data: Record<string, unknown> }).data;

  it('is facts that are known to be codes, numbers and moments; nothing else', () => {
    const told = dataOf({
      data: JSON.stringify({
        agency: '411322',
        hop: 2,
        reason: '张三说的',
        purpose: '核对',
        sourceRef: '13800001234',
        surprise: 'new',
        before: { status: 'new', note: '王某' },
      }),
    });
    expect(told).toEqual({
      agency: '4113',
      concerns: '411322',
      hop: 2,
      before: { status: 'new' },
      caseKind: 'alert',
      alertId: BEGINNING.caseId,
      alertNo: '4113-20230601-000001',
      seq: 7,
      position: `0.${BEGINNING.caseId}.7`,
    });
  });

  it('keeps reasons and purposes that are codes', () => {
    expect(dataOf({ type: 'returned', data: '{"reason":"not-local"}' })).toMatchObject({ reason: 'not-local' });
    expect(dataOf({ type: 'messaged', data: '{"purpose":"subject"}' })).toMatchObject({ purpose: 'subject' });
    expect(dataOf({ type: 'revealed', data: '{"purpose":"核对"}' })).not.toHaveProperty('purpose');
  });

  it('is what was asked for', () => {
    expect(asksFor(['case.*'], 'pushed')).toBe(true);
    expect(asksFor(['case.pushed'], 'pushed')).toBe(true);
    expect(asksFor(['case.closed'], 'pushed')).toBe(false);
  });
});
