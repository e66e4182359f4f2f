import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { jest } from '@jest/globals';
import type { StreamableFile } from '@nestjs/common';
import { lastValueFrom, of } from 'rxjs';
import { ExportCatalogue } from '../../src/export/export.catalogue.js';
import { ExportWorker, KEPT_HOURS, LEASE_MS, MOST_FILE_BYTES, TOLD_DAYS } from '../../src/export/export.worker.js';
import { MOST_KEPT_BYTES, MOST_UNFINISHED } from '../../src/export/export.service.js';
import { systemCaller } from '../../src/identity/caller.js';
import { FileDesk, type OrderedFile } from '../../src/identity/file.desk.js';
import { OrganizationRegistry } from '../../src/organization/organization.registry.js';
import { FileOrder, OrderedFiles } from '../../src/platform/http/file.order.js';
import { unavailable } from '../../src/platform/http/problem.js';
import { RowCount, sheetOf, type Rows } from '../../src/platform/tabular/table.file.js';
import { call, outcome, PLACES, World } from '../case/support.js';
import { incident } from '../incident/support.js';
import { Exports, fetchFile, partsOf, tableIn, valuesTold } from './support.js';

const { city, county } = PLACES;
const DAY = '2023-06-01';
const PERIOD = `from=${DAY}&to=${DAY}`;
const HOSTILE = "=cmd|'/c calc'!A1";
let world: World;
let exports: Exports;

beforeAll(async () => {
  world = await World.start(['city', 'county', 'township', 'county2']);
  exports = new Exports(world, world.as('city'));
  for (const [index, fraudType] of ['brushing-rebate', 'fake-investment', 'brushing-rebate'].entries()) {
    const id = await world.alert({ riskLevel: 'high', fraudType, summary: HOSTILE, subject: subject(index) });
    await world.must('county', id, 'accept');
    await world.must('county', id, 'attempts', world.attempt('visit'));
    if (index === 0) continue;
    await world.must('county', id, 'outcome', outcome({ interceptedFen: 1_234_567, interceptedBasis: 'bank-blocked' }));
  }
  await incident(world, 'county', { lossFen: 9_000_001 });
});

afterAll(() => world.stop());

function subject(index: number): object {
  const identity = index === 0 ? { idNumber: '411322196501011234' } : {};
  return { name: '王某某', phone: `1380000100${index}`, address: '方城县独树镇某村3组', ...identity };
}

const NUMBER = /^-?\d+(\.\d+)?$/;

/** Reports, where their rows are, and a value that each file shows as it is read by people. */
const REPORTS: [path: string, rows: string, chart: boolean][] = [
  [`/reports/tiers/county?${PERIOD}`, 'rows', true],
  [`/reports/tiers/township?${PERIOD}`, 'rows', true],
  [`/reports/funds?${PERIOD}`, 'rows', true],
  [`/reports/fraud-types?${PERIOD}`, 'rows', true],
  [`/reports/groups?${PERIOD}`, 'rows', true],
  [`/reports/sources?${PERIOD}`, 'rows', true],
  [`/reports/channels?${PERIOD}`, 'rows', true],
  [`/reports/officers?agency=${county}&${PERIOD}`, 'rows', false],
  [`/reports/trend?${PERIOD}&compare=yoy`, 'points', true],
  [`/reports/rankings?tier=county&month=2023-06`, 'rows', true],
];

