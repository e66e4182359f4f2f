import type { Tx } from './tx.js';

/** Whoever took the rows has had enough. */
class Left extends Error {
  override readonly name = 'Left';
}

/** Opens a transaction, runs `work` in it, and ends it. */
export type Opener = (work: (tx: Tx) => Promise<void>) => Promise<void>;

/**
 * Rows of one transaction, for whoever takes them outside of it: a page is read when the one before it has been taken,
 * and the transaction ends with the last, or when nobody wants more. Nothing is opened before the first is asked for.
 * @throws whatever `open` and `pages` throw; Error where `open` begins anew after rows were given out
 */
export async function* streamed<Row>(
  open: Opener,
  pages: (tx: Tx) => AsyncIterable<readonly Row[]>,
): AsyncGenerator<Row, void> {
  const handover = new Handover<readonly Row[]>();
  let given = false;
  const ended = open(async (tx) => {
    if (given) throw new Error('rows of one state were given out: they cannot go on with those of another');
    for await (const page of pages(tx)) {
      given = true;
      await handover.give(page);
    }
  }).then(
    () => handover.end(),
    (error: unknown) => handover.end({ error }),
  );
  try {
    for (let page = await handover.take(); page; page = await handover.take()) yield* page;
  } finally {
    handover.leave();
    await ended;
  }
}

interface Giver {
  /** The thing has been taken, and the next is wanted. */
  goOn: () => void;
  /** Nobody wants more. */
  stop: (error: Error) => void;
}

interface Taker<Thing> {
  given: (thing: Thing | undefined) => void;
  failed: (error: unknown) => void;
}

/** One thing at a time from a giver to a taker, who wait for each other. */
class Handover<Thing> {
  private offered: { thing: Thing; giver: Giver } | undefined;
  /** Whose thing is with the taker. */
  private waitingGiver: Giver | undefined;
  private taker: Taker<Thing> | undefined;
  private over: { error?: unknown } | undefined;
  private left = false;

  /** Resolves when the thing has been taken and the next is wanted. */
  give(thing: Thing): Promise<void> {
    if (this.left) return Promise.reject(new Left('nobody takes any more'));
    return new Promise((goOn, stop) => {
      this.offered = { thing, giver: { goOn, stop } };
      this.pass();
    });
  }

  /** The next thing; undefined after the last. */
  take(): Promise<Thing | undefined> {
    this.waitingGiver?.goOn();
    this.waitingGiver = undefined;
    return new Promise((given, failed) => {
      this.taker = { given, failed };
      this.pass();
    });
  }

  /** The giver is done, or failed. */
  end(over: { error?: unknown } = {}): void {
    this.over = over;
    this.pass();
  }

  /** The taker wants no more. */
  leave(): void {
    this.left = true;
    const giver = this.waitingGiver ?? this.offered?.giver;
    giver?.stop(new Left('nobody takes any more'));
  }

  private pass(): void {
    const { taker, offered, over } = this;
    if (!taker) return;
    if (offered) {
      this.waitingGiver = offered.giver;
      this.offered = undefined;
      taker.given(offered.thing);
    } else if (!over) return;
    else if ('error' in over) taker.failed(over.error);
    else taker.given(undefined);
    this.taker = undefined;
  }
}
