/** Nobody was let in for so long that waiting on is worse than an answer. */
export class GateTimeout extends Error {
  override readonly name = 'GateTimeout';
}

interface Waiter {
  admit: () => void;
  timer: NodeJS.Timeout;
}

/** Lets so many in at once; the others wait their turn, first come first served, and give up after a while. */
export class Gate {
  private inside = 0;
  private readonly queue: Waiter[] = [];

  constructor(
    private readonly most: number,
    private readonly patienceMs: number,
  ) {}

  get waiting(): number {
    return this.queue.length;
  }

  /** @throws GateTimeout */
  enter(): Promise<void> | undefined {
    if (this.inside < this.most) {
      this.inside += 1;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        admit: resolve,
        timer: setTimeout(() => {
          this.queue.splice(this.queue.indexOf(waiter), 1);
          reject(new GateTimeout('no turn came in time'));
        }, this.patienceMs),
      };
      this.queue.push(waiter);
    });
  }

  /** The place goes to the next in the queue. */
  leave(): void {
    const next = this.queue.shift();
    if (!next) {
      this.inside -= 1;
      return;
    }
    clearTimeout(next.timer);
    next.admit();
  }
}
