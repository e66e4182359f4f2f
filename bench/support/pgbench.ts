import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** A million rows: the contenders' own tables are as large. */
const SCALE = 10;

/** PostgreSQL's own yardstick of the machine, where it is installed. */
export class Pgbench {
  private constructor(private readonly url: string) {}

  /** @returns undefined where no `pgbench` is in PATH */
  static async prepare(url: string): Promise<Pgbench | undefined> {
    try {
      await run('pgbench', ['--version']);
    } catch {
      return undefined;
    }
    await run('pgbench', ['--initialize', '--quiet', `--scale=${SCALE}`, url]);
    return new Pgbench(url);
  }

  /** `pgbench -N` (simple update). @returns transactions a second */
  async simpleUpdate(clients: number, seconds: number): Promise<number> {
    const args = [
      '-N',
      `--client=${clients}`,
      '--jobs=2',
      `--time=${Math.max(1, Math.round(seconds))}`,
      '--no-vacuum',
      this.url,
    ];
    const { stdout } = await run('pgbench', args);
    const rate = Number(/^tps = ([\d.]+) \(without initial/m.exec(stdout)?.[1]);
    if (Number.isNaN(rate)) throw new Error(`pgbench said: ${stdout}`);
    return rate;
  }
}

export const NO_PGBENCH = 'pgbench is not in PATH: that comparison is left out';
