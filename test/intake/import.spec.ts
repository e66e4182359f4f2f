import { jest } from '@jest/globals';
import iconv from 'iconv-lite';
import { ImportService } from '../../src/intake/import.service.js';
import { ImportWorker } from '../../src/intake/import.worker.js';
import { IntakeApi } from '../../src/intake/intake.api.js';
import { ApiKeyService } from '../../src/identity/api-key.service.js';
import { systemCaller } from '../../src/identity/caller.js';
import { OrganizationRegistry } from '../../src/organization/organization.registry.js';
import { Officer, signal, TestApp } from '../support/app.js';
import { xlsxOf } from '../support/xlsx.js';
import {
  csv,
  finished,
  HEADER_EN,
  HEADER_ZH,
  imported,
  query,
  rowCounts,
  rowZh,
  send,
  type SendOptions,
} from './support.js';

let app: TestApp;
let city: Officer;
let feed: Officer;

beforeAll(async () => {
  app = await TestApp.start(['4113', '4201']);
  city = await app.user('4113', 'officer');
  feed = await app.feed();
});
afterAll(() => app.stop());

const lines = (text: string): string[] =>
  text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split('\r\n');

describe('a file of signals', () => {
  it.each([
    ['UTF-8', (text: string) => Buffer.from(text)],
    ['UTF-8 with a byte order mark', (text: string) => Buffer.from(`\uFEFF${text}`)],
    ['GB18030', (text: string) => iconv.encode(text, 'gb18030')],
    ['UTF-16 as Excel saves "Unicode text"', (text: string) => iconv.encode(text, 'utf-16le', { addBOM: true })],
  ])('is read as CSV in %s, header in Chinese', async (_name, encode) => {
    const row = rowZh();
    const done = await imported(app, city, encode(csv(HEADER_ZH, [row])));
    expect(done).toMatchObject({ status: 'completed', total: 1, processed: 1, created: 1, rejected: 0, failure: null });
    const { body } = await city.get(`/alerts?phone=${row[8]!}`);
    expect(body.items).toEqual([
      expect.objectContaining({
        source: 'national-platform',
        sourceRef: row[1],
        kind: 'fund',
        riskLevel: 'high',
        fraudType: 'brushing-rebate',
        divisionCode: '411322100',
        detectedAt: '2023-06-01T09:00:00.000+08:00',
        amountAtRiskFen: 20_000_050,
        holder: expect.objectContaining({ code: '411322' }),
        subject: expect.objectContaining({ group: 'elderly', name: '欧**某', phone: `139****${row[8]!.slice(-4)}` }),
      }),
    ]);
  });

  it('is read as CSV with an English header and semicolons', async () => {
    const row = [
      'national-platform',
      'EN-1',
      '2023-06-01T09:00:00+08:00',
      'telecom',
      'urgent',
      'fake-loan',
      '411322',
      'Wang',
      '13700000001',
      '',
      '',
      'none',
      '',
      '12345',
      'said so',
    ];
    expect(await imported(app, feed, csv(HEADER_EN, [row]).replaceAll(',', ';'))).toMatchObject({
      created: 1,
      total: 1,
    });
    const { body } = await city.get('/alerts?phone=13700000001');
    expect(body.items[0]).toMatchObject({ amountAtRiskFen: 12_345, riskLevel: 'urgent', summary: 'said so' });
  });

  it('is read where a title stands above the header', async () => {
    const text = `南阳市预警信号\n\n${csv(HEADER_ZH, [rowZh({ 手机号: '1' })])}`;
    const done = await imported(app, city, text);
    expect(done).toMatchObject({ rejected: 1, total: 1 });
    expect((await city.get(`/imports/${done.id}/rejects.csv`)).text).toContain(',4,手机号：');
  });

  it('is read as XLSX with numbers and dates as a spreadsheet program stores them', async () => {
    const header = ['来源', '来源编号', '发现时间', '风险等级', '诈骗类型', '手机号', '风险金额（万元）', '行政区划'];
    const book = xlsxOf(
      [
        header,
        [
          'national-platform',
          70001,
          { v: '45078.395833333336', style: 1 },
          '紧急',
          '杀猪盘?',
          13_700_000_002,
          20.5,
          411322100000,
        ],
        ['national-platform', 70002, { v: '45078', style: 2 }, '低', '刷单返利', 13_700_000_003, 0.1, ''],
      ],
      { styles: [22, 14] },
    );
    const done = await imported(app, city, book, { name: '六月.xlsx' });
    expect(done).toMatchObject({ total: 2, created: 1, rejected: 1, fileName: '六月.xlsx' });
    const { body } = await city.get('/alerts?phone=13700000003');
    expect(body.items[0]).toMatchObject({
      sourceRef: '70002',
      amountAtRiskFen: 100_000,
      detectedAt: '2023-06-01T00:00:00.000+08:00',
      riskLevel: 'low',
    });
    const { text } = await city.get(`/imports/${done.id}/rejects.csv`);
    expect(lines(text)).toEqual([
      [...header, '行号', '原因'].join(','),
      'national-platform,70001,2023-06-01T09:30:00,紧急,杀猪盘?,13700000002,20.5,411322100000,2,诈骗类型：不是已知的诈骗类型',
    ]);
  });

  it('gives the alerts that single signals give: content, merges and history', async () => {
    const one = await feed.post(
      '/alerts',
      signal({ sourceRef: 'SAME-1', subject: { phone: '13700000010', name: '王某' }, riskLevel: 'medium' }),
    );
    const header = [
      'source',
      'sourceRef',
      'detectedAt',
      'riskLevel',
      'fraudType',
      'phone',
      'name',
      'kind',
      'divisionCode',
    ];
    const again = [
      'national-platform',
      'SAME-1',
      '2023-06-01 09:30',
      '中',
      '刷单返利',
      '+86 137-0000-0010',
      '王某',
      '资金预警',
      '411322100',
    ];
    const joining = [
      'national-platform',
      'SAME-2',
      '2023-06-01 09:40',
      'urgent',
      '刷单返利',
      '13700000010',
      '',
      '',
      '',
    ];
    const other = [
      'national-platform',
      'SAME-1',
      '2023-06-01 09:30',
      '低',
      '刷单返利',
      '13700000010',
      '王某',
      '资金预警',
      '411322100',
    ];
    app.clock.advanceMinutes(15);
    const done = await imported(app, feed, csv(header, [again, joining, other]));
    expect(done).toMatchObject({ created: 0, duplicates: 1, merged: 1, rejected: 1 });
    const { body } = await city.get(`/alerts/${one.body.id as string}`);
    expect(body).toMatchObject({ riskLevel: 'urgent', status: 'assigned' });
    const timeline = await city.get(`/alerts/${one.body.id as string}/timeline`);
    expect(timeline.body.items.map(({ type }: { type: string }) => type)).toEqual(['received', 'signal-joined']);
  });

  it('finds repeats and merges inside one file, across its chunks, and in the next file', async () => {
    const rows = Array.from({ length: 2_500 }, () => rowZh());
    rows[2_400] = rows[3]!;
    rows[2_401] = rowZh({ 手机号: rows[4]![8]! });
    rows[2_402] = rows[5]!.with(4, '低');
    const file = csv(HEADER_ZH, rows);
    const first = await imported(app, city, file);
    expect(first).toMatchObject({
      total: 2_500,
      processed: 2_500,
      created: 2_497,
      duplicates: 1,
      merged: 1,
      rejected: 1,
    });
    expect(await imported(app, city, file, { name: 'again.csv' })).toMatchObject({
      created: 0,
      merged: 0,
      duplicates: 2_499,
      rejected: 1,
    });
    const { text } = await city.get(`/imports/${first.id}/rejects.csv`);
    expect(lines(text)[1]).toMatch(
      /,2404,该来源编号已用于内容不同的预警$|,2404,来源编号：该来源编号已用于内容不同的预警$/,
    );
  });
});

