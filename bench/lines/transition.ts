import type { LoadedCase } from '../load.js';
import { query, type Environment } from '../support/environment.js';
import { withScene, type Scene } from '../support/line.js';
import { measure, type Contender, type Line } from '../support/measure.js';
import { NO_PGBENCH, Pgbench } from '../support/pgbench.js';

const CONNECTIONS = 8;
const BATCH = 1_000;
/** Cases that a second of measurement uses up at most, a third of the transitions. */
const CASES_PER_SECOND = 2_500;

/** `accept`, `attempts`, `forward` in turn, each a request of its own. */
export async function transition(environment: Environment, progress: (text: string) => void): Promise<Line> {
  const { repeats, seconds } = environment.settings;
  return withScene(environment, 'transition', async (scene) => {
    const { url, city, product, bare, load } = scene;
    progress('transition: cases to work on');
    const cases = await takeIn(scene, Math.ceil(2 * (repeats + 1) * seconds * CASES_PER_SECOND));
    const transitions = async (port: number): Promise<number> => {
      const some = cases.splice(0, Math.ceil(seconds * CASES_PER_SECOND));
      const { rate } = await load.call<{ rate: number }>('transitions', {
        port,
        city,
        connections: CONNECTIONS,
        seconds,
        cases: some,
      });
      return rate;
    };
    const pgbench = await Pgbench.prepare(url);
    const contenders: Contender[] = [
      { name: 'Sanji', run: () => transitions(product.port) },
      { name: 'bare node:http + pg', goal: 0.7, run: () => transitions(bare.port) },
      ...(pgbench ? [{ name: 'pgbench -N', goal: 0.35, run: () => pgbench.simpleUpdate(CONNECTIONS, seconds) }] : []),
    ];
    await environment.checkpoint();
    return measure(
      {
        name: 'transition',
        title: `accept, attempts, forward in turn over HTTP, ${CONNECTIONS} connections`,
        unit: 'transitions/s',
        notes: async () => [
          ...(pgbench ? [] : [NO_PGBENCH]),
          `memory of the server under this load: ${Math.round(await product.child.call<number>('memory'))} MiB`,
        ],
      },
      contenders,
      repeats,
      progress,
    );
  });
}

/** Hands signals in until so many cases wait to be signed for, each at its county. */
export async function takeIn({ url, city, product, load }: Scene, count: number): Promise<LoadedCase[]> {
  // Some signals join others.
  const batches = Math.ceil((count * 1.03) / BATCH);
  const order = { port: product.port, city, connections: 4, size: BATCH };
  for (let done = 0; done < batches; done += 20) {
    await load.call('batches', { ...order, batches: Math.min(20, batches - done), from: done * BATCH });
  }
  const counties = new Map(city.counties.map(({ id }, index) => [id, index]));
  const rows = await query(url, `SELECT id, version, holder_id FROM alert WHERE status = 'assigned' ORDER BY id`);
  return rows.map((row) => ({
    id: String(row['id']),
    version: Number(row['version']),
    county: counties.get(Number(row['holder_id']))!,
  }));
}
