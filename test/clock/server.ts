import type { AddressInfo } from 'node:net';
import { createApp } from '../../src/app.js';
import { readConfig } from '../../src/platform/config/config.js';
import { Keyring } from '../../src/platform/crypto/keyring.js';
import { createLogger } from '../../src/platform/log/logger.js';
import { FastClock } from './fast.clock.js';

/** A server whose clock runs fast, to be killed; told to end, it ends what it had begun. */
const { DATABASE_URL: url, SANJI_KEYS: keys, FROM: from, AT: at } = process.env;
const { app, close } = await createApp({
  config: readConfig(process.env),
  url: url!,
  keyring: Keyring.parse(keys!),
  clock: new FastClock(from!, Number(at)),
  logger: createLogger('silent'),
});
await app.listen(0, '127.0.0.1');
process.stdout.write(`serves ${(app.getHttpServer().address() as AddressInfo).port}\n`);
process.once('SIGTERM', () => void close().then(() => process.exit(0)));
