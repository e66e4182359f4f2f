import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the package: the sources and what is compiled from them lie at different depths below it. */
export const PACKAGE_ROOT = findRoot(import.meta.dirname);

/** The version of the product, as package.json has it. */
export const VERSION = (JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as { version: string })
  .version;

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('the program is not in its package: package.json is not found');
  return findRoot(parent);
}
