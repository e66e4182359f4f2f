import { OrganizationRegistry } from '../../src/organization/organization.registry.js';
import { Database, session } from '../../src/platform/database/database.js';
import { addDays, localDateOf } from '../../src/platform/clock/local-date.js';
import type { ScopeRequest } from '../../src/report/report.scope.js';
import { scopeOf } from '../../src/report/report.scope.js';
import { TierReportView } from '../../src/report/tier-report.view.js';
import { openProduct } from '../explain/product.js';
import { CITY } from '../support/city.js';
import { query, type Environment } from '../support/environment.js';
import { ask, serveYear, type GeneratedYear } from '../support/generated.js';
import { expect, requestOf } from '../support/http-client.js';
import { spreadOf } from '../support/statistics.js';
import { timesOf, Timings, type TimeOf, type TimesLine } from '../support/times.js';

const ZONE = 'Asia/Shanghai';
/** Requests of one kind in a round. */
const A_ROUND = 30;
const attempt = (): object => ({
  method: 'call',
  at: new Date().toISOString(),
  reached: true,
  participants: [{ kind: 'police', name: '李警官' }],
});
const FRESH_MS = 5_000;
const POLL_MS = 25;

/** What is asked of both years, and how much longer the larger one may take. */
interface Question {
  name: string;
  most: number;
  p99: number | undefined;
  ask(year: GeneratedYear): Promise<unknown>;
}

/** What supervisors and officers ask for, over a year of ten times as many alerts. */
export async function reports(environment: Environment, progress: (text: string) => void): Promise<TimesLine> {
  const { alerts, repeats } = environment.settings;
  const told = (text: string): void => progress(`reports: ${text}`);
  const small = await serveYear(environment, Math.max(1_000, Math.round(alerts / 10)), told);
  try {
    const large = await serveYear(environment, alerts, told);
    try {
      const times: TimeOf[] = [];
      const samples = new Map([
        [small, await sampleOf(small)],
        [large, await sampleOf(large)],
      ]);
      for (const question of questions((year) => samples.get(year)!)) {
        times.push(await compared(question, small, large, repeats, told));
      }
      times.push(...(await beside(small, repeats, told)), await fresh(large, repeats, told));
      const count = (value: number): string => value.toLocaleString('en');
      const made = ({ alerts: stored, generated, prepared }: GeneratedYear): string =>
        `${count(stored)} alerts generated in ${Math.round(generated)} s, their figures prepared in ${Math.round(prepared)} s`;
      return {
        name: 'reports',
        title: `over HTTP, a year of ${count(large.alerts)} alerts beside one of ${count(small.alerts)}, one connection`,
        times,
        notes: [made(small), made(large)],
      };
    } finally {
      await large.close();
    }
  } finally {
    await small.close();
  }
}

/** An open case of the county that has most of them. */
interface Sample {
  officer: string;
  alertId: string;
}

async function sampleOf({ url, city }: GeneratedYear): Promise<Sample> {
  const [row] = await query(
    url,
    `SELECT holder_id AS "holderId", (array_agg(id ORDER BY id))[count(*) / 2 + 1] AS "alertId"
     FROM alert WHERE holder_id = ANY($1::int[]) AND status = 'in_progress' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1`,
    [city.counties.map(({ id }) => id)],
  );
  const county = city.counties.find(({ id }) => id === row!['holderId'])!;
  return { officer: county.officer.token, alertId: row!['alertId'] as string };
}

function questions(sample: (year: GeneratedYear) => Sample): Question[] {
  const to = localDateOf(new Date(), ZONE);
  const year = `from=${addDays(to, -364)}&to=${to}`;
  return [
    {
      name: 'tier report, 15 counties',
      most: 1.5,
      p99: 50,
      ask: (asked) => ask(asked, asked.supervisor, `/reports/tiers/county?${year}`),
    },
    {
      name: 'tier report, 256 townships',
      most: 1.5,
      p99: 50,
      ask: (asked) => ask(asked, asked.supervisor, `/reports/tiers/township?${year}`),
    },
    {
      name: 'worklist, 50 open cases',
      most: 1.5,
      p99: 25,
      ask: (asked) => ask(asked, sample(asked).officer, '/alerts?queue=mine&sort=dueAt&limit=50'),
    },
    {
      name: 'one alert',
      most: 1.3,
      p99: undefined,
      ask: (asked) => ask(asked, sample(asked).officer, `/alerts/${sample(asked).alertId}`),
    },
  ];
}

