import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { addDays, localDateOf, startOfLocalDate } from '../platform/clock/local-date.js';
import { readConfig, type Config } from '../platform/config/config.js';
import { createLogger } from '../platform/log/logger.js';
import { checkReplay, type CheckedFigure } from '../replay/replay.check.js';
import { PlanError } from '../replay/replay.plan.js';
import { ReplayRefused, type Replayed } from '../replay/replay.js';
import { PlayedClock } from '../simulation/played.clock.js';
import { loadKeyring, openDatabase } from './context.js';
import { CommandError, UsageError } from './failure.js';
import { table } from './output.js';
import { showProgress, type Progress } from './progress.js';
import type { ReplayCommandOptions } from './replay.command.js';
import { addressOf } from './serve.js';
import { untilStopped } from './signals.js';

/** Held by whoever replays into a database: two at once would take each other's steps. */
const ONLY_ONE = 7_362_158;
const HOUR_MS = 3_600_000;
/** Years of a replay at most, for which its people stay signed in. */
const MOST_DAYS = 366;
const MINUTES_SIGNED_IN = (MOST_DAYS + 2) * 24 * 60;

/** Replays, and prints what came of it. */
export async function replayCity(options: ReplayCommandOptions): Promise<void> {
  const config = readConfig(process.env);
  requirePeriod(options, config);
  const stopping = new AbortController();
  void untilStopped(() => {
    process.stderr.write('\nStopping; the same command goes on from here. Once more to stop at once.\n');
    stopping.abort(new CommandError('The replay was stopped.'));
  });
  try {
    const replayed = await run(config, options, stopping.signal);
    report(replayed, options);
  } catch (error) {
    // A Ctrl-C reaches PostgreSQL's own programs as well: whatever fails after it failed because of it.
    if (stopping.signal.aborted) process.exitCode = 130;
    else if (error instanceof ReplayRefused || error instanceof PlanError) throw new CommandError(error.message);
    else throw error;
  }
}

function requirePeriod({ from, to }: ReplayCommandOptions, { timeZone }: Config): void {
  if (from > to) throw new UsageError('--to lies before --from.');
  if (to >= addDays(from, MOST_DAYS)) throw new UsageError(`A replay has ${MOST_DAYS} days at most.`);
  if (to >= localDateOf(new Date(), timeZone)) throw new UsageError('A replay is of the past: --to is not over yet.');
}

async function run(config: Config, options: ReplayCommandOptions, signal: AbortSignal): Promise<Replayed> {
  const logger = createLogger(process.env['SANJI_LOG_LEVEL'] ? config.logLevel : 'warn');
  const keyring = await loadKeyring(config);
  const [{ createApp }, { replay }, database] = await Promise.all([
    import('../app.js'),
    import('../replay/replay.js'),
    openDatabase(config, { notice: (message) => logger.warn(message) }),
  ]);
  try {
    return await alone(database.url, async () => {
      const start = startOfLocalDate(options.from, config.timeZone).getTime();
      const clock = new PlayedClock(new Date(start - HOUR_MS));
      const { app, close } = await createApp({
        config,
        url: database.url,
        keyring,
        clock,
        logger,
        identity: {
          accessMinutes: MINUTES_SIGNED_IN,
          idleMinutes: MINUTES_SIGNED_IN,
          touchSeconds: MINUTES_SIGNED_IN * 60,
        },
        // The replay calls the clocks as its own time goes. And nothing leaves the house: no message, no webhook.
        background: false,
      });
      let progress: Progress | undefined;
      try {
        await app.listen(0, '127.0.0.1');
        const base = addressOf(app.getHttpServer().address() as AddressInfo);
        return await replay({
          app,
          base,
          clock,
          timeZone: config.timeZone,
          options,
          today: Date.now(),
          signal,
          onDay: (played, days) => {
            progress ??= showProgress(`replay ${options.city}`, days, 'days');
            progress.at(played);
          },
        });
      } finally {
        progress?.stop();
        await close();
      }
    });
  } finally {
    await database.close();
  }
}

/** @throws CommandError where another process replays into the database */
async function alone<T>(url: string, work: () => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'sanji replay' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ free: boolean }>('SELECT pg_try_advisory_lock($1) AS free', [ONLY_ONE]);
    if (!rows[0]!.free) throw new CommandError('Another replay is at work in this database.');
    return await work();
  } finally {
    await client.end().catch(() => undefined);
  }
}

const number = (value: number | null): string =>
  value === null ? '—' : value.toLocaleString('en-US', { maximumFractionDigits: 2 });

function report(replayed: Replayed, { scale, city, from, to, json }: ReplayCommandOptions): void {
  const figures = checkReplay(replayed);
  const missed = figures.filter(({ met }) => !met);
  if (json) {
    const { briefing } = replayed;
    process.stdout.write(`${JSON.stringify({ city, from, to, scale, text: briefing.text, figures }, undefined, 2)}\n`);
  } else {
    process.stdout.write(
      [
        '',
        replayed.briefing.text.zh,
        '',
        table<CheckedFigure>(figures, [
          { title: 'id', value: ({ id }) => id },
          { title: 'figure', value: ({ figure }) => figure },
          { title: 'printed', value: ({ printed }) => printed ?? '—', align: 'right' },
          { title: 'planned', value: ({ planned }) => number(planned), align: 'right' },
          { title: 'replayed', value: ({ replayed: value }) => number(value), align: 'right' },
          { title: `× ${number(1 / scale)}`, value: ({ atFullScale }) => number(atFullScale), align: 'right' },
          { title: 'met', value: ({ met, note }) => (met ? 'yes' : `no${note ? `: ${note}` : ''}`) },
        ]),
        missed.length === 0
          ? 'Every figure is met.'
          : `${figures.length - missed.length} of ${figures.length} figures are met.`,
        `Everybody in it is made up. To look around: sanji user reset replay-supervisor-${city}, then sanji serve.`,
        '',
      ].join('\n'),
    );
  }
}
