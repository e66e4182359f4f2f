import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Gives the run a temporary folder. PostgreSQL is started in it by the first test that asks for a database
 * (see database.ts), so that tests of pure rules do not wait for one. TEST_DATABASE_URL names another server to use: its
 * user must be allowed to create databases and roles.
 *
 * A process of its own waits for this one to end, in whatever way, and then stops PostgreSQL and removes the folder.
 */
export default async function globalSetup() {
  process.env.SANJI_TEST_RUN = `sanji_test_${randomBytes(4).toString('hex')}`;
  if (process.env.TEST_DATABASE_URL) return;
  const folder = await mkdtemp(join(tmpdir(), 'sanji-test-'));
  // Where tests run as root, PostgreSQL runs under another user, who has to get in.
  await chmod(folder, 0o755);
  process.env.SANJI_TEST_FOLDER = folder;
  const cleaner = spawn(process.execPath, [join(import.meta.dirname, 'clean-up.js'), folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  cleaner.unref();
  cleaner.stdin.unref();
  globalThis.sanjiTestCleaner = cleaner;
}
