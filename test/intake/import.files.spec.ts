import { once } from 'node:events';
import { connect } from 'node:net';
import iconv from 'iconv-lite';
import { createApp } from '../../src/app.js';
import { ImportWorker } from '../../src/intake/import.worker.js';
import { readConfig } from '../../src/platform/config/config.js';
import { Keyring } from '../../src/platform/crypto/keyring.js';
import { createLogger } from '../../src/platform/log/logger.js';
import { KEYS, TestApp, type Officer } from '../support/app.js';
import { xlsxOf } from '../support/xlsx.js';
import { columnsWith, csv, finished, HEADER_ZH, imported, query, rowCounts, rowZh, send } from './support.js';

let app: TestApp;
let city: Officer;

beforeAll(async () => {
  app = await TestApp.start();
  city = await app.user('4113', 'officer');
});
afterAll(() => app.stop());

describe('personal data of a file', () => {
  it('is nowhere in clear: not while it waits, not when it is rejected, not in its name', async () => {
    const worker = app.app.get(ImportWorker);
    await worker.loop.stop();
    const good = rowZh({ 姓名: '司马相如', 手机号: '18812345678', 涉案账号: '6217001180012345678' });
    const bad = rowZh({ 姓名: '诸葛孔明', 手机号: '188123456780' });
    const { body } = await send(app, city, csv(HEADER_ZH, [good, bad]), { name: '司马相如18812345678.csv' });
    const words = ['18812345678', '司马相如', '诸葛孔明', '6217001180012345678'];
    expect(await query(app, 'SELECT 1 FROM import_chunk WHERE job_id = $1', [body.id])).toHaveLength(1);
    expect(await columnsWith(app, words)).toEqual([]);
    worker.loop.start();
    expect(await finished(city, body.id)).toMatchObject({
      created: 1,
      rejected: 1,
      fileName: '司马相如18812345678.csv',
    });
    expect(await columnsWith(app, words)).toEqual([]);
    // The search finds what is there.
    expect(await columnsWith(app, ['national-platform'])).toContain('alert.source');
  });
});

