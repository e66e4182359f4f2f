import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { migrations } from '../../migrations/index.js';
import { continueFeed } from '../feed/feed.continuation.js';
import { ConfigError, type Config } from '../platform/config/config.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { startEmbedded } from '../platform/database/embedded.js';
import { migrateUp } from '../platform/database/migrate.js';
import { clusterIn } from '../platform/database/postmaster.js';
import { CommandError, messageOf } from './failure.js';

const OLDEST_POSTGRESQL = 15;

export interface OpenDatabase {
  readonly url: string;
  /** Names of the migrations that opening it applied. */
  readonly migrated: readonly string[];
  close(): Promise<void>;
}

export interface OpenOptions {
  /** False leaves the schema as it is. */
  readonly migrate?: boolean;
  /** Told what happens to the embedded database in the meantime. */
  readonly notice?: (message: string) => void;
}

/**
 * The database that the configuration names, or else the embedded one, reachable and migrated. The embedded one is
 * shared with whatever other command uses it; closing it stops it when nobody else does.
 * @throws CommandError where it cannot be reached or is too old
 */
export async function openDatabase(config: Config, options: OpenOptions = {}): Promise<OpenDatabase> {
  const { url, close } = config.databaseUrl
    ? { url: config.databaseUrl, close: async () => undefined }
    : await openEmbedded(config, options.notice);
  try {
    await examine(url);
    const migrated = options.migrate === false ? [] : await migrateUp(url, migrations);
    if (options.migrate !== false) await continueFeed(url);
    return { url, migrated, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openEmbedded(
  config: Config,
  notice: OpenOptions['notice'],
): Promise<{ url: string; close(): Promise<void> }> {
  // Before the first row, so that a missing key beside a database always means a lost key.
  await loadKeyring(config);
  const embedded = await startEmbedded({ dataDir: config.dataDir, notice });
  return { url: embedded.url, close: () => embedded.stop() };
}

async function examine(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, application_name: 'sanji' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; encoding: string }>(
      `SELECT current_setting('server_version_num') AS version, current_setting('server_encoding') AS encoding`,
    );
    const version = Math.floor(Number(rows[0]?.version) / 10_000);
    if (version < OLDEST_POSTGRESQL) {
      throw new CommandError(`The database is PostgreSQL ${version}: ${OLDEST_POSTGRESQL} or newer is needed.`);
    }
    if (rows[0]?.encoding !== 'UTF8') {
      throw new CommandError(`The database is encoded in ${rows[0]?.encoding}: make one with ENCODING 'UTF8'.`);
    }
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`The database at ${new URL(url).host} cannot be used: ${messageOf(error)}`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * The keys that seal personal data: from SANJI_KEYS, the file SANJI_KEYS_FILE, or for the embedded database the file
 * `keys` beside it, which is made at the first time.
 * @throws ConfigError where they cannot be read or are none
 */
export async function loadKeyring(config: Config): Promise<Keyring> {
  if (config.keys) return Keyring.parse(config.keys);
  if (config.keysFile) return Keyring.parse(await readKeys(config.keysFile));
  const file = join(config.dataDir, 'keys');
  if (!(await exists(file))) {
    if (await exists(clusterIn(config.dataDir).data)) {
      throw new ConfigError(
        `The database in ${config.dataDir} is there, but not the key file ${file}: without it personal data cannot be read. Put the file back, or name it in SANJI_KEYS_FILE.`,
      );
    }
    await makeKeyFile(file);
  }
  return Keyring.parse(await readKeys(file));
}

async function readKeys(file: string): Promise<string> {
  try {
    const { mode } = await stat(file);
    // A container's secrets are mounted readable for everybody in it; there is nothing to change about that.
    if ((mode & 0o077) !== 0 && !file.startsWith('/run/secrets/') && process.platform !== 'win32') {
      process.stderr.write(`The key file ${file} can be read by other users: chmod 600 it.\n`);
    }
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`The key file ${file} cannot be read: ${(error as Error).message}`);
  }
}

/** Complete and on disk before it has its name; of two processes that make one at once, the first one's stays. */
async function makeKeyFile(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    await handle.writeFile(`${Keyring.generate(`k-${randomBytes(3).toString('hex')}`)}\n`);
    await handle.sync();
    await handle.close();
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    const folder = await open(dirname(file), 'r');
    await folder.sync().catch(() => undefined);
    await folder.close();
  } finally {
    await rm(draft, { force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false;
      throw error;
    },
  );
}
