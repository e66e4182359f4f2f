import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

interface Call {
  id: number;
  name: string;
  args: unknown;
}

interface Answer {
  id: number;
  result?: unknown;
  error?: string;
}

/** A process of the bench, asked over IPC: the server, a comparator, or the load. */
export class Child {
  private static readonly all = new Set<Child>();
  private readonly waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  private last = 0;

  private constructor(
    private readonly process: ChildProcess,
    name: string,
  ) {
    process.on('message', ({ id, result, error }: Answer) => {
      const call = this.waiting.get(id);
      this.waiting.delete(id);
      if (error === undefined) call?.resolve(result);
      else call?.reject(new Error(`${name}: ${error}`));
    });
    process.once('exit', (code, signal) => {
      Child.all.delete(this);
      for (const { reject } of this.waiting.values()) reject(new Error(`${name} ended with ${signal ?? code}`));
    });
  }

  /**
   * @param module of this folder's parent, e.g. `serve`
   * @param profileTo folder for a CPU profile, written when the process ends
   */
  static start(module: string, profileTo?: string): Child {
    const child = fork(join(import.meta.dirname, '..', `${module}.js`), {
      // Our own log lines are written, as in production, but to nowhere.
      stdio: ['ignore', 'inherit', 'ignore', 'ipc'],
      execArgv: profileTo ? ['--cpu-prof', `--cpu-prof-dir=${profileTo}`] : [],
    });
    const started = new Child(child, module);
    Child.all.add(started);
    return started;
  }

  async call<T>(name: string, args: unknown = {}): Promise<T> {
    const id = ++this.last;
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.process.send({ id, name, args } satisfies Call);
    });
  }

  async stop(): Promise<void> {
    if (!Child.all.has(this)) return;
    const ended = once(this.process, 'exit');
    // Where Ctrl-C comes in the middle of a line, both it and the line end the child.
    if (this.process.connected) this.process.disconnect();
    const late = setTimeout(() => this.process.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(late);
  }

  static async stopAll(): Promise<void> {
    await Promise.all([...Child.all].map((child) => child.stop()));
  }
}

/**
 * The other end: answers calls by name until the parent lets go.
 * @param leave undoes what the calls began
 */
export function answerCalls(calls: Record<string, (args: never) => unknown>, leave: () => Promise<void>): void {
  process.on('message', ({ id, name, args }: Call) => {
    const call = calls[name];
    void Promise.resolve(call?.(args as never)).then(
      (result) => process.send?.({ id, result } satisfies Answer),
      (error: Error) => process.send?.({ id, error: error.stack ?? error.message } satisfies Answer),
    );
  });
  // Ctrl-C reaches every process of the terminal; the parent decides when to end.
  process.on('SIGINT', () => undefined);
  process.once('disconnect', () => void leave().finally(() => process.exit(0)));
}