describe('a file that is none', () => {
  const header = csv(HEADER_ZH, []);
  const utf8 = Buffer.from(csv(HEADER_ZH, [rowZh(), rowZh()]));
  it.each<[string, Buffer | string, number, string, string | undefined]>([
    ['a PDF', '%PDF-1.7\n%âãÏÓ\n1 0 obj', 422, 'unreadable-file', 'not-a-table'],
    ['an empty file', '', 422, 'unreadable-file', 'empty-file'],
    ['a header alone', header, 422, 'unreadable-file', 'empty-file'],
    [
      'mixed encodings',
      Buffer.concat([utf8, iconv.encode(csv(rowZh(), [rowZh()]), 'gb18030')]),
      422,
      'unreadable-file',
      'mixed-encoding',
    ],
    [
      'a table of 200 columns',
      csv([...HEADER_ZH, ...Array.from({ length: 200 }, (_, i) => `列${i}`)], [rowZh()]),
      422,
      'unreadable-file',
      'too-many-columns',
    ],
    [
      'a quotation mark that is never closed',
      `${header}"${'x,'.repeat(200_000)}`,
      422,
      'unreadable-file',
      'unterminated-quote',
    ],
    ['a column that is there twice', csv([...HEADER_ZH, '手机号'], [[...rowZh(), '1']]), 422, 'invalid', undefined],
    [
      'a column that nobody reads and is there twice',
      csv([...HEADER_ZH, '序号', '序号'], [[...rowZh(), '1', '1']]),
      422,
      'invalid',
      undefined,
    ],
    ['a column that nobody knows', csv([...HEADER_ZH, '星座'], [[...rowZh(), '1']]), 422, 'invalid', undefined],
    ['no header', csv(rowZh(), [rowZh()]), 422, 'invalid', undefined],
  ])('%s is refused at once and changes nothing', async (_name, file, status, code, reason) => {
    const before = await rowCounts(app);
    const answer = await send(app, city, file);
    expect({ status: answer.status, code: answer.body.code, reason: answer.body.reason }).toEqual({
      status,
      code,
      reason,
    });
    expect(answer.text).not.toMatch(/139\d{8}|欧阳/);
    expect(await rowCounts(app)).toEqual(before);
    expect(await query(app, `SELECT 1 FROM import_job WHERE total = 0`)).toEqual([]);
  });

  it('a zip bomb costs a bounded time and little memory', async () => {
    const row = `<row r="2"><c r="A2" t="inlineStr"><is><t>${'0'.repeat(5_000)}</t></is></c></row>`;
    const bomb = xlsxOf([HEADER_ZH], {
      parts: { 'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${row.repeat(20_000)}</sheetData></worksheet>` },
    });
    const answer = await send(app, city, bomb, { name: 'a.xlsx' });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ code: 'unreadable-file', reason: 'zip-bomb' });
  });

  it('names all wrong columns at once', async () => {
    const { body } = await send(app, city, csv(['来源', '手机号', '联系电话', '颜色'], [['a', 'b', 'c', 'd']]));
    expect(body.errors!.map(({ message }) => message)).toEqual([
      '来源编号 (sourceRef) is missing',
      '发现时间 (detectedAt) is missing',
      '风险等级 (riskLevel) is missing',
      '诈骗类型 (fraudType) is missing',
      '"颜色" (column D) is not a column of a file of signals',
      '"联系电话" (column C) says the same as "手机号" (column B)',
    ]);
  });

  it('a body that is no form, or has no file, is refused', async () => {
    expect((await city.post('/alerts/import', {})).status).toBe(415);
    const post = () => app.http.post('/api/v1/alerts/import').set(city.headers);
    expect((await post().field('dryRun', 'true')).status).toBe(400);
    expect((await post().field('file', 'a,b')).status).toBe(422);
    expect((await post().attach('upload', Buffer.from('a'), 'a.csv')).body.errors).toEqual([
      { pointer: '/upload', message: 'is not a field of this request' },
    ]);
    expect(
      (
        await post()
          .attach('file', Buffer.from(csv(HEADER_ZH, [rowZh()])), 'a.csv')
          .attach('file', Buffer.from('b'), 'b.csv')
      ).status,
    ).toBe(400);
    expect((await post().set('content-type', 'multipart/form-data').send('x')).status).toBe(400);
    expect((await post().set('content-type', 'multipart/form-data; boundary=x').send('--x\r\nnonsense')).status).toBe(
      400,
    );
    const cut = `--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n${csv(HEADER_ZH, [rowZh()])}`;
    expect((await post().set('content-type', 'multipart/form-data; boundary=x').send(cut)).status).toBe(400);
  });

  it('an upload that is cut off leaves nothing, and goes through when it is sent again', async () => {
    const file = csv(
      HEADER_ZH,
      Array.from({ length: 3_000 }, () => rowZh()),
    );
    const head = `--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n`;
    await app.app.listen(0, '127.0.0.1');
    const { port } = app.app.getHttpServer().address() as { port: number };
    const socket = connect(port, '127.0.0.1');
    const headers = Object.entries({ ...city.headers, 'idempotency-key': 'cut-1' }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    socket.write(
      `POST /api/v1/alerts/import HTTP/1.1\r\nhost: a\r\n${headers.join('')}content-type: multipart/form-data; boundary=x\r\ncontent-length: 9000000\r\n\r\n${head}${file}`,
    );
    const staged = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
    while ((await query(app, staged)).length === 0);
    socket.destroy();
    await once(socket, 'close');
    while ((await query(app, staged)).length > 0);
    expect(await query(app, `SELECT 1 FROM import_job j WHERE total = 3000 OR total = 0`)).toEqual([]);
    const again = await imported(app, city, file, { headers: { 'idempotency-key': 'cut-1' } });
    expect(again).toMatchObject({ total: 3_000, created: 3_000 });
  });

  it('is refused with 413 where it is larger than it may be, said or not', async () => {
    const { app: small, close } = await createApp({
      config: readConfig({ SANJI_KEYS: KEYS, SANJI_LOG_LEVEL: 'silent', SANJI_IMPORT_MAX_MB: '1' }),
      url: app.database.url,
      keyring: Keyring.parse(KEYS),
      clock: app.clock,
      logger: createLogger('silent'),
    });
    await small.listen(0, '127.0.0.1');
    const feed = await app.feed();
    const { port } = small.getHttpServer().address() as { port: number };
    const file = csv(
      HEADER_ZH,
      Array.from({ length: 12_000 }, () => rowZh()),
    );
    const form = new FormData();
    form.append('file', new Blob([file]), 'a.csv');
    const said = new Response(form);
    const type = said.headers.get('content-type')!;
    const body = Buffer.from(await said.arrayBuffer());
    const post = (content: Buffer | ReadableStream): Promise<Response> =>
      fetch(`http://127.0.0.1:${port}/api/v1/alerts/import`, {
        method: 'POST',
        headers: { ...feed.headers, 'content-type': type },
        body: content as RequestInit['body'],
        ...(content instanceof ReadableStream ? { duplex: 'half' } : {}),
      });
    for (const content of [body, new Blob([body]).stream()]) {
      const answer = await post(content);
      expect(answer.status).toBe(413);
      expect(await answer.json()).toMatchObject({ code: 'too-large' });
    }
    expect(await query(app, 'SELECT 1 FROM import_job WHERE total IN (0, 12000)')).toEqual([]);
    await close();
  });
});