describe('rejected rows', () => {
  it('come back as they came, with row number and reason, and nothing that a spreadsheet takes for a formula', async () => {
    const bad = rowZh({
      手机号: '1380000123',
      摘要: '=HYPERLINK("http://x","y")',
      姓名: '李"某"\n某',
      来源编号: '@cmd',
    });
    const wide = [...rowZh(), '', '多出来的'];
    const done = await imported(
      app,
      city,
      csv(HEADER_ZH, [rowZh(), bad, rowZh(), wide, rowZh({ 诈骗类型: '', 风险等级: '' })]),
    );
    expect(done).toMatchObject({ total: 5, created: 2, rejected: 3 });
    const answer = await city.get(`/imports/${done.id}/rejects.csv`);
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(answer.headers['content-disposition']).toBe(`attachment; filename="rejects-${done.id}.csv"`);
    expect(answer.text.startsWith('\uFEFF')).toBe(true);
    const quoted = answer.text.replace(/^\uFEFF/, '');
    expect(quoted).toContain(`national-platform,'@cmd,`);
    expect(quoted).toContain(`"'=HYPERLINK(""http://x"",""y"")"`);
    expect(quoted).toContain('"李""某""\n某"');
    expect(quoted).toContain(',3,手机号：不是大陆手机号');
    expect(quoted).toMatch(/,\d+,Q 列没有列名却有内容（可能多了一个分隔符）,,多出来的\r\n/);
    expect(quoted).toContain('风险等级：必填；诈骗类型：必填');

    // Corrected and handed in as it is: the two columns more are no fault.
    const corrected = quoted.replace('1380000123,', '13700000123,').replace("'@cmd", 'CMD-1').replace(',,多出来的', '');
    const again = await imported(app, city, corrected);
    expect(again).toMatchObject({ total: 3, created: 2, rejected: 1 });
    // Whatever is still wrong has its present place and reason only.
    const second = await city.get(`/imports/${again.id}/rejects.csv`);
    expect(lines(second.text)[0]).toBe([...HEADER_ZH, '行号', '原因'].join(','));
    expect(lines(second.text)[1]).toMatch(/,\d,风险等级：必填；诈骗类型：必填$/);
    const numbered = csv(['序号', ...HEADER_ZH, '行号', '原因'], [['1', ...rowZh(), '7', '']]);
    expect(await imported(app, city, numbered)).toMatchObject({ created: 1 });
  });

  it('are for the agency that handed the file in, and each download is in the audit log', async () => {
    const { id } = await imported(app, city, csv(HEADER_ZH, [rowZh({ 手机号: '1' })]));
    const auditor = await app.user('4113', 'auditor');
    const strangers = [
      await app.user('4201', 'officer'),
      await app.feed('4201'),
      await app.feed('411322'),
      await app.feed('4113', ['elsewhere']),
      feed,
    ];
    for (const stranger of strangers) {
      expect((await stranger.get(`/imports/${id}`)).status).toBe(404);
      expect((await stranger.get(`/imports/${id}/rejects.csv`)).status).toBe(404);
    }
    expect((await city.get('/imports/none/rejects.csv')).status).toBe(404);
    await city.get(`/imports/${id}/rejects.csv`).expect(200);
    const { body } = await auditor.get('/audit?action=import.rejects-downloaded');
    const entries = body.items.filter(({ objectId }: { objectId: string }) => objectId === id);
    expect(entries).toEqual([
      expect.objectContaining({ actor: expect.objectContaining({ name: city.name }), data: { rows: 1 } }),
    ]);
  });

  it('of a feed are for feeds of the same sources', async () => {
    const { id } = await imported(app, feed, csv(HEADER_ZH, [rowZh({ 手机号: '1' }), rowZh({ 来源: 'hotline' })]));
    const twin = await app.feed('4113', ['national-platform', 'bank']);
    expect((await twin.get(`/imports/${id}/rejects.csv`)).text).toContain('来源：不在该密钥允许的来源之内');
    expect((await city.get(`/imports/${id}`)).body).toMatchObject({ rejected: 2 });
  });

  it('and finished imports are gone after a week', async () => {
    const { id } = await imported(app, city, csv(HEADER_ZH, [rowZh({ 手机号: '1' })]));
    const worker = app.app.get(ImportWorker);
    app.clock.advanceMinutes(7 * 24 * 60 - 1);
    await worker.purge();
    expect((await city.get(`/imports/${id}`)).status).toBe(200);
    app.clock.advanceMinutes(2);
    await worker.purge();
    expect((await city.get(`/imports/${id}`)).status).toBe(404);
    expect(await query(app, 'SELECT 1 FROM import_reject WHERE job_id = $1', [id])).toEqual([]);
  });

  it('are streamed however many there are', async () => {
    const rows = Array.from({ length: 1_200 }, () => rowZh({ 手机号: '1' }));
    const { id } = await imported(app, city, csv(HEADER_ZH, rows));
    const { text } = await city.get(`/imports/${id}/rejects.csv`);
    expect(lines(text).map((line) => line.split(',')[1])).toEqual(['来源编号', ...rows.map((row) => row[1])]);
  });
});

