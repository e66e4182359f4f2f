import { SingleBar } from 'cli-progress';

const LINE_EVERY_MS = 5_000;

export interface Progress {
  /** So many are done by now. */
  at(done: number): void;
  /** So many more are done. */
  advance(by?: number): void;
  /** There turned out to be so many. */
  total(total: number): void;
  /** Ends the bar; call it also where the work failed. */
  stop(): void;
}

/**
 * Shows how far a piece of work is, with its rate and the time left, on standard error: a bar on a terminal, else a line
 * every few seconds.
 * @param unit what is counted, in the plural
 */
export function showProgress(
  label: string,
  total: number,
  unit: string,
  stream: NodeJS.WriteStream = process.stderr,
): Progress {
  return stream.isTTY ? bar(label, total, unit, stream) : lines(label, total, unit, stream);
}

function bar(label: string, total: number, unit: string, stream: NodeJS.WriteStream): Progress {
  const started = performance.now();
  const single = new SingleBar({
    stream,
    hideCursor: true,
    linewrap: false,
    format: (options, { progress, value, total: all, startTime: _ }) => {
      const size = 30;
      const filled = Math.round(progress * size);
      return `${label} ${'█'.repeat(filled)}${'░'.repeat(size - filled)} ${inWords(value, all, unit, performance.now() - started)}`;
    },
  });
  single.start(total, 0);
  return {
    at: (done) => single.update(done),
    advance: (by = 1) => single.increment(by),
    total: (all) => single.setTotal(all),
    stop: () => single.stop(),
  };
}

function lines(label: string, total: number, unit: string, stream: NodeJS.WriteStream): Progress {
  const started = performance.now();
  let [done, all, last, shown] = [0, total, started, -1];
  const write = (): void => {
    shown = done;
    last = performance.now();
    stream.write(`${label}: ${inWords(done, all, unit, last - started)}\n`);
  };
  const at = (value: number): void => {
    done = value;
    if (performance.now() - last >= LINE_EVERY_MS) write();
  };
  return {
    at,
    advance: (by = 1) => at(done + by),
    total: (value) => (all = value),
    stop: () => {
      if (shown !== done) write();
    },
  };
}

/** `1,200 of 11,000 signals (11%), 850/s, 12 s left` */
export function inWords(done: number, total: number, unit: string, elapsedMs: number): string {
  const rate = elapsedMs > 0 ? (done * 1000) / elapsedMs : 0;
  const percent = total > 0 ? Math.floor((done * 100) / total) : 100;
  const words = [
    `${count(done)} of ${count(total)} ${unit} (${percent}%)`,
    `${count(rate >= 10 ? Math.round(rate) : Number(rate.toFixed(1)))}/s`,
  ];
  if (done < total) words.push(rate > 0 ? `${duration((total - done) / rate)} left` : 'time left unknown');
  else words.push(`in ${duration(elapsedMs / 1000)}`);
  return words.join(', ');
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** Seconds as `12 s`, `3 min 20 s` or `2 h 5 min`. */
function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
