import { OrganizationRegistry } from '../../src/organization/organization.registry.js';
import { SeedService } from '../../src/organization/seed.service.js';
import { Keyring } from '../../src/platform/crypto/keyring.js';
import { loadYear } from '../explain/load.js';
import { openProduct } from '../explain/product.js';
import { Child } from './child.js';
import { CITY, type City } from './city.js';
import { query, type Environment } from './environment.js';
import { expect, getOf, HttpConnection, type Answer } from './http-client.js';

/** The product serving a generated year of a city. */
export interface GeneratedYear {
  readonly alerts: number;
  readonly url: string;
  readonly keys: string;
  readonly city: City;
  readonly server: Child;
  /** Sends a request over a connection that is kept. */
  send(request: string): Promise<Answer>;
  /** Access token of a supervisor of the city. */
  readonly supervisor: string;
  /** Seconds that it took to generate, and to prepare the figures of reports. */
  readonly generated: number;
  readonly prepared: number;
  close(): Promise<void>;
}

const POLL_MS = 500;

export async function serveYear(
  environment: Environment,
  alerts: number,
  progress: (text: string) => void,
): Promise<GeneratedYear> {
  const url = await environment.database(`year-${alerts}`, { migrated: true });
  const keys = Keyring.generate('bench');
  progress(`generating ${alerts.toLocaleString('en')} alerts`);
  const product = await openProduct(url, keys);
  const generated = await (async () => {
    await product.get(SeedService).seedCity(CITY);
    const organization = await product.get(OrganizationRegistry).current();
    return loadYear(url, alerts, organization, organization.byCode(CITY)!, product.blindIndex);
  })().finally(() => product.close());
  const server = Child.start('serve', environment.settings.profileTo);
  const began = performance.now();
  const port = await server.call<number>('start', { url, keys, generated: true });
  await preparedIn(url, (text) => progress(`${alerts.toLocaleString('en')} alerts: ${text}`));
  const prepared = (performance.now() - began) / 1_000;
  await query(url, 'VACUUM (ANALYZE) report_cell, report_case');
  await environment.checkpoint();
  const city = await server.call<City>('city', { port });
  const supervisor = await server.call<string>('supervisor', { port });
  let connection: HttpConnection | undefined;
  return {
    alerts,
    url,
    keys,
    city,
    server,
    async send(request) {
      if (!connection || connection.closed) connection = await HttpConnection.open(port);
      return connection.send(request);
    },
    supervisor,
    generated,
    prepared,
    async close() {
      connection?.close();
      await server.stop();
      await environment.drop(url);
    },
  };
}

/** Waits until reports have their prepared figures. */
async function preparedIn(url: string, progress: (text: string) => void): Promise<void> {
  for (;;) {
    const [row] = await query(url, `SELECT count(*)::int AS ready FROM report_generation WHERE state = 'current'`);
    if (row!['ready'] === 1) return;
    const [cases] = await query(url, 'SELECT built_to::text AS "to" FROM report_generation');
    progress(`preparing figures, at ${String(cases?.['to'] ?? 'the beginning')}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Asks for a path. @returns the answer as it came */
export async function ask(year: GeneratedYear, token: string, path: string): Promise<Buffer> {
  const request = getOf(`/api/v1${path}`, { authorization: `Bearer ${token}` });
  return expect(await year.send(request), 200).body;
}
