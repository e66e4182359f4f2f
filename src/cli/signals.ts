/** Ctrl-C in "npm start" arrives twice, from the terminal and from npm: what comes this soon is the same wish. */
const SAME_WISH_MS = 1_000;
/** Less than the 30 s that docker-compose.yml gives. */
const PATIENCE_MS = 25_000;
const NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/**
 * Resolves at the first signal that asks the process to stop. A second one ends it at once, and so does time where what
 * is under way does not end.
 * @param told called at the first signal
 */
export function untilStopped(told: (signal: string) => void = () => undefined): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined;
    for (const [signal, number] of Object.entries(NUMBERS)) {
      process.on(signal, () => {
        if (first === undefined) {
          first = performance.now();
          told(signal);
          setTimeout(() => process.exit(1), PATIENCE_MS).unref();
          resolve();
        } else if (performance.now() - first > SAME_WISH_MS) {
          process.exit(128 + number);
        }
      });
    }
  });
}

/**
 * Ends the process at the first signal that asks for it, for work that may break off anywhere: what is not committed is
 * rolled back, and an embedded database that nobody else uses is stopped on the way out.
 * @returns what takes this back, once the work is done
 */
export function exitWhenStopped(): () => void {
  const listeners = Object.entries(NUMBERS).map(([signal, number]) => {
    const exit = (): never => process.exit(128 + number);
    process.once(signal, exit);
    return [signal, exit] as const;
  });
  return () => listeners.forEach(([signal, exit]) => process.removeListener(signal, exit));
}
