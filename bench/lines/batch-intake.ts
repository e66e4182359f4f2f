import type { Environment } from '../support/environment.js';
import { withScene } from '../support/line.js';
import { measure, type Line } from '../support/measure.js';

const CONNECTIONS = 4;
const SIZE = 1_000;
/** What a batch takes at most on the machines at hand, so that a measurement takes about as long as it should. */
const BATCHES_PER_SECOND = 6;

/** `POST /alerts/batch`, everything on, against the same rows inserted barely. */
export async function batchIntake(environment: Environment, progress: (text: string) => void): Promise<Line> {
  const { repeats, seconds } = environment.settings;
  const batches = Math.max(CONNECTIONS, Math.round(seconds * BATCHES_PER_SECOND));
  return withScene(environment, 'batch_intake', async ({ url, city, product, bare, load }) => {
    let from = 0;
    const order = (): object => {
      const work = { city, connections: CONNECTIONS, batches, size: SIZE, from };
      from += batches * SIZE;
      return work;
    };
    return measure(
      {
        name: 'batch-intake',
        title: `POST /alerts/batch of ${SIZE}, ${CONNECTIONS} connections, everything on`,
        unit: 'alerts/s',
      },
      [
        { name: 'Sanji', run: () => load.call('batches', { port: product.port, ...order() }) },
        { name: 'bare INSERT … SELECT FROM unnest', goal: 0.5, run: () => load.call('inserts', { url, ...order() }) },
        {
          name: 'bare HTTP, validation, encryption',
          goal: 0.7,
          run: () => load.call('batches', { port: bare.port, ...order() }),
        },
      ],
      repeats,
      progress,
    );
  });
}
