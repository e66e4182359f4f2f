import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, open, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { chooseRunAs, chooseUser, EmbeddedDatabaseError, locateBinaries, type RunAs } from './postgres-binaries.js';
import { settingFlags } from './postgres-settings.js';

const run = promisify(execFile);

/** The superuser of an embedded cluster. */
export const OWNER = 'sanji';

const START_TIMEOUT_MS = 120_000;
const POLL_MS = 20;
const LOG_LIMIT_BYTES = 10 * 1024 * 1024;
const ABANDONED_AFTER_MS = 10 * 60_000;

/** The files of one embedded cluster, all under `<dataDir>/postgres`. */
export interface Cluster {
  readonly folder: string;
  /** PostgreSQL's own data directory. */
  readonly data: string;
  readonly passwordFile: string;
  readonly logFile: string;
}

export function clusterIn(dataDir: string): Cluster {
  const folder = join(dataDir, 'postgres');
  return {
    folder,
    data: join(folder, 'data'),
    passwordFile: join(folder, 'password'),
    logFile: join(folder, 'server.log'),
  };
}

/** What a running postmaster says of itself in `postmaster.pid`. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

/** The postmaster that `postmaster.pid` names; whether it lives is another question. */
export async function readPostmaster(cluster: Cluster): Promise<Postmaster | undefined> {
  const lines = (await readFile(join(cluster.data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 0 && port > 0 ? { pid, port } : undefined;
}

/**
 * Whether a process is the postmaster of this cluster. Process numbers are used again, above all in containers, and a
 * data folder may be copied with its `postmaster.pid`: that a process has the number proves nothing.
 */
export async function isPostmasterOf(cluster: Cluster, pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform === 'win32') return true;
  if (process.platform !== 'linux') {
    const command = await run('ps', ['-p', String(pid), '-o', 'command=']).catch(() => ({ stdout: '' }));
    return command.stdout.includes(cluster.data);
  }
  // A postmaster works in its data directory. One that is dead but not yet collected works nowhere.
  try {
    const [where, data] = await Promise.all([stat(`/proc/${pid}/cwd`), stat(cluster.data)]);
    return where.dev === data.dev && where.ino === data.ino;
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, under another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Makes the cluster where there is none. It is prepared beside its place and moved there whole: a crash on the way
 * leaves no half cluster, and of two processes that do it at once one wins.
 */
export async function ensureCluster(cluster: Cluster): Promise<void> {
  if (await isThere(cluster.data)) return;
  const parent = dirname(cluster.folder);
  await mkdir(parent, { recursive: true });
  await removeAbandoned(parent);
  const binaries = await locateBinaries();
  const user = await chooseUser(cluster.folder);
  const draft = clusterIn(join(parent, `new-${randomBytes(6).toString('hex')}`));
  const draftParent = dirname(draft.folder);
  await mkdir(draft.folder, { recursive: true });
  await writeFile(draft.passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  await chmod(draft.folder, 0o700);
  if (user) {
    await chown(draft.passwordFile, user.uid, user.gid);
    await chown(draft.folder, user.uid, user.gid);
  }
  try {
    const runAs = await chooseRunAs(user, binaries, draft.folder);
    await execute(runAs, draft.folder, [
      binaries.initdb,
      `--pgdata=${draft.data}`,
      `--username=${OWNER}`,
      `--pwfile=${draft.passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
    ]);
    await rename(draft.folder, cluster.folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  } finally {
    await rm(draftParent, { recursive: true, force: true });
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw new EmbeddedDatabaseError(
      `${path} cannot be read (${(error as Error).message}): the embedded database belongs to another user. Run as that user, or choose another SANJI_DATA_DIR.`,
    );
  }
}

/** Drafts that a crash left behind. Young ones may be another process's work. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!/^new-[0-9a-f]{12}$/.test(name)) continue;
    const age = Date.now() - (await stat(join(parent, name)).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
    if (age > ABANDONED_AFTER_MS) await rm(join(parent, name), { recursive: true, force: true });
  }
}

async function execute(runAs: RunAs, cwd: string, command: readonly string[]): Promise<void> {
  const [program, ...args] = [...runAs.prefix, ...command];
  const child = spawn(program!, args, {
    cwd,
    env: environment(),
    uid: runAs.uid,
    gid: runAs.gid,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0
        ? resolve()
        : reject(
            new EmbeddedDatabaseError(
              `The embedded PostgreSQL could not be set up: ${said.trim() || `${basename(command[0]!)} ended with ${code}`}`,
            ),
          ),
    );
  });
}

/** Nothing of our own environment, which holds secrets, goes to the database's processes. */
function environment(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

/**
 * Starts the postmaster of a cluster that has none, in a session of its own so that Ctrl-C in our terminal does not reach
 * it, and waits until it answers. Returns undefined where another process was faster.
 * @param port preferred; a free one is chosen where it is undefined
 * @param durable false for throw-away data only
 */
export async function startPostmaster(
  cluster: Cluster,
  options: { port?: number; durable: boolean },
): Promise<Postmaster | undefined> {
  const binaries = await locateBinaries();
  const runAs = await chooseRunAs(await chooseUser(cluster.data), binaries, cluster.data);
  await removeForeignLock(cluster);
  const port = options.port ?? (await freePort());
  const [program, ...args] = [
    ...runAs.prefix,
    binaries.postgres,
    '-D',
    cluster.data,
    ...settingFlags(port, options.durable),
  ];
  const log = await openLog(cluster);
  const from = (await log.stat()).size;
  let ended: string | undefined;
  const child = spawn(program!, args, {
    cwd: cluster.folder,
    env: environment(),
    uid: runAs.uid,
    gid: runAs.gid,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  child.once('error', (error) => (ended = error.message));
  child.once('exit', (code, signal) => (ended ??= `it ended with ${signal ?? code}`));
  child.unref();
  await log.close();

  for (const until = Date.now() + START_TIMEOUT_MS; Date.now() < until; await delay(POLL_MS)) {
    const found = await readFile(join(cluster.data, 'postmaster.pid'), 'utf8').catch(() => '');
    const lines = found.split('\n');
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return { pid: child.pid!, port };
    if (ended === undefined) continue;
    const said = await logSince(cluster, from);
    // Another process's postmaster has the data directory, or the last one's children are just leaving it.
    if (/lock file "postmaster\.pid" already exists|still in use/.test(said)) return undefined;
    throw new EmbeddedDatabaseError(
      `The embedded PostgreSQL did not start: ${lastFatal(said) ?? ended}. Its log is ${cluster.logFile}.`,
    );
  }
  throw new EmbeddedDatabaseError(
    `The embedded PostgreSQL did not get ready within ${START_TIMEOUT_MS / 1000} s. Its log is ${cluster.logFile}.`,
  );
}

/**
 * Removes a `postmaster.pid` whose number now belongs to some other program: PostgreSQL only looks whether a process has
 * the number, and would refuse to start. Where no process has it PostgreSQL removes the file itself.
 */
async function removeForeignLock(cluster: Cluster): Promise<void> {
  const file = join(cluster.data, 'postmaster.pid');
  const stale = await readPostmaster(cluster);
  if (!stale || !isAlive(stale.pid) || (await isPostmasterOf(cluster, stale.pid))) return;
  const aside = `${file}.${randomBytes(4).toString('hex')}`;
  await rename(file, aside).catch(() => undefined);
  const moved = Number((await readFile(aside, 'utf8').catch(() => '')).split('\n')[0]);
  // Between the look and the move another process may have started a postmaster: that one's file goes back.
  if (moved > 0 && moved !== stale.pid) await rename(aside, file);
  else await rm(aside, { force: true });
}

async function openLog(cluster: Cluster): Promise<Awaited<ReturnType<typeof open>>> {
  const size = (await stat(cluster.logFile).catch(() => ({ size: 0 }))).size;
  if (size > LOG_LIMIT_BYTES) await rename(cluster.logFile, `${cluster.logFile}.1`);
  return open(cluster.logFile, 'a', 0o600);
}

async function logSince(cluster: Cluster, from: number): Promise<string> {
  return (await readFile(cluster.logFile).catch(() => Buffer.alloc(0))).subarray(from).toString('utf8');
}

function lastFatal(said: string): string | undefined {
  return [...said.matchAll(/(?:FATAL|PANIC|ERROR): {2}(.+)/g)].at(-1)?.[1];
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Stops a postmaster: open transactions are rolled back, everything committed is on disk. */
export async function stopPostmaster(cluster: Cluster, postmaster: Postmaster): Promise<void> {
  for (const until = Date.now() + START_TIMEOUT_MS; Date.now() < until; await delay(POLL_MS)) {
    if (!(await isPostmasterOf(cluster, postmaster.pid))) return;
    // Fast shutdown. Repeated, because one sent while it starts is lost.
    signal(postmaster.pid, 'SIGINT');
  }
  throw new EmbeddedDatabaseError(`The embedded PostgreSQL (process ${postmaster.pid}) did not stop.`);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone already.
  }
}
