import { Keyring } from '../../src/platform/crypto/keyring.js';
import type { LoadedCase } from '../load.js';
import { Child } from '../support/child.js';
import { query, type Environment } from '../support/environment.js';
import { withScene } from '../support/line.js';
import type { Line } from '../support/measure.js';
import { spreadOf } from '../support/statistics.js';
import { takeIn } from './transition.js';

const CONNECTIONS = 8;
/** Clocks that fall due, and how long that takes. */
const DUE = 100_000;
const DUE_SECONDS = 60;
/** Before the first falls due: the load must be under way. */
const HEAD_START_SECONDS = 3;
/** Cases that a second of transitions uses up at most, a third of the transitions. */
const CASES_PER_SECOND = 700;
const MOST_LAG_SECONDS = 5;

/**
 * 100,000 stages fall due in one minute while officers work: two servers tell of them. The rate of the transitions is held
 * against the same load with nothing due.
 */
export async function clocks(environment: Environment, progress: (text: string) => void): Promise<Line> {
  const { seconds } = environment.settings;
  const keys = Keyring.generate('bench');
  return withScene(
    environment,
    'clocks',
    async (scene) => {
      const { url, city, product, load } = scene;
      const quiet = Math.max(seconds, 15);
      const worked = Math.ceil((quiet + HEAD_START_SECONDS + DUE_SECONDS) * CASES_PER_SECOND);
      progress(`clocks: ${DUE + worked} cases`);
      const cases = await takeIn(scene, DUE + worked);
      const due = cases.splice(0, DUE);
      // Only what is to fall due has anything to tell in these minutes.
      await query(url, `UPDATE alert SET next_stage_at = NULL`);
      await query(url, 'VACUUM ANALYZE alert');
      const second = Child.start('serve');
      try {
        await second.call('start', { url, keys });
        await environment.checkpoint();
        const transitions = async (forSeconds: number): Promise<number> => {
          const some = cases.splice(0, Math.ceil(forSeconds * CASES_PER_SECOND));
          const order = { port: product.port, city, connections: CONNECTIONS, seconds: forSeconds, cases: some };
          return (await load.call<{ rate: number }>('transitions', order)).rate;
        };
        progress('clocks: transitions with nothing due');
        const without = await transitions(quiet);
        const from = await fallDue(url, due);
        progress(`clocks: ${DUE} fall due in ${DUE_SECONDS} s`);
        const during = await transitions(HEAD_START_SECONDS + DUE_SECONDS);
        const { stages, alerts, p50, p99, most } = await toldOf(url, from);
        const ratio = during / without;
        const fine = stages === DUE && alerts === DUE && p99 <= MOST_LAG_SECONDS;
        return {
          name: 'clocks',
          title: `${DUE.toLocaleString('en')} stages fall due in ${DUE_SECONDS} s, two servers, beside ${CONNECTIONS} connections of transitions`,
          unit: 'transitions/s',
          ours: spreadOf([during]),
          against: [
            {
              name: 'the same with nothing due',
              rate: spreadOf([without]),
              ratio: spreadOf([ratio]),
              goal: 0.7,
              met: ratio >= 0.7 && fine,
            },
          ],
          notes: [
            `${stages.toLocaleString('en')} stages told of ${alerts.toLocaleString('en')} cases; each once: ${stages === DUE && alerts === DUE ? 'yes' : 'NO'}`,
            `lag: median ${p50.toFixed(2)} s, p99 ${p99.toFixed(2)} s, most ${most.toFixed(2)} s; goal p99 ≤ ${MOST_LAG_SECONDS} s`,
          ],
        };
      } finally {
        await second.stop();
      }
    },
    keys,
  );
}

/** Spreads the reminders of the accept clocks over the minute that begins soon. @returns when it began */
async function fallDue(url: string, cases: readonly LoadedCase[]): Promise<Date> {
  const [row] = await query(url, 'SELECT clock_timestamp() AS now');
  await query(
    url,
    `UPDATE alert a SET next_stage_at = c.at, accept_due_at = c.at + make_interval(secs => a.accept_limit * 30),
       call_due_at = NULL, call_limit = NULL, visit_due_at = NULL, visit_limit = NULL, feedback_due_at = NULL, feedback_limit = NULL
     FROM (
       SELECT id, date_trunc('milliseconds', clock_timestamp()) + make_interval(secs => ($2::float8 + ord * $3::float8 / $4)) AS at
       FROM unnest($1::uuid[]) WITH ORDINALITY AS u(id, ord)
     ) c WHERE c.id = a.id`,
    [cases.map(({ id }) => id), HEAD_START_SECONDS + 5, DUE_SECONDS - 10, cases.length],
  );
  return row!['now'] as Date;
}

async function toldOf(
  url: string,
  from: Date,
): Promise<{ stages: number; alerts: number; p50: number; p99: number; most: number }> {
  const [row] = await query(
    url,
    `SELECT count(*)::int AS stages, count(DISTINCT case_id)::int AS alerts,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY lag)::float8 AS p50,
       percentile_cont(0.99) WITHIN GROUP (ORDER BY lag)::float8 AS p99, max(lag)::float8 AS most
     FROM (
       SELECT case_id, extract(epoch FROM at - (data::jsonb ->> 'reachedAt')::timestamptz) AS lag
       FROM event WHERE type = 'clock-reminded' AND at >= $1
     ) told`,
    [from],
  );
  return row as unknown as { stages: number; alerts: number; p50: number; p99: number; most: number };
}
