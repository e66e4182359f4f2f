import type { City } from '../support/city.js';
import { Child } from '../support/child.js';
import type { Environment } from '../support/environment.js';
import { withScene } from '../support/line.js';
import { measure, type Contender, type Line } from '../support/measure.js';
import { Keyring } from '../../src/platform/crypto/keyring.js';
import { takeIn } from './transition.js';

const CONNECTIONS = 8;
const CASES_PER_SECOND = 2_500;
const GOAL = 0.9;

/** What it costs those who work on cases that the figures of reports are kept: the same server with it and without it. */
export async function keeping(environment: Environment, progress: (text: string) => void): Promise<Line> {
  const { repeats, seconds } = environment.settings;
  const keys = Keyring.generate('bench');
  return withScene(
    environment,
    'keeping',
    async (scene) => {
      const { url, city, load } = scene;
      progress('keeping: cases to work on');
      const cases = await takeIn(scene, Math.ceil(2 * (repeats + 1) * seconds * CASES_PER_SECOND));
      await scene.product.child.stop();
      // One server at a time over the same database: what the other one keeps would slow this one down.
      const transitions = async (keepReports: boolean): Promise<number> => {
        const server = Child.start('serve');
        try {
          const port = await server.call<number>('start', { url, keys, keepReports });
          const some = cases.splice(0, Math.ceil(seconds * CASES_PER_SECOND));
          const order = { port, city: city satisfies City, connections: CONNECTIONS, seconds, cases: some };
          return (await load.call<{ rate: number }>('transitions', order)).rate;
        } finally {
          await server.stop();
        }
      };
      const contenders: Contender[] = [
        { name: 'Sanji', run: () => transitions(true) },
        { name: 'without keeping reports', goal: GOAL, run: () => transitions(false) },
      ];
      await environment.checkpoint();
      return measure(
        {
          name: 'keeping',
          title: `accept, attempts, forward in turn over HTTP, ${CONNECTIONS} connections, figures of reports kept and not`,
          unit: 'transitions/s',
        },
        contenders,
        repeats,
        progress,
      );
    },
    keys,
  );
}
