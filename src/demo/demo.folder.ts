import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbedded } from '../platform/database/embedded.js';
import { clusterIn, isPostmasterOf, readPostmaster, type Cluster } from '../platform/database/postmaster.js';

/** Says that everything beside it may be thrown away. */
const MARK = 'this-is-a-demo';

/** The demo cannot have its folder; the message says why. */
export class DemoFolderError extends Error {
  override readonly name = 'DemoFolderError';
}

/**
 * Empties the folder of an earlier demo, or makes a new one.
 * @throws DemoFolderError where something else lives in it, or another demo is at work there
 */
export async function prepareFolder(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (names.length > 0 && !names.includes(MARK)) {
    throw new DemoFolderError(
      `${folder} holds something that is not a demo's, and the demo begins by emptying its folder. Choose another with SANJI_DATA_DIR.`,
    );
  }
  if (await isInUse(folder)) {
    throw new DemoFolderError(`Another demo is at work in ${folder}. Stop it first, or choose another SANJI_DATA_DIR.`);
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, MARK), 'Made by "sanji demo", which empties this folder each time it starts.\n');
}

/** Whether another process uses the database. One that a killed demo left running is stopped. */
async function isInUse(folder: string): Promise<boolean> {
  const cluster = clusterIn(folder);
  if (!(await isRunning(cluster))) return false;
  // Whoever leaves last stops it: if that is us, nobody else was there.
  const visit = await startEmbedded({ dataDir: folder });
  await visit.stop();
  return isRunning(cluster);
}

async function isRunning(cluster: Cluster): Promise<boolean> {
  const postmaster = await readPostmaster(cluster);
  return postmaster !== undefined && isPostmasterOf(cluster, postmaster.pid);
}