describe('a dry run', () => {
  it('says what would become of the file, inside and across its chunks, and changes nothing', async () => {
    const stored = rowZh();
    await imported(app, city, csv(HEADER_ZH, [stored]));
    const rows = Array.from({ length: 2_100 }, () => rowZh());
    rows[0] = stored;
    rows[1] = stored.with(4, '低');
    rows[2] = rowZh({ 手机号: stored[8]! });
    rows[3] = rowZh({ 手机号: '1' });
    rows[10] = rowZh({ 身份证号: '411322196501011234' });
    rows[2_000] = rows[20]!;
    rows[2_001] = rows[21]!.with(4, '低');
    rows[2_002] = rowZh({ 手机号: rows[22]![8]! });
    rows[2_003] = rowZh({ 身份证号: '411322196501011234' });
    rows[2_004] = rows[2_002]!;
    const file = csv(HEADER_ZH, rows);
    const before = await rowCounts(app);
    const dry = await imported(app, city, file, { query: '?dryRun=true' });
    expect(await rowCounts(app)).toEqual(before);
    expect(dry).toMatchObject({
      status: 'completed',
      dryRun: true,
      total: 2_100,
      processed: 2_100,
      created: 2_091,
      duplicates: 3,
      merged: 3,
      rejected: 3,
    });
    const rejects = (await city.get(`/imports/${dry.id}/rejects.csv`)).text;

    const real = await imported(app, city, file);
    expect(real).toMatchObject({
      created: dry.created,
      duplicates: dry.duplicates,
      merged: dry.merged,
      rejected: dry.rejected,
    });
    expect((await city.get(`/imports/${real.id}/rejects.csv`)).text).toBe(rejects);
  });

  it('may be asked for by a field of the form, before or after the file', async () => {
    const file = csv(HEADER_ZH, [rowZh()]);
    expect(await imported(app, city, file, { before: { dryRun: 'true' } })).toMatchObject({ dryRun: true, created: 1 });
    expect(await imported(app, city, file, { after: { dryRun: 'true' } })).toMatchObject({ dryRun: true, created: 1 });
    expect(await imported(app, city, file, { after: { dryRun: 'false' } })).toMatchObject({
      dryRun: false,
      created: 1,
    });
    expect((await send(app, city, file, { after: { dryRun: 'maybe' } })).body.errors).toEqual([
      { pointer: '/dryRun', message: 'must be true or false' },
    ]);
    expect((await send(app, city, file, { query: '?dryRun=true', after: { dryRun: 'false' } })).status).toBe(422);
    expect((await send(app, city, file, { query: '?dryRun=1' })).status).toBe(422);
    expect((await send(app, city, file, { query: '?dry=true' })).status).toBe(422);
    expect((await send(app, city, file, { after: { colour: 'red' } })).body.errors).toEqual([
      { pointer: '/colour', message: 'is not a field of this request' },
    ]);
  });
});

