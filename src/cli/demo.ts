import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DemoAccounts } from '../demo/accounts.js';
import { playDay, type DayTally } from '../demo/day.js';
import { PlayedClock } from '../simulation/played.clock.js';
import { DemoFolderError, prepareFolder } from '../demo/demo.folder.js';
import { Random } from '../simulation/random.js';
import { addDays, localDateOf, startOfLocalDate, type LocalDate } from '../platform/clock/local-date.js';
import { readConfig, type Config } from '../platform/config/config.js';
import { createLogger } from '../platform/log/logger.js';
import { loadKeyring, openDatabase } from './context.js';
import { printFarewell, printTally, printTierReport } from './demo.report.js';
import { CommandError, UsageError } from './failure.js';
import { showProgress } from './progress.js';
import { addressOf } from './serve.js';
import { untilStopped } from './signals.js';

/** Nanyang 南阳. */
const CITY = '4113';
/** 方城县独树镇: the agency of the township tier that is shown. */
const TOWNSHIP = '411322101';
const HOUR_MS = 3_600_000;
const PORTS_TO_TRY = 50;

interface DemoOptions {
  readonly signals: number;
  readonly seed: string;
  readonly exit?: boolean;
}

/** Plays the day, shows what came of it, and serves it. */
export async function demo(options: DemoOptions): Promise<void> {
  const config = demoConfig();
  const stopping = new AbortController();
  const stopped = untilStopped(() => {
    process.stderr.write('\nStopping. Once more to stop at once.\n');
    stopping.abort(new CommandError('The demo was stopped.'));
  });
  try {
    await run(config, options, stopping.signal, stopped);
  } catch (error) {
    // A Ctrl-C reaches PostgreSQL's own programs as well: whatever fails after it failed because of it.
    if (!stopping.signal.aborted) throw error instanceof DemoFolderError ? new CommandError(error.message) : error;
    process.exitCode = 130;
  }
}

/** @throws UsageError where this is no place for a demo */
function demoConfig(): Config {
  if (process.env['DATABASE_URL']?.trim()) {
    throw new UsageError('The demo makes a database of its own and never touches yours: run it without DATABASE_URL.');
  }
  const config = readConfig(process.env);
  if (config.production)
    throw new UsageError('The demo has accounts that anybody can read: it does not run with NODE_ENV=production.');
  const logLevel = process.env['SANJI_LOG_LEVEL'] ? config.logLevel : 'warn';
  return {
    ...config,
    logLevel,
    dataDir: join(config.dataDir, 'demo'),
    keys: undefined,
    keysFile: undefined,
    oidc: undefined,
  };
}

async function run(config: Config, options: DemoOptions, signal: AbortSignal, stopped: Promise<void>): Promise<void> {
  const began = performance.now();
  process.stderr.write(
    `Sanji 三级: one day of Nanyang 南阳 (${CITY}). Making a fresh database in ${config.dataDir} …\n`,
  );
  await prepareFolder(config.dataDir);
  const logger = createLogger(config.logLevel);
  const keyring = await loadKeyring(config);
  const [{ createApp }, { makeAccounts }, database] = await Promise.all([
    import('../app.js'),
    import('../demo/accounts.js'),
    openDatabase(config, { notice: (message) => logger.warn(message) }),
  ]);
  try {
    signal.throwIfAborted();
    const date = addDays(localDateOf(new Date(), config.timeZone), -1);
    const start = startOfLocalDate(date, config.timeZone).getTime();
    const end = startOfLocalDate(addDays(date, 1), config.timeZone).getTime();
    const clock = new PlayedClock(new Date(start - HOUR_MS));
    const { app, close } = await createApp({
      config,
      url: database.url,
      keyring,
      clock,
      logger,
      // Whoever signs in works through the whole day, which takes a minute, and on into the real one.
      identity: { accessMinutes: 72 * 60, idleMinutes: 72 * 60, touchSeconds: 72 * 3600 },
    });
    try {
      const base = await listen(app, config);
      const accounts = await makeAccounts(app, CITY, TOWNSHIP, new Random(`${options.seed}/accounts`));
      signal.throwIfAborted();
      process.stdout.write(`Serving on ${base}. ${options.signals.toLocaleString('en-US')} signals come in now:\n`);
      const tally = await play(base, accounts, options, { date, start, end, clock, signal });
      clock.release();
      printTally(tally, (performance.now() - began) / 1000);
      await printTierReport(base, accounts, CITY, date);
      printFarewell(base, accounts, options.exit === true);
      if (!options.exit) await stopped;
    } finally {
      await close();
    }
  } finally {
    await database.close();
  }
}

async function play(
  base: string,
  { password, feedKey }: DemoAccounts,
  { signals, seed }: DemoOptions,
  day: { date: LocalDate; start: number; end: number; clock: PlayedClock; signal: AbortSignal },
): Promise<DayTally> {
  const progress = showProgress(`${day.date}`, signals, 'signals');
  try {
    return await playDay({
      base,
      city: CITY,
      password,
      feedKey,
      signals,
      seed,
      start: day.start,
      end: day.end,
      date: day.date.replaceAll('-', ''),
      moveTo: (moment) => day.clock.moveTo(moment),
      onProgress: (done) => progress.at(done),
      signal: day.signal,
    });
  } finally {
    progress.stop();
  }
}

/** Listens on the configured port or the next one that is free. @returns an address that a browser can open */
async function listen(app: NestFastifyApplication, config: Config): Promise<string> {
  for (let port = config.port; ; port++) {
    try {
      await app.listen(port, config.host);
      if (port !== config.port) process.stderr.write(`Port ${config.port} is in use: taking ${port}.\n`);
      return addressOf(app.getHttpServer().address() as AddressInfo);
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!taken || port - config.port >= PORTS_TO_TRY || port >= 65_535) throw error;
    }
  }
}
