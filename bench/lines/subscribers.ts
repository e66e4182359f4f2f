import { setTimeout as delay } from 'node:timers/promises';
import { Child } from '../support/child.js';
import type { City } from '../support/city.js';
import { query, type Environment } from '../support/environment.js';
import { withScene } from '../support/line.js';
import { measure, type Line } from '../support/measure.js';
import { Keyring } from '../../src/platform/crypto/keyring.js';
import { spreadOf, type Spread } from '../support/statistics.js';
import { takeIn } from './transition.js';

const STREAMS = 1_000;
/** Whose officers they are, each with five windows. */
const TOWNSHIPS = 200;
const FIRST = 20;
const CONNECTIONS = 8;
/** Cases that a second of measurement uses up at most, a third of the transitions. */
const CASES_PER_SECOND = 2_500;
/** Two heartbeats of every stream. */
const IDLE_SECONDS = 30;
/** What a subscriber may cost, with all that the process needs for the socket. */
const MOST_KIB = 100;

interface AtRest {
  /** Resident, MiB. */
  rss: number;
  /** Of JavaScript and its buffers, MiB. */
  heap: number;
}

interface Idle {
  /** Of one core. */
  percent: number;
  /** Transactions a second. */
  transactions: number;
}

/** People who listen and hear nothing: what they cost in memory, at rest, and to those who work. */
export async function subscribers(environment: Environment, progress: (text: string) => void): Promise<Line> {
  const { repeats, seconds } = environment.settings;
  const keys = Keyring.generate('bench');
  return withScene(
    environment,
    'subscribers',
    async (scene) => {
      const { url, city, product, load } = scene;
      progress('subscribers: cases to work on');
      const cases = await takeIn(scene, Math.ceil(2 * (repeats + 1) * seconds * CASES_PER_SECOND));
      // Their clocks would tell of something all the while.
      await query(url, 'UPDATE alert SET next_stage_at = NULL');
      await query(url, 'VACUUM ANALYZE alert');
      progress(`subscribers: officers of ${TOWNSHIPS} townships`);
      const order = { port: product.port, agencies: quietOf(city) };
      const tokens = await product.child.call<string[]>('officers', order);
      const listen = (port: number, count = STREAMS): Promise<void> => load.call('subscribe', { port, tokens, count });

      const memory: { before: AtRest; after: AtRest }[] = [];
      for (let repeat = 1; repeat <= repeats; repeat++) {
        progress(`subscribers: memory, ${repeat} of ${repeats}`);
        memory.push(
          await withServer(url, keys, async (child, port) => {
            // What the first streams load and compile is not theirs.
            await listen(port, FIRST);
            await load.call('unsubscribe');
            const before = await child.call<AtRest>('atRest');
            await listen(port);
            const after = await child.call<AtRest>('atRest');
            await load.call('unsubscribe');
            return { before, after };
          }),
        );
      }
      progress('subscribers: at rest');
      const idle = await withServer(url, keys, async (child, port) => {
        const without = await idleOf(child, url);
        await listen(port);
        const during = await idleOf(child, url);
        await load.call('unsubscribe');
        return { without, during };
      });

      const transitions = async (): Promise<number> => {
        const some = cases.splice(0, Math.ceil(seconds * CASES_PER_SECOND));
        const work = { port: product.port, city: busyOf(city), connections: CONNECTIONS, seconds, cases: some };
        return (await load.call<{ rate: number }>('transitions', work)).rate;
      };
      let messages = 0;
      const busy = { without: 0, during: 0 };
      const resident = (): Promise<number> => product.child.call<number>('memory');
      const listened = async (): Promise<number> => {
        await listen(product.port);
        const rate = await transitions();
        busy.during = Math.max(busy.during, await resident());
        messages += await load.call<number>('unsubscribe');
        return rate;
      };
      const alone = async (): Promise<number> => {
        const rate = await transitions();
        busy.without = Math.max(busy.without, await resident());
        return rate;
      };
      await environment.checkpoint();
      const perStream = spreadOf(memory.map(({ before, after }) => ((after.rss - before.rss) * 1024) / STREAMS));
      const heapPerStream = spreadOf(memory.map(({ before, after }) => ((after.heap - before.heap) * 1024) / STREAMS));
      return measure(
        {
          name: 'subscribers',
          title: `accept, attempts, forward in turn, ${CONNECTIONS} connections, beside ${STREAMS.toLocaleString('en')} quiet event streams of ${tokens.length} townships`,
          unit: 'transitions/s',
          figures: {
            'KiB resident a stream': perStream,
            'KiB of heap and buffers a stream': heapPerStream,
            'MiB resident before': spreadOf(memory.map(({ before }) => before.rss)),
            'MiB resident with them': spreadOf(memory.map(({ after }) => after.rss)),
            'percent of a core at rest, without': one(idle.without.percent),
            'percent of a core at rest, with them': one(idle.during.percent),
          },
          notes: async () => [
            `goal: at most ${MOST_KIB} KiB resident a stream: ${perStream.median <= MOST_KIB ? 'met' : 'NOT MET'}`,
            `at rest over ${IDLE_SECONDS} s: ${idle.during.transactions.toFixed(1)} transactions a second with them, ${idle.without.transactions.toFixed(1)} without`,
            `memory of the server under this load: at most ${Math.round(busy.during)} MiB with them, ${Math.round(busy.without)} MiB without`,
            messages === 0 ? 'none of them heard anything' : `NOT QUIET: they heard ${messages} events`,
          ],
        },
        [
          { name: 'Sanji', run: listened },
          { name: 'the same without them', goal: 0.9, run: alone },
        ],
        repeats,
        progress,
      );
    },
    keys,
  );
}

/** Townships all over the city that nothing is forwarded to. */
function quietOf({ counties }: City): string[] {
  const quiet = counties.flatMap(({ townships }) => townships.slice(1));
  const step = Math.max(1, quiet.length / TOWNSHIPS);
  return Array.from({ length: Math.min(TOWNSHIPS, quiet.length) }, (_, index) => quiet[Math.floor(index * step)]!);
}

/** The city as those see it who forward: one township for each county. */
function busyOf(city: City): City {
  return { ...city, counties: city.counties.map((county) => ({ ...county, townships: county.townships.slice(0, 1) })) };
}

/** A server that has done nothing yet. */
async function withServer<T>(url: string, keys: string, work: (child: Child, port: number) => Promise<T>): Promise<T> {
  const child = Child.start('serve');
  try {
    return await work(child, await child.call<number>('start', { url, keys }));
  } finally {
    await child.stop();
  }
}

async function idleOf(child: Child, url: string): Promise<Idle> {
  const read = async (): Promise<{ cpu: number; commits: number; at: number }> => {
    const [row] = await query(
      url,
      'SELECT xact_commit AS commits FROM pg_stat_database WHERE datname = current_database()',
    );
    return { cpu: await child.call<number>('cpu'), commits: Number(row!['commits']), at: performance.now() };
  };
  const from = await read();
  await delay(IDLE_SECONDS * 1_000);
  const to = await read();
  const passed = (to.at - from.at) / 1_000;
  return {
    percent: ((to.cpu - from.cpu) * 100) / passed,
    transactions: (to.commits - from.commits) / passed,
  };
}

function one(value: number): Spread {
  return spreadOf([value]);
}