describe('a report as a workbook', () => {
  test.each(REPORTS)('%s says in every cell what its JSON says', async (path, field, chart) => {
    const json = await world.get('city', path);
    const { status, headers, bytes } = await fetchFile(world.as('city'), `${path}&format=xlsx`);
    expect([status, headers['content-type']]).toEqual([
      200,
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    ]);
    expect(headers['content-disposition']).toMatch(/^attachment; filename="sanji-[0-9a-z-]+\.xlsx"$/);
    const sheet = await tableIn(bytes);
    const rows = json.body[field] as object[];
    rows.forEach((row, index) => {
      const told = Object.values(sheet.rows[index]!).flatMap((cell) =>
        NUMBER.test(cell) ? [String(Number(cell))] : [],
      );
      const left = new Set(valuesTold(row));
      // Codes and days are texts in JSON, too.
      const texts = new Set(JSON.stringify(row).match(/[\w-]+/g));
      expect(told.filter((cell) => !left.has(cell) && !texts.has(cell))).toEqual([]);
      expect([...left].filter((value) => !told.includes(value))).toEqual([]);
    });
    // The total, where there is one, stands last and in bold.
    expect(sheet.rows).toHaveLength(rows.length + ('total' in json.body ? 1 : 0) + ('own' in json.body ? 1 : 0));

    const parts = partsOf(bytes);
    const names = parts['xl/workbook.xml']!;
    for (const name of ['说明', '指标定义']) expect(names).toContain(`name="${name}"`);
    expect(Object.keys(parts).some((name) => name.startsWith('xl/charts/'))).toBe(chart);
    const first = parts['xl/worksheets/sheet1.xml']!;
    expect(first).toMatch(/ySplit="3"[^>]*state="frozen"/);
    expect(first).toMatch(/<autoFilter ref="A3:/);
    expect(first).toContain('officer-supervisor-4113');

    const csv = await fetchFile(world.as('city'), `${path}&format=csv`);
    const text = await tableIn(csv.bytes);
    expect(text.header).toEqual(sheet.header);
    expect(text.rows[0]!['单位名称']).toBe(sheet.rows[0]!['单位名称']);
  });

  test('has amounts to the fen, rates and days as numbers with their formats', async () => {
    const { bytes } = await fetchFile(world.as('city'), `/reports/tiers/county?${PERIOD}&format=xlsx`);
    const { rows } = await tableIn(bytes);
    const row = rows.find(({ 单位代码: code }) => code === county)!;
    expect([row['拦截损失-银行(元)'], row['及时签收率'], row['案损(元)']]).toEqual(['24691.34', '1', '90000.01']);
    const styles = partsOf(bytes)['xl/styles.xml']!;
    for (const format of ['#,##0', '#,##0.00', '0.00%', 'yyyy-mm-dd', 'yyyy-mm-dd hh:mm'])
      expect(styles).toContain(`formatCode="${format}"`);
    const trend = await tableIn((await fetchFile(world.as('city'), `/reports/trend?${PERIOD}&format=xlsx`)).bytes);
    expect(trend.rows[0]!['起']).toBe(DAY);
  });
});

describe('a list as a file', () => {
  const LISTS = [
    `/alerts?sort=-receivedAt`,
    `/reports/tiers/county/cases?${PERIOD}&indicator=received`,
    `/reports/tiers/county/cases?${PERIOD}&indicator=attempts.visit&agency=${county}`,
  ];

  test.each(LISTS.flatMap((path) => ['csv', 'xlsx'].map((format): [string, string] => [path, format])))(
    '%s as %s has every case, masked as the answers are, and nothing that computes',
    async (path, format) => {
      const { items } = (await world.get('city', path)).body as { items: Record<string, never>[] };
      const { status, bytes } = await fetchFile(world.as('city'), `${path}&limit=1&format=${format}`);
      expect(status).toBe(200);
      const { rows } = await tableIn(bytes);
      const listed = rows.filter(({ 预警编号: number }) => /^4113-/.test(number ?? ''));
      expect(listed.map((row) => [row['预警编号'], row['电话'], row['姓名'], row['摘要']])).toEqual(
        items.map(({ alertNo, subject: person, summary }) => [alertNo, person!['phone'], person!['name'], summary]),
      );
      expect(listed[0]!['摘要']).toBe(HOSTILE);
      expect(listed[0]!['接收时间']!.replace('T', ' ')).toBe(`${DAY} 09:30:00`);
      const raw = format === 'csv' ? bytes.toString('utf8') : JSON.stringify(partsOf(bytes));
      for (const secret of ['13800001000', '411322196501011234', '某村3组']) expect(raw).not.toContain(secret);
      expect(raw).not.toContain('<f>');
      if (format === 'csv') expect(raw).toContain(`'${HOSTILE}`);
      const [entry] = await world.sql<{ data: Record<string, string> }>(
        `SELECT data FROM audit_entry WHERE action IN ('alert.exported', 'report.exported') ORDER BY id DESC LIMIT 1`,
      );
      expect(entry!.data['format']).toBe(format);
    },
  );

  test('tells nobody of a number that was pasted into another filter, and tells the number of a case', async () => {
    const pasted = '13800001000';
    for (const path of [
      `/alerts?alertNo=${pasted}&fraudType=${pasted}&source=${pasted}`,
      `/reports/tiers/county?${PERIOD}&source=${pasted}`,
      `/reports/tiers/county/cases?${PERIOD}&indicator=received&source=${pasted}`,
    ]) {
      const { status, bytes } = await fetchFile(world.as('city'), `${path}&format=csv`);
      expect([status, bytes.includes(pasted), bytes.includes('source=138****00')]).toEqual([200, false, true]);
    }
    expect(await world.sql('SELECT FROM audit_entry WHERE data::text LIKE $1', [`%${pasted}%`])).toEqual([]);
    const { bytes } = await fetchFile(world.as('city'), '/alerts?alertNo=4113-20230601-000001&format=csv');
    expect(bytes.toString()).toContain('alertNo=4113-20230601-000001');
  });

  test('is sent beside one other at most: from before it is read until it is sent, given up or has failed', async () => {
    const desk = world.app.app.get(FileDesk, { strict: false });
    const organization = await world.app.app.get(OrganizationRegistry, { strict: false }).current();
    const caller = systemCaller(organization.byCode(city)!);
    const read = (rows: Rows<number>): OrderedFile['read'] => {
      const table = sheetOf<number>({
        name: '表',
        columns: [{ title: '行', kind: 'count', cell: (row) => row }],
        rows,
      });
      const record = { action: 'test.exported', objectKind: 'test', objectId: '1', data: {} };
      return async () => ({ name: 'long', title: '长', tables: [table], about: [], record });
    };
    const endless = function* (): Generator<number> {
      for (let row = 0; ; row++) yield row;
    };
    const send = (how: OrderedFile['read']): Promise<StreamableFile> => {
      const order = desk.order(caller, { format: 'csv', long: true, read: how });
      return lastValueFrom(new OrderedFiles().intercept(undefined as never, { handle: () => of(order) })) as never;
    };
    const refused = { kind: { code: 'too-many-requests' }, headers: { 'retry-after': '15' } };

    let fail: (error: Error) => void;
    const failing = send(() => new Promise((_, reject) => (fail = reject)));
    const slow = send(read(endless()));
    await expect(send(read([1]))).rejects.toMatchObject(refused);
    fail!(new Error('the database went away'));
    await expect(failing).rejects.toThrow('the database went away');

    const short = (await send(read([1]))).getStream();
    await expect(send(read([1]))).rejects.toMatchObject(refused);
    const sent = once(short, 'close');
    short.resume();
    await sent;

    const other = (await send(read(endless()))).getStream();
    await expect(send(read([1]))).rejects.toMatchObject(refused);
    for (const stream of [(await slow).getStream(), other]) await once(stream.destroy(), 'close');
    const again = await Promise.all([send(read([1])), send(read([1]))]);
    for (const file of again) await once(file.getStream().destroy(), 'close');
  });

  test('is not given out in pages', async () => {
    const answer = await world.get('city', '/alerts?format=csv&count=true&cursor=x');
    expect([answer.status, answer.body.errors.map(({ pointer }: { pointer: string }) => pointer)]).toEqual([
      422,
      ['/cursor', '/count'],
    ]);
  });
});

describe('an export', () => {
  const CASES = { report: 'tiers/county/cases', query: { from: DAY, to: DAY, indicator: 'received' }, format: 'xlsx' };

  test('is the same file as at once, with its hash, for whoever asked and nobody else', async () => {
    const asked = await exports.ask(CASES);
    expect([asked.status, asked.headers['location'], asked.body.state]).toEqual([
      202,
      `/api/v1/exports/${asked.body.id as string}`,
      'queued',
    ]);
    const id = asked.body.id as string;
    expect((await exports.file(id)).status).toBe(409);
    await exports.work();
    const told = (await exports.get(id)).body;
    expect(told).toMatchObject({ state: 'completed', progress: { rows: 3, of: 3 }, error: null });
    expect(Date.parse(told.expiresAt) - world.app.clock.now().getTime()).toBe(KEPT_HOURS * 3_600_000);
    const { status, headers, bytes } = await exports.file(id);
    expect([status, headers['etag'], headers['content-disposition'], bytes.length]).toEqual([
      200,
      `"${createHash('sha256').update(bytes).digest('hex')}"`,
      `attachment; filename="${told.fileName as string}"`,
      told.bytes,
    ]);
    expect(told.sha256).toBe(headers['etag']?.toString().slice(1, -1));
    const direct = await fetchFile(exports.who, `/reports/tiers/county/cases?${PERIOD}&indicator=received&format=xlsx`);
    expect(await tableIn(bytes)).toEqual(await tableIn(direct.bytes));

    const colleague = new Exports(world, await world.app.user(city, 'officer', 'supervisor'));
    expect([
      (await colleague.get(id)).status,
      (await colleague.file(id)).status,
      (await colleague.remove(id)).status,
    ]).toEqual([404, 404, 404]);
    const actions = await world.sql<{ action: string }>(
      `SELECT action FROM audit_entry WHERE object_id = $1 ORDER BY id`,
      [id],
    );
    expect(actions.map(({ action }) => action)).toEqual(['export.asked', 'export.made', 'export.fetched']);
    expect(await world.sql(`SELECT FROM export_job WHERE sealed_query::text LIKE '%received%'`)).toEqual([]);
  });

  test.each([
    [{ ...CASES, query: { ...CASES.query, from: 'yesterday' } }, 422, '/query/from'],
    [{ ...CASES, query: { ...CASES.query, indicator: 'happiness' } }, 422, '/query/indicator'],
    [{ ...CASES, query: { ...CASES.query, format: 'csv' } }, 422, '/query/format'],
    [{ ...CASES, query: { ...CASES.query, unheardOf: '1' } }, 422, '/query/unheardOf'],
    [{ ...CASES, query: { ...CASES.query, cursor: 'x' } }, 422, '/query/cursor'],
    [{ ...CASES, report: 'secrets' }, 422, '/report'],
    [{ ...CASES, format: 'json' }, 422, '/format'],
    [{ report: 'trend', query: { from: '2023-06-02', to: DAY }, format: 'csv' }, 422, '/query/to'],
    [{ report: 'tiers/county', query: { from: DAY, to: DAY, parent: '4201' }, format: 'csv' }, 404, undefined],
  ])('%j is refused at once', async (body, status, pointer) => {
    const answer = await exports.ask(body);
    expect([answer.status, answer.body.errors?.[0].pointer]).toEqual([status, pointer]);
  });

  test('of every report can be asked for, and is made', async () => {
    const period = { from: DAY, to: DAY };
    for (const [report, query] of [
      ...['funds', 'fraud-types', 'groups', 'sources', 'channels', 'funnel', 'officers', 'trend', 'briefing'].map(
        (name): [string, object] => [name, period],
      ),
      ['tiers/township', period],
      ['fraud-types/cases', { ...period, indicator: 'alerts' }],
      ['officers/cases', { ...period, indicator: 'accepted' }],
      ['funds/cases', { ...period, indicator: 'stoppedFen' }],
      ['rankings', { tier: 'county', month: '2023-06' }],
      ['alerts', { status: ['in_progress', 'closed'], urged: false }],
    ] as [string, object][]) {
      const id = await exports.asked({ report, query, format: 'csv' });
      await exports.work();
      expect([report, (await exports.get(id)).body.error, await exports.state(id)]).toEqual([
        report,
        null,
        'completed',
      ]);
      await exports.remove(id);
    }
  });

  test('is made with the rights of then: not for whoever has been moved, or may not ask any more', async () => {
    const officer = await world.app.user(city, 'officer', 'supervisor');
    const own = new Exports(world, officer);
    const id = await own.asked(CASES);
    await world.sql(`UPDATE user_account SET roles = '{officer}' WHERE username = $1`, [officer.name]);
    await own.work();
    const rights = await world.sql<object>(`SELECT state, failure FROM export_job WHERE id = $1`, [id]);
    expect(rights).toEqual([
      { state: 'failed', failure: 'The file was not made: the account may not do this any more.' },
    ]);

    const moved = await world.app.user(city, 'officer', 'supervisor');
    const other = await new Exports(world, moved).asked(CASES);
    await world.sql(`UPDATE user_account SET agency_id = (SELECT id FROM agency WHERE code = $2) WHERE username = $1`, [
      moved.name,
      county,
    ]);
    await own.work();
    expect(await world.sql<object>(`SELECT failure FROM export_job WHERE id = $1`, [other])).toEqual([
      { failure: 'The file was not made: the account has moved to another agency.' },
    ]);
    expect(await world.sql(`SELECT FROM export_chunk WHERE job_id = ANY($1)`, [[id, other]])).toEqual([]);
  });

  test('is begun anew by another instance when its lease has run out, and whoever lost it writes no more', async () => {
    const id = await exports.asked(CASES);
    const lost = await world.sql<{ lease: string }>(
      `UPDATE export_job SET state = 'running', lease = gen_random_uuid(), lease_until = $2, attempts = 1, started_at = $3
       WHERE id = $1 RETURNING lease`,
      [id, new Date(world.app.clock.now().getTime() + LEASE_MS), world.now],
    );
    await world.sql(`INSERT INTO export_chunk VALUES ($1, 1, '\\x00')`, [id]);
    const worker = world.app.app.get(ExportWorker, { strict: false });
    expect([await worker.round(), await exports.state(id)]).toEqual([false, 'running']);
    world.app.clock.advanceMinutes(LEASE_MS / 60_000);
    expect([await worker.round(), await exports.state(id)]).toEqual([true, 'completed']);
    expect((await exports.file(id)).status).toBe(200);
    expect(await world.sql(`SELECT FROM export_job WHERE id = $1 AND lease = $2`, [id, lost[0]!.lease])).toEqual([]);

    const crashing = await exports.asked(CASES);
    await world.sql(`UPDATE export_job SET attempts = 3 WHERE id = $1`, [crashing]);
    await exports.work();
    expect((await exports.get(crashing)).body).toMatchObject({ state: 'failed', fileName: null });
  });

  test('that is removed while it is made stops, and leaves nothing', async () => {
    const id = await exports.asked({ ...CASES, report: 'alerts', query: {} });
    await exports.remove(id);
    await exports.work();
    expect([(await exports.get(id)).status, await world.sql('SELECT FROM export_job WHERE id = $1', [id])]).toEqual([
      404,
      [],
    ]);
  });

  test('waits with at most a few of one person', async () => {
    const busy = new Exports(world, await world.app.user(city, 'officer', 'supervisor'));
    const answers = await Promise.all(Array.from({ length: MOST_UNFINISHED + 2 }, () => busy.ask(CASES)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(MOST_UNFINISHED).fill(202), 409, 409]);
    expect(answers.find(({ status }) => status === 409)!.body.code).toBe('too-many-exports');
    await busy.work();
    expect((await busy.ask(CASES)).status).toBe(202);
    await busy.work();
  });

  /** Lets a turn make another file than the one that was asked for. */
  /** How whoever ordered the last file begins to read. */
  let orderedBy: string[] = [];
  async function making<T>(
    pieces: () => AsyncGenerator<Buffer, void>,
    work: () => Promise<T>,
    expected?: () => Promise<number>,
  ): Promise<T> {
    const file = { name: 'made.csv', mediaType: 'text/csv', count: new RowCount() };
    const order = new FileOrder(async () => ({ ...file, bytes: pieces() }), { expected });
    const ordered = jest.spyOn(world.app.app.get(ExportCatalogue, { strict: false }), 'order').mockResolvedValue(order);
    return work().finally(() => {
      orderedBy = ordered.mock.calls.map(([caller]) => caller.session.beginSnapshot);
      ordered.mockRestore();
    });
  }
  const twoPieces = async function* (): AsyncGenerator<Buffer, void> {
    for (const letter of 'ab') yield Buffer.alloc(600_000, letter);
  };

  test('that fails each time is given up, also where the database had no room, and leaves nothing meanwhile', async () => {
    const id = await exports.asked(CASES);
    const worker = world.app.app.get(ExportWorker, { strict: false });
    const full = async function* (): AsyncGenerator<Buffer, void> {
      yield* twoPieces();
      throw unavailable.with('no space left on device');
    };
    await making(full, async () => {
      for (let attempt = 1; attempt <= 3; attempt++) {
        await expect(worker.round()).rejects.toThrow('no space left');
        expect([await exports.state(id), await world.sql('SELECT FROM export_chunk WHERE job_id = $1', [id])]).toEqual([
          'queued',
          [],
        ]);
      }
      await worker.round();
    });
    expect((await exports.get(id)).body).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('each time'),
    });
  });

  test('that would be too large is given up at once', async () => {
    const id = await exports.asked(CASES);
    const large = async function* (): AsyncGenerator<Buffer, void> {
      yield* twoPieces();
      yield Buffer.alloc(MOST_FILE_BYTES - 1_000_000);
    };
    await making(large, () => exports.work());
    expect((await exports.get(id)).body).toMatchObject({ state: 'failed', error: expect.stringContaining('1 GiB') });
    expect(await world.sql('SELECT FROM export_chunk WHERE job_id = $1', [id])).toEqual([]);
  });

  test('is made where to count its rows takes too long; whatever else fails is not passed over', async () => {
    const id = await exports.asked(CASES);
    const failing = (code: string) => async (): Promise<number> => {
      throw Object.assign(new Error('not counted'), { code });
    };
    await expect(making(twoPieces, () => exports.work(), failing('42P01'))).rejects.toThrow('not counted');
    await making(twoPieces, () => exports.work(), failing('57014'));
    expect(await exports.state(id)).toBe('completed');
    // To count them has as long as a request; the file, for which nobody waits, has an hour.
    expect(orderedBy.map((begin) => begin.includes(`statement_timeout = '1h'`))).toEqual([false, true]);
  });

  test('whose file vanishes while it is sent breaks off', async () => {
    const id = await exports.asked(CASES);
    await making(twoPieces, () => exports.work());
    expect((await exports.file(id)).bytes).toHaveLength(1_200_000);
    await world.sql('DELETE FROM export_chunk WHERE job_id = $1 AND seq = 2', [id]);
    // Without a socket: where the length told is not kept to, a client may notice, but here only a cut is noticed.
    await expect(call(world.app, exports.who, { path: `/exports/${id}/file` })).rejects.toThrow('response destroyed');
  });

  test('is not taken on while the files of a person take up all that is kept for one', async () => {
    const rich = new Exports(world, await world.app.user(city, 'officer', 'supervisor'));
    const id = await rich.asked(CASES);
    await rich.work();
    await world.sql('UPDATE export_job SET bytes = $2 WHERE id = $1', [id, MOST_KEPT_BYTES]);
    const { status, body } = await rich.ask(CASES);
    expect([status, body.code, body.detail]).toEqual([409, 'too-many-exports', expect.stringContaining('DELETE')]);
    expect((await exports.ask(CASES)).status).toBe(202);
    await rich.remove(id);
    expect((await rich.ask(CASES)).status).toBe(202);
    await rich.work();
  });

  test('is kept for its time: then the file is gone, and later the export', async () => {
    const id = await exports.asked(CASES);
    await exports.work();
    world.app.clock.advanceMinutes(KEPT_HOURS * 60);
    expect([await exports.state(id), (await exports.file(id)).status]).toEqual(['expired', 409]);
    await exports.tidy();
    expect(await world.sql('SELECT FROM export_chunk')).toEqual([]);
    expect(await exports.state(id)).toBe('expired');
    world.app.clock.advanceMinutes(TOLD_DAYS * 24 * 60);
    await exports.tidy();
    expect((await exports.get(id)).status).toBe(404);
  });
});
