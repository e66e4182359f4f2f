import { Child } from './child.js';
import type { City } from './city.js';
import type { Environment } from './environment.js';
import { Keyring } from '../../src/platform/crypto/keyring.js';

/** What most lines need: a database, the product and the bare server over it, and the load. */
export interface Scene {
  url: string;
  city: City;
  product: { port: number; child: Child };
  bare: { port: number; child: Child };
  load: Child;
}

/** Runs a line over a database of its own that is gone afterwards. */
export async function withScene<T>(
  environment: Environment,
  name: string,
  work: (scene: Scene) => Promise<T>,
  keys = Keyring.generate('bench'),
): Promise<T> {
  const url = await environment.database(name, { migrated: true });
  const product = Child.start('serve', environment.settings.profileTo);
  const bare = Child.start('bare');
  const load = Child.start('load');
  try {
    const port = await product.call<number>('start', { url, keys });
    const city = await product.call<City>('city', { port });
    const barePort = await bare.call<number>('start', { url, city });
    return await work({ url, city, product: { port, child: product }, bare: { port: barePort, child: bare }, load });
  } finally {
    await Promise.all([load.stop(), bare.stop(), product.stop()]);
    await environment.drop(url);
  }
}
