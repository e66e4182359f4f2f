import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

export interface RunningProcess {
  readonly pid: number;
  /** What it has written so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** The first match in its standard output, waited for. @throws where it ends without */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends a signal and waits for the end. @returns the exit code, or the signal that ended it */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals>;
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** Runs a TypeScript source (path from the project's root) in a process of its own. */
export function startProcess(
  source: string,
  args: readonly string[] = [],
  options: { env?: Record<string, string>; input?: string } = {},
): RunningProcess {
  const loader = join(ROOT, 'test/support/typescript.js');
  const child = spawn(
    process.execPath,
    ['--import', loader, '--disable-warning=ExperimentalWarning', join(ROOT, source), ...args],
    { env: { PATH: process.env['PATH'] ?? '', ...options.env }, stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const ended = once(child, 'close').then(([code, signal]) => (signal ?? code) as number | NodeJS.Signals);
  return {
    pid: child.pid!,
    stdout: () => out,
    stderr: () => err,
    ended,
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(out);
          if (match) resolve(match);
        };
        look();
        child.stdout.on('data', look);
        void ended.then((how) => {
          look();
          reject(new Error(`${source} ended with ${how} and did not write ${pattern}: ${err}${out}`));
        });
      }),
    end: async (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}