describe('a retried import', () => {
  it('gets the first answer with the same file, and 422 with another', async () => {
    const file = csv(HEADER_ZH, [rowZh()]);
    const headers = { 'idempotency-key': 'import-1' };
    const first = await send(app, city, file, { headers });
    expect(first.status).toBe(202);
    const second = await send(app, city, file, { headers });
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect(second).toMatchObject({ status: 202, text: first.text });
    const others: [string, SendOptions][] = [
      [csv(HEADER_ZH, [rowZh()]), { headers }],
      [file, { headers, after: { dryRun: 'true' } }],
      [file, { headers, query: '?dryRun=true' }],
      [file, { headers, name: 'other.csv' }],
    ];
    for (const [other, options] of others) {
      expect((await send(app, city, other, options)).body.code).toBe('idempotency-key-reused');
    }
    expect((await finished(city, first.body.id)).created).toBe(1);
    expect(await query(app, `SELECT 1 FROM idempotency WHERE key = 'import-1'`)).toHaveLength(1);
  });

  it('gets the same refusal for a file that breaks further down', async () => {
    const file = `${csv(
      HEADER_ZH,
      Array.from({ length: 2_000 }, () => rowZh()),
    )}"open`;
    const headers = { 'idempotency-key': 'import-2' };
    const first = await send(app, city, file, { headers });
    expect(first.body).toMatchObject({ code: 'unreadable-file' });
    const second = await send(app, city, file, { headers });
    expect(second).toMatchObject({ status: 422, text: first.text });
    expect(second.headers['idempotent-replayed']).toBe('true');
  });
});

