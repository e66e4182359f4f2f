import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Run by global-setup with the run's folder: waits for the end of its standard input, then leaves nothing behind. */
const folder = process.argv[2];
process.stdin.resume();
await new Promise((resolve) => process.stdin.once('close', resolve));

const pid = Number(
  (await readFile(join(folder, 'postgres/data/postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0],
);
for (const until = Date.now() + 10_000; pid > 0 && isAlive(pid) && Date.now() < until; await delay(20)) {
  // Immediate shutdown: nothing of it is kept.
  process.kill(pid, 'SIGQUIT');
}
await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });

function isAlive(process_) {
  try {
    process.kill(process_, 0);
    return true;
  } catch {
    return false;
  }
}
