import type { Environment } from '../support/environment.js';
import { withScene } from '../support/line.js';
import { measure, type Contender, type Line } from '../support/measure.js';
import { NO_PGBENCH, Pgbench } from '../support/pgbench.js';

const CONNECTIONS = 8;

/** `POST /alerts`, one signal a request. */
export async function singleIntake(environment: Environment, progress: (text: string) => void): Promise<Line> {
  const { repeats, seconds } = environment.settings;
  return withScene(environment, 'single_intake', async ({ url, city, product, bare, load }) => {
    let from = 0;
    const singles = async (port: number): Promise<number> => {
      const { rate, sent } = await load.call<{ rate: number; sent: number }>('singles', {
        port,
        city,
        connections: CONNECTIONS,
        seconds,
        from,
      });
      from += sent;
      return rate;
    };
    const pgbench = await Pgbench.prepare(url);
    const contenders: Contender[] = [
      { name: 'Sanji', run: () => singles(product.port) },
      { name: 'bare node:http + pg', goal: 0.6, run: () => singles(bare.port) },
      ...(pgbench ? [{ name: 'pgbench -N', goal: 0.2, run: () => pgbench.simpleUpdate(CONNECTIONS, seconds) }] : []),
    ];
    await environment.checkpoint();
    return measure(
      {
        name: 'single-intake',
        title: `POST /alerts, ${CONNECTIONS} connections`,
        unit: 'alerts/s',
        notes: async () => (pgbench ? [] : [NO_PGBENCH]),
      },
      contenders,
      repeats,
      progress,
    );
  });
}