describe('work on a file', () => {
  it('stops when whoever handed it in may not any more', async () => {
    const worker = app.app.get(ImportWorker);
    await worker.loop.stop();
    const organization = await app.app.get(OrganizationRegistry).current();
    const system = systemCaller(organization.byCode('4113')!);
    const issued = await app.app
      .get(ApiKeyService)
      .issue(system, { name: 'old', agency: '4113', roles: ['feed'], sources: ['national-platform'] });
    const file = csv(
      HEADER_ZH,
      Array.from({ length: 1_500 }, () => rowZh()),
    );
    const { body } = await send(app, new Officer(app, { 'x-api-key': issued.key }, 'old'), file);
    expect(await worker.round()).toBe(true);
    await app.app.get(ApiKeyService).revoke(system, issued.id);
    expect(await worker.round()).toBe(true);
    expect((await city.get(`/imports/${body.id}`)).body).toMatchObject({
      status: 'failed',
      processed: 1_000,
      created: 1_000,
      failure: expect.stringContaining('the API key has been revoked'),
    });
    expect(await query(app, 'SELECT 1 FROM import_chunk WHERE job_id = $1', [body.id])).toEqual([]);
    worker.loop.start();
  });

  it('gives a chunk up that fails again and again, and the others go on', async () => {
    const worker = app.app.get(ImportWorker);
    await worker.loop.stop();
    const api = app.app.get(IntakeApi);
    const poisoned = rowZh();
    const take = jest.spyOn(api, 'take').mockImplementation(async (tx, caller, signals, context) => {
      if (signals.some(({ sourceRef }) => sourceRef === poisoned[1])) throw new Error('poison');
      return IntakeApi.prototype.take.call(api, tx, caller, signals, context);
    });
    const rows = Array.from({ length: 1_000 }, () => rowZh());
    const { body: bad } = await send(app, city, csv(HEADER_ZH, [...rows, poisoned]));
    const { body: good } = await send(app, city, csv(HEADER_ZH, [rowZh()]));
    const rounds: unknown[] = [];
    for (let i = 0; i < 8; i++) rounds.push(await worker.round().catch((error: Error) => error.message));
    take.mockRestore();
    // The first chunk, the other file beside a failure, failures alone, then nothing is left.
    expect(rounds).toEqual([true, true, 'poison', 'poison', 'poison', 'poison', false, false]);
    expect((await city.get(`/imports/${good.id}`)).body).toMatchObject({ status: 'completed', created: 1 });
    expect((await city.get(`/imports/${bad.id}`)).body).toMatchObject({
      status: 'failed',
      processed: 1_000,
      created: 1_000,
      failure: expect.stringContaining('5 times'),
    });
    worker.loop.start();
  });

  it('is shared by two instances, and nothing is taken twice', async () => {
    const second = await TestApp.start([], app.database, app.clock);
    const before = Number((await query<{ n: string }>(app, 'SELECT count(*) AS n FROM alert'))[0]!.n);
    const files = Array.from({ length: 6 }, () =>
      csv(
        HEADER_ZH,
        Array.from({ length: 2_200 }, () => rowZh()),
      ),
    );
    const sent = await Promise.all(files.map((file, index) => send(index % 2 ? app : second, city, file)));
    for (const { body } of sent)
      expect(await finished(city, body.id)).toMatchObject({ status: 'completed', created: 2_200, processed: 2_200 });
    const [{ n }] = (await query<{ n: string }>(app, 'SELECT count(*) AS n FROM alert')) as [{ n: string }];
    expect(Number(n) - before).toBe(6 * 2_200);
    await second.stop(false);
  });

  it('is done to its end for the command line, with its progress', async () => {
    const service = app.app.get(ImportService);
    const organization = await app.app.get(OrganizationRegistry).current();
    const rows = Array.from({ length: 2_100 }, () => rowZh());
    const seen: number[] = [];
    const done = await service.runFile(
      systemCaller(organization.byCode('4113')!),
      [Buffer.from(csv(HEADER_ZH, [...rows, rowZh({ 手机号: '1' })]))],
      'a.csv',
      {
        onProgress: ({ processed, total }) => seen.push(processed / total),
      },
    );
    expect(done).toMatchObject({ status: 'completed', total: 2_101, created: 2_100, rejected: 1 });
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect((await city.get(`/imports/${done.id}/rejects.csv`)).text).toContain('手机号：');
  });
});