async function compared(
  { name, most, p99, ask: question }: Question,
  small: GeneratedYear,
  large: GeneratedYear,
  repeats: number,
  progress: (text: string) => void,
): Promise<TimeOf> {
  const [ofSmall, ofLarge] = [new Timings(), new Timings()];
  for (let round = 0; round <= repeats; round++) {
    progress(`${name}, ${round === 0 ? 'warming up' : `round ${round} of ${repeats}`}`);
    const order = [
      [small, ofSmall],
      [large, ofLarge],
    ] as const;
    for (const [year, timings] of round % 2 === 0 ? order : [...order].reverse()) {
      const taken = await timesOf(A_ROUND, () => question(year));
      if (round > 0) timings.add(taken);
    }
  }
  const ratio = ofLarge.spread.median / ofSmall.spread.median;
  return {
    name,
    ours: ofLarge.spread,
    p99: ofLarge.p99,
    against: { name: `${small.alerts.toLocaleString('en')} stored`, times: ofSmall.spread, ratio },
    goal: `≤ ${most} ×${p99 === undefined ? '' : `, p99 ≤ ${p99} ms`}`,
    met: ratio <= most && (p99 === undefined || ofLarge.p99 <= p99),
  };
}

/** The same figures counted by one statement for each group of them: what the prepared ones are held against. */
async function beside(year: GeneratedYear, repeats: number, progress: (text: string) => void): Promise<TimeOf[]> {
  const product = await openProduct(year.url, year.keys);
  const who = session({ actor: 'bench', agency_path: '', roles: 'system' });
  try {
    const organization = await product.get(OrganizationRegistry).current();
    const to = localDateOf(new Date(), ZONE);
    const parent = organization.byCode(CITY)!;
    const found: TimeOf[] = [];
    for (const tier of ['county', 'township'] as const) {
      const request: ScopeRequest = { tier, parent, from: addDays(to, -364), to, filters: {} };
      const [counted, prepared] = [new Timings(), new Timings()];
      for (let round = 0; round <= repeats; round++) {
        progress(`counted live, ${tier}, ${round === 0 ? 'warming up' : `round ${round} of ${repeats}`}`);
        const live = await timesOf(1, () =>
          product.get(Database).readSnapshot(who, async (tx) => {
            await tx.adHoc('SET LOCAL statement_timeout = 0');
            await product.get(TierReportView).tallies(tx, scopeOf(request, organization, ZONE, tx.now));
          }),
        );
        const path = `/reports/tiers/${tier}?from=${request.from}&to=${to}`;
        const read = await timesOf(A_ROUND, () => ask(year, year.supervisor, path));
        if (round === 0) continue;
        counted.add(live);
        prepared.add(read);
      }
      const ratio = counted.spread.median / prepared.spread.median;
      found.push({
        name: `prepared, ${tier}, ${year.alerts.toLocaleString('en')} stored`,
        ours: prepared.spread,
        against: { name: 'counted live', times: counted.spread, ratio },
        goal: '≥ 50 × faster',
        met: ratio >= 50,
      });
    }
    return found;
  } finally {
    await product.close();
  }
}

/** From a change to the report that has it. */
async function fresh(year: GeneratedYear, repeats: number, progress: (text: string) => void): Promise<TimeOf> {
  const taken: number[] = [];
  const waiting = await query(
    year.url,
    `SELECT id, version, holder_id AS "holderId" FROM alert WHERE status = 'assigned' AND holder_id = ANY($1::int[]) ORDER BY id DESC LIMIT $2`,
    [year.city.counties.map(({ id }) => id), repeats],
  );
  const to = localDateOf(new Date(), ZONE);
  const calls = async (): Promise<number> => {
    const answer = await ask(year, year.supervisor, `/reports/tiers/city?from=${to}&to=${to}`);
    const report = JSON.parse(answer.toString()) as {
      total: { attempts: { call: number } };
    };
    return report.total.attempts.call;
  };
  for (const [index, { id, version, holderId }] of waiting.entries()) {
    progress(`fresh, ${index + 1} of ${repeats}`);
    const { token } = year.city.counties.find((county) => county.id === holderId)!.officer;
    const before = await calls();
    const give = async (command: string, body: object, of: number): Promise<void> => {
      const headers = { authorization: `Bearer ${token}`, 'if-match': `"${of}"` };
      expect(
        await year.send(requestOf(`/api/v1/alerts/${String(id)}/${command}`, headers, JSON.stringify(body))),
        200,
        201,
      );
    };
    await give('accept', {}, Number(version));
    await give('attempts', attempt(), Number(version) + 1);
    const began = performance.now();
    while ((await calls()) === before) {
      if (performance.now() - began > 60_000) throw new Error('a change does not come into the report');
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    taken.push(performance.now() - began);
  }
  const ours = spreadOf(taken);
  return { name: 'fresh: from a change to the report', ours, goal: `≤ ${FRESH_MS} ms`, met: ours.max <= FRESH_MS };
}
