import type { DayTally } from '../demo/day.js';
import type { DemoAccounts } from '../demo/accounts.js';
import type { LocalDate } from '../platform/clock/local-date.js';
import { CommandError } from './failure.js';
import { table, type Column } from './output.js';

interface Rate {
  readonly rate: number | null;
  readonly numerator: number;
}

/** As much of a row of the tier report as is shown. */
interface TierRow {
  readonly agency: { readonly code: string; readonly name: string };
  readonly received: number;
  readonly signals: number;
  readonly acceptOnTimeRate: Rate;
  readonly contactOnTimeRate: Rate;
  readonly visitOnTimeRate: Rate;
  readonly feedbackOnTimeRate: Rate;
  readonly successRate: Rate;
  readonly interceptedFen: { readonly total: number };
}

const number = (value: number): string => value.toLocaleString('en-US');
const percent = ({ rate }: Rate): string => (rate === null ? '—' : `${(rate * 100).toFixed(1)}%`);
const yuan = (fen: number): string => number(Math.round(fen / 100));

const COLUMNS: readonly Column<TierRow>[] = [
  { title: '单位', value: (row) => row.agency.name },
  { title: '接收', value: (row) => number(row.received), align: 'right' },
  { title: '预警信号', value: (row) => number(row.signals), align: 'right' },
  { title: '及时签收', value: (row) => percent(row.acceptOnTimeRate), align: 'right' },
  { title: '及时联系', value: (row) => percent(row.contactOnTimeRate), align: 'right' },
  { title: '及时见面', value: (row) => percent(row.visitOnTimeRate), align: 'right' },
  { title: '及时反馈', value: (row) => percent(row.feedbackOnTimeRate), align: 'right' },
  { title: '劝阻成功', value: (row) => number(row.successRate.numerator), align: 'right' },
  { title: '成功率', value: (row) => percent(row.successRate), align: 'right' },
  { title: '拦截损失(元)', value: (row) => yuan(row.interceptedFen.total), align: 'right' },
];

export function printTally({ intake, commands, requests }: DayTally, seconds: number): void {
  const { created, merged, duplicates, rejected } = intake;
  const given = Object.values(commands).reduce((sum, count) => sum + count, 0);
  process.stdout.write(
    [
      '',
      `${number(created + merged + duplicates + rejected)} signals: ${number(created)} alerts, ${number(merged)} merged into them, ${number(duplicates)} handed in twice, ${number(rejected)} refused.`,
      `${number(given)} commands of officers in three tiers, ${number(requests)} HTTP requests, ${Math.round(seconds)} s in all.`,
      '',
    ].join('\n'),
  );
}

/** Asks the server for the tier report, as a supervisor of the city does, and prints it. */
export async function printTierReport(
  base: string,
  { password }: DemoAccounts,
  city: string,
  date: LocalDate,
): Promise<void> {
  const signedIn = await ask<{ accessToken: string }>(`${base}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: `supervisor.${city}`, password }),
  });
  const report = await ask<{ asOf: string; rows: TierRow[]; total: Omit<TierRow, 'agency'> }>(
    `${base}/api/v1/reports/tiers/county?from=${date}&to=${date}`,
    { headers: { authorization: `Bearer ${signedIn.accessToken}` } },
  );
  const total: TierRow = { ...report.total, agency: { code: city, name: '合计' } };
  process.stdout.write(
    `\n南阳市 ${date} 县级战报 (tier report of the counties, as of ${report.asOf})\n\n${table([...report.rows, total], COLUMNS)}`,
  );
}

async function ask<T>(url: string, init: RequestInit): Promise<T> {
  const answer = await fetch(url, init);
  if (!answer.ok)
    throw new CommandError(`The server answered ${answer.status} for ${new URL(url).pathname}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** The accounts, a first call, and where to read on. */
export function printFarewell(base: string, { shown, all, password, feedKey }: DemoAccounts, ends: boolean): void {
  const accounts = table(shown, [
    { title: 'account', value: ({ username }) => username },
    { title: 'tier', value: ({ agency }) => agency.tier },
    { title: 'role', value: ({ role }) => role },
    { title: 'name', value: ({ displayName }) => displayName },
    { title: 'agency', value: ({ agency }) => agency.name },
  ]);
  process.stdout.write(
    `
${accounts}
${number(all)} accounts in all: every county and township has officer.CODE and supervisor.CODE.
Password of each:  ${password}
API key (feed):    ${feedKey}
`,
  );
  if (ends) return;
  process.stdout.write(
    `
A first call, the most pressing cases of 方城县公安局:

TOKEN=$(curl -s ${base}/api/v1/auth/login -H 'Content-Type: application/json' \\
  -d '{"username":"officer.411322","password":"${password}"}' | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')
curl -s "${base}/api/v1/alerts?queue=mine&limit=2" -H "Authorization: Bearer $TOKEN"

The API in a browser: ${base}/api/docs    OpenAPI: ${base}/api/openapi.json
Serving on ${base} until Ctrl-C.
`,
  );
}
