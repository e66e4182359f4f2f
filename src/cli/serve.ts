import type { AddressInfo } from 'node:net';
import { Clock } from '../platform/clock/clock.js';
import { readConfig } from '../platform/config/config.js';
import { createLogger } from '../platform/log/logger.js';
import { loadKeyring, openDatabase } from './context.js';
import { CommandError } from './failure.js';
import { untilStopped } from './signals.js';

/** Serves until it is told to stop. @throws CommandError where the port is taken */
export async function serve(): Promise<void> {
  const stopped = untilStopped(() =>
    process.stderr.write('Stopping: requests under way are finished. Once more to stop at once.\n'),
  );
  const config = readConfig(process.env);
  const logger = createLogger(config.logLevel);
  const keyring = await loadKeyring(config);
  // Loaded when the environment is known to be right: it takes a second.
  const { createApp } = await import('../app.js');
  const database = await openDatabase(config, { notice: (message) => logger.warn(message) });
  try {
    const { app, close } = await createApp({ config, url: database.url, keyring, clock: new Clock(), logger });
    try {
      await app.listen(config.port, config.host).catch((error: NodeJS.ErrnoException) => {
        throw error.code === 'EADDRINUSE'
          ? new CommandError(`Port ${config.port} is in use: stop what listens there, or set PORT to another.`)
          : error;
      });
      const base = addressOf(app.getHttpServer().address() as AddressInfo);
      process.stdout.write(
        `Sanji serves ${base}/api/v1 - the API is described at ${base}/api/docs. Ctrl-C stops it.\n`,
      );
      await stopped;
    } finally {
      await close();
    }
  } finally {
    await database.close();
  }
}

/** An address that a browser on this machine can open. */
export function addressOf({ address, family, port }: AddressInfo): string {
  const host = address === '0.0.0.0' || address === '::' ? 'localhost' : family === 'IPv6' ? `[${address}]` : address;
  return `http://${host}:${port}`;
}
