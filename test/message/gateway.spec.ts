import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readChannels } from '../../src/message/channel.rules.js';
import { FileGateway } from '../../src/message/file.gateway.js';
import type { OutgoingMessage } from '../../src/message/gateway.js';
import { makeGateway } from '../../src/message/gateway.provider.js';
import { HttpGateway } from '../../src/message/http.gateway.js';
import { MovableClock } from '../../src/platform/clock/clock.js';
import { ConfigError, readConfig } from '../../src/platform/config/config.js';
import { createLogger } from '../../src/platform/log/logger.js';
import { START } from '../support/app.js';
import { Receiver } from './receiver.js';

const logger = createLogger('silent');
const clock = new MovableClock(START);
const message: OutgoingMessage = {
  id: 'm-1',
  channel: 'sms',
  to: '13712345678',
  text: '预警 "甲"\n第二行 & 100%',
  caseNos: ['NY-1', 'NY-2'],
};
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sanji-gateway-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the HTTP gateway', () => {
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await Receiver.start();
  });
  afterEach(() => receiver.stop());

  function gateway(channel: object, secrets: Record<string, string> = {}, timeoutMs?: number): HttpGateway {
    const { channels, faults } = readChannels(
      JSON.stringify({ sms: { url: `${receiver.url}/send`, ...channel } }),
      secrets,
    );
    expect(faults).toEqual([]);
    return new HttpGateway(channels, secrets, logger, timeoutMs);
  }

  it('fills a JSON body, whatever the text holds, and takes secrets from the environment', async () => {
    const body = { phone: '{{to}}', content: '您好:{{text}}', ext: '{{caseNos}}', n: 1 };
    const headers = { Authorization: 'Bearer {{secret:TOKEN}}', 'X-Id': '{{id}}' };
    const sent = await gateway({ headers, body, reference: '/msgid' }, { TOKEN: 's3cret' }).send(message);
    expect(sent).toEqual({ delivered: true, reference: 'M-1' });
    const [{ method, headers: got, body: text }] = receiver.received as [(typeof receiver.received)[0]];
    expect([method, got.authorization, got['x-id'], got['content-type']]).toEqual([
      'POST',
      'Bearer s3cret',
      'm-1',
      'application/json; charset=utf-8',
    ]);
    expect(JSON.parse(text)).toEqual({ phone: '13712345678', content: `您好:${message.text}`, ext: 'NY-1,NY-2', n: 1 });
  });

  it('fills a JSON text, a form and a URL, each as it must be written', async () => {
    await gateway({ body: '{"t":"{{text}}"}' }).send(message);
    await gateway({
      url: `${receiver.url}/send?to={{to}}&t={{text}}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'mobile={{to}}&content={{text}}',
    }).send(message);
    const [json, form] = receiver.received;
    expect(JSON.parse(json!.body)).toEqual({ t: message.text });
    expect(new URLSearchParams(form!.body).get('content')).toBe(message.text);
    expect(new URL(form!.url, receiver.url).searchParams.get('t')).toBe(message.text);
  });

  it.each([
    ['a status that is none of success', {}, 500, '', 'status-500'],
    ['a redirect, which is not followed', {}, 302, '', 'status-302'],
    ['a status that was not expected', { success: { status: [201] } }, 200, '', 'status-200'],
    ['a code that says no', { success: { pointer: '/errcode', equals: 0 } }, 200, '{"errcode":93000}', 'not-accepted'],
    ['an answer that is no JSON', { success: { pointer: '/errcode', equals: 0 } }, 200, '<html>', 'not-accepted'],
    ['a text without the pattern', { success: { pattern: '^OK' } }, 200, 'ERR 13712345678', 'not-accepted'],
  ])('takes %s for a failure', async (_what, channel, status, body, reason) => {
    receiver.answer = (_, response) => response.writeHead(status, { location: `${receiver.url}/elsewhere` }).end(body);
    expect(await gateway(channel).send(message)).toEqual({ delivered: false, reason });
    expect(receiver.received).toHaveLength(1);
  });

  it('gives up on silence, on a closed door and on a channel that there is not', async () => {
    receiver.answer = () => undefined;
    expect(await gateway({}, {}, 50).send(message)).toEqual({ delivered: false, reason: 'timeout' });
    receiver.answer = (_, response) => void response.destroy();
    expect(await gateway({}).send(message)).toEqual({ delivered: false, reason: 'unreachable' });
    expect(await gateway({}).send({ ...message, channel: 'wecom' })).toEqual({
      delivered: false,
      reason: 'no-channel',
    });
  });

  it('keeps no reference that repeats the number, and reads an endless answer only so far', async () => {
    receiver.answer = (_, response) => response.end('{"id":"x-13712345678"}');
    expect(await gateway({ reference: '/id' }).send(message)).toEqual({ delivered: true, reference: null });
    receiver.answer = (_, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    };
    expect(await gateway({}).send(message)).toEqual({ delivered: true, reference: null });
  });
});

describe('the channels file', () => {
  const faultsOf = (document: unknown): string[] =>
    readChannels(typeof document === 'string' ? document : JSON.stringify(document), { GIVEN: 'x' }).faults;
  const url = 'https://sms.example.org/send';

  it('names every fault, and quotes no value', () => {
    const faults = faultsOf({
      sms: { url: 'https://{{to}}/send', body: { t: '{{txt}}' }, success: { pointer: 'errcode', equals: 0 } },
      WeCom: { url, method: 'DELETE', headers: { 'x y': 'a', auth: '{{secret:MISSING}} {{to}}' }, retries: 3 },
      robot: 7,
    });
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(
      expect.arrayContaining(['sms', 'sms', 'sms', 'WeCom', 'WeCom', 'WeCom', 'WeCom', 'robot']),
    );
    for (const part of [
      'a host without placeholders',
      '{{txt}}',
      'success/pointer',
      'no name of a channel',
      'method',
      'headers/x y',
      'SANJI_SECRET_MISSING',
      '{{to}} has no place in a header',
      'retries is not known',
      'robot: must be',
    ]) {
      expect(faults.join('\n')).toContain(part);
    }
  });

  it.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['nothing', '{}'],
  ])('is refused where it is %s', (_what, text) => {
    expect(faultsOf(text)).toHaveLength(1);
  });

  it('takes the examples of the manual as they stand', async () => {
    const manual = await readFile(join(import.meta.dirname, '../../docs/messages.md'), 'utf8');
    const examples = [...manual.matchAll(/```json\n([\s\S]*?)```/g)].map((match) => match[1]!);
    expect(examples.length).toBeGreaterThan(2);
    const secrets = { SMS_TOKEN: 'x', SMS_ACCOUNT: 'x', SMS_PASSWORD: 'x' };
    for (const example of examples) expect(readChannels(example, secrets).faults).toEqual([]);
  });
});

describe('what the environment asks for', () => {
  const made = (env: Record<string, string>) =>
    makeGateway(readConfig({ SANJI_DATA_DIR: folder, ...env }), clock, logger);

  it('is nothing by default', async () => {
    const gateway = made({});
    expect([gateway.on, await gateway.send(message)]).toEqual([false, { delivered: false, reason: 'off' }]);
  });

  it('is refused at boot where it is not right', async () => {
    expect(() => made({ SANJI_MESSAGES: 'pigeon' })).toThrow(/SANJI_MESSAGES must be one of none, file, http/);
    expect(() => made({ SANJI_MESSAGES: 'http' })).toThrow(/SANJI_MESSAGES_CONFIG/);
    const file = join(folder, 'channels.json');
    const http = { SANJI_MESSAGES: 'http', SANJI_MESSAGES_CONFIG: file };
    expect(() => made(http)).toThrow(ConfigError);
    await writeFile(file, '{"sms":{"url":"ftp://example.org"}}');
    expect(() => made(http)).toThrow(/sms: url must begin with/);
    await writeFile(file, '{"sms":{"url":"https://example.org/{{secret:KEY}}"}}');
    expect(() => made(http)).toThrow(/SANJI_SECRET_KEY is not set/);
    expect(made({ ...http, SANJI_SECRET_KEY: 'k' }).channels).toEqual(['sms']);
  });

  it('is a file for its owner alone, with the numbers masked', async () => {
    const gateway = made({ SANJI_MESSAGES: 'file' });
    const path = join(folder, 'messages.jsonl');
    await writeFile(path, '');
    await chmod(path, 0o644);
    await gateway.send(message);
    await gateway.send({ ...message, channel: 'wecom', to: 'robot-key-9d2f' });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const lines = (await readFile(path, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { to: string });
    expect(lines.map(({ to }) => to)).toEqual(['137****5678', '****9d2f']);
    expect(lines[0]).toMatchObject({ channel: 'sms', text: message.text, caseNos: ['NY-1', 'NY-2'] });
  });

  it('fails where the file cannot be written', async () => {
    await writeFile(join(folder, 'taken'), '');
    const gateway = new FileGateway(join(folder, 'taken', 'messages.jsonl'), clock);
    expect(await gateway.send(message)).toEqual({ delivered: false, reason: 'unreachable' });
  });
});
