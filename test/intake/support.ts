import pg from 'pg';
import type { Officer, TestApp } from '../support/app.js';

export const HEADER_ZH = [
  '来源',
  '来源编号',
  '发现时间',
  '预警类型',
  '风险等级',
  '诈骗类型',
  '行政区划代码',
  '姓名',
  '手机号',
  '身份证号',
  '住址',
  '特殊群体',
  '涉案账号',
  '风险金额(元)',
  '摘要',
];
export const HEADER_EN = [
  'source',
  'sourceRef',
  'detectedAt',
  'kind',
  'riskLevel',
  'fraudType',
  'divisionCode',
  'name',
  'phone',
  'idNumber',
  'address',
  'group',
  'suspectAccount',
  'amountAtRiskFen',
  'summary',
];

let serial = 0;

/** A row under HEADER_ZH; every one is of another person unless told. */
export function rowZh(overrides: Partial<Record<string, string>> = {}): string[] {
  serial += 1;
  const row: Record<string, string> = {
    来源: 'national-platform',
    来源编号: `F-${serial}`,
    发现时间: '2023-06-01 09:00',
    预警类型: '资金预警',
    风险等级: '高',
    诈骗类型: '刷单返利',
    行政区划代码: '411322100',
    姓名: '欧阳某某',
    手机号: `139${String(10_000_000 + serial)}`,
    身份证号: '',
    住址: '方城县独树镇某村3组',
    特殊群体: '老年人',
    涉案账号: '6222021234560123',
    '风险金额(元)': '200,000.50',
    摘要: '与对方通话40分钟',
    ...overrides,
  };
  return HEADER_ZH.map((name) => row[name] ?? '');
}

export function csv(header: readonly string[], rows: readonly (readonly string[])[], eol = '\r\n'): string {
  const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [header, ...rows].map((row) => row.map(cell).join(',') + eol).join('');
}

export interface Sent {
  readonly status: number;
  readonly body: {
    id: string;
    code: string;
    detail: string;
    reason?: string;
    errors?: { pointer: string; message: string }[];
  };
  readonly headers: Record<string, string>;
  readonly text: string;
}

export interface SendOptions {
  readonly name?: string;
  readonly query?: string;
  /** Fields of the form, before or after the file. */
  readonly before?: Record<string, string>;
  readonly after?: Record<string, string>;
  readonly headers?: Record<string, string>;
}

/** Hands a file in over a socket. */
export async function send(
  app: TestApp,
  who: Officer,
  file: Buffer | string,
  options: SendOptions = {},
): Promise<Sent> {
  const request = app.http
    .post(`/api/v1/alerts/import${options.query ?? ''}`)
    .set({ ...who.headers, ...options.headers });
  for (const [name, value] of Object.entries(options.before ?? {})) void request.field(name, value);
  void request.attach('file', Buffer.from(file), options.name ?? '预警.csv');
  for (const [name, value] of Object.entries(options.after ?? {})) void request.field(name, value);
  return (await request) as unknown as Sent;
}

export interface Progress {
  status: string;
  dryRun: boolean;
  fileName: string;
  total: number;
  processed: number;
  created: number;
  duplicates: number;
  merged: number;
  rejected: number;
  failure: string | null;
}

/** Asks until the import is over. */
export async function finished(who: Officer, id: string): Promise<Progress> {
  for (;;) {
    const { status, body } = await who.get(`/imports/${id}`);
    if (status !== 200) throw new Error(`import ${id}: ${status}`);
    if (body.status === 'completed' || body.status === 'failed') return body as Progress;
  }
}

/** Hands a file in that is taken, and waits for its end. */
export async function imported(
  app: TestApp,
  who: Officer,
  file: Buffer | string,
  options?: SendOptions,
): Promise<Progress & { id: string }> {
  const { status, body, text } = await send(app, who, file, options);
  if (status !== 202) throw new Error(`refused: ${text}`);
  return { id: body.id, ...(await finished(who, body.id)) };
}

/** Looks into the tables from outside, as their owner. */
export async function query<T extends pg.QueryResultRow>(
  app: TestApp,
  text: string,
  values: unknown[] = [],
): Promise<T[]> {
  const client = new pg.Client({ connectionString: app.database.url });
  await client.connect();
  try {
    return (await client.query<T>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** Rows of every table, but for those that tell of imports themselves and of signing in. */
export async function rowCounts(app: TestApp): Promise<Record<string, number>> {
  const tables = await query<{ name: string }>(
    app,
    `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
     AND relname NOT IN ('import_job', 'import_reject', 'login_session', 'audit_entry') ORDER BY 1`,
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await query<{ rows: string }>(
      app,
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') AS rows FROM ${name} t`,
    );
    counts[name] = row!.rows as unknown as number;
  }
  return counts;
}

/** Columns of the whole database, as text, in which any of the words stands. */
export async function columnsWith(app: TestApp, words: readonly string[]): Promise<string[]> {
  const columns = await query<{ table: string; column: string; type: string }>(
    app,
    `SELECT c.relname AS table, a.attname AS column, format_type(a.atttypid, NULL) AS type
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE c.relkind IN ('r', 'm') AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped`,
  );
  const bytes = columns.filter(({ type }) => type === 'bytea').map(look((column) => `position(w.bytes IN ${column})`));
  const texts = columns.filter(({ type }) => type !== 'bytea').map(look((column) => `strpos(${column}::text, w.word)`));
  const found = await query<{ place: string }>(
    app,
    `WITH w AS (SELECT word, convert_to(word, 'UTF8') AS bytes FROM unnest($1::text[]) AS word) ${[...bytes, ...texts].join(' UNION ')}`,
    [words],
  );
  return found.map(({ place }) => place).sort();
}

function look(at: (column: string) => string): (place: { table: string; column: string }) => string {
  return ({ table, column }) =>
    `SELECT '${table}.${column}' AS place WHERE EXISTS (SELECT FROM "${table}" t, w WHERE ${at(`t."${column}"`)} > 0)`;
}
