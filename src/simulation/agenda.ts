/** Whoever does something in the played day: acts, and waits for the next moment to act. */
export class Turn {
  /**
   * The moment at which it meant to act, milliseconds. The clock may be a little further, as others act at the same time;
   * plans are made from here, so that they come out the same however fast the others were.
   */
  now: number;

  constructor(
    private readonly agenda: Agenda,
    start: number,
  ) {
    this.now = start;
  }

  /** Goes on at a moment of the played day, or at once where it has passed. After the day's end it never goes on. */
  until(moment: number): Promise<void> {
    return new Promise((resolve) => {
      this.agenda.enter(this, Math.max(moment, this.now), resolve);
      this.agenda.leave(this);
    });
  }

  /** Goes on so many minutes from now. */
  after(minutes: number): Promise<void> {
    return this.until(this.now + minutes * 60_000);
  }

  /** Goes on when somebody else calls `wake`, at the moment that is given. */
  untilWoken<T>(register: (wake: (what: T, moment: number) => void) => void): Promise<T> {
    return new Promise((resolve) => {
      register((what, moment) => this.agenda.enter(this, moment, () => resolve(what)));
      this.agenda.leave(this);
    });
  }
}

interface Entry {
  readonly at: number;
  /** Tells entries of one moment apart: first come, first served. */
  readonly serial: number;
  readonly turn: Turn;
  readonly wake: () => void;
}

export interface AgendaOptions {
  /** Moves the played clock on, milliseconds. */
  readonly moveTo: (moment: number) => void;
  readonly start: number;
  /** Nothing is begun from this moment on. */
  readonly end: number;
  /** How many act at the same time. */
  readonly most: number;
  /**
   * How far the clock may run ahead of whoever still acts, milliseconds. What they do is stored up to so much later than
   * they meant; with more of it they wait less for each other.
   */
  readonly lookahead: number;
}

/**
 * Plays a day: wakes whoever is next, in the order of time, moving the clock. Several act at once, as long as none is
 * left too far behind.
 */
export class Agenda {
  private readonly waiting = new EntryHeap();
  private readonly acting = new Set<Turn>();
  private moment: number;
  private serial = 0;
  private advancing = false;
  private ended = false;
  private readonly finished: Promise<void>;
  private finish: () => void;
  private fail: (error: unknown) => void;

  constructor(private readonly options: AgendaOptions) {
    this.moment = options.start;
    this.finished = new Promise((resolve, reject) => ([this.finish, this.fail] = [resolve, reject]));
    // Whoever plays hears of it; a failure before anybody plays is kept until then.
    this.finished.catch(() => undefined);
  }

  /** Puts a story into the day. Where it fails, the day does. */
  tell(at: number, story: (turn: Turn) => Promise<void>): void {
    const turn = new Turn(this, at);
    this.enter(turn, at, () => {
      story(turn).then(
        () => this.leave(turn),
        (error: unknown) => this.abort(error),
      );
    });
  }

  /** Plays until nothing is left to do before the end. @throws what a story threw, or what it was aborted with */
  play(): Promise<void> {
    this.advance();
    return this.finished;
  }

  /** Begins nothing more. */
  abort(error: unknown): void {
    this.ended = true;
    this.fail(error);
  }

  /** @internal */
  enter(turn: Turn, at: number, wake: () => void): void {
    this.waiting.push({ at, serial: this.serial++, turn, wake });
  }

  /** @internal */
  leave(turn: Turn): void {
    this.acting.delete(turn);
    this.advance();
  }

  private advance(): void {
    // Whoever is woken may wait again at once, which leads back here.
    if (this.advancing || this.ended) return;
    this.advancing = true;
    for (let next = this.next(); next; next = this.next()) {
      this.waiting.pop();
      this.moment = Math.max(this.moment, next.at);
      this.options.moveTo(this.moment);
      next.turn.now = next.at;
      this.acting.add(next.turn);
      next.wake();
    }
    this.advancing = false;
    if (this.acting.size === 0) {
      this.ended = true;
      this.finish();
    }
  }

  private next(): Entry | undefined {
    const { end, most, lookahead } = this.options;
    const entry = this.waiting.first();
    if (!entry || entry.at >= end || this.acting.size >= most) return undefined;
    for (const { now } of this.acting) if (entry.at > now + lookahead) return undefined;
    return entry;
  }
}

/** The earliest first. */
class EntryHeap {
  private readonly entries: Entry[] = [];

  first(): Entry | undefined {
    return this.entries[0];
  }

  push(entry: Entry): void {
    const { entries } = this;
    let at = entries.push(entry) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(entry, entries[above]!)) break;
      entries[at] = entries[above]!;
      at = above;
    }
    entries[at] = entry;
  }

  pop(): void {
    const { entries } = this;
    const last = entries.pop();
    if (last === undefined || entries.length === 0) return;
    let at = 0;
    for (;;) {
      let below = at * 2 + 1;
      if (below >= entries.length) break;
      if (below + 1 < entries.length && isBefore(entries[below + 1]!, entries[below]!)) below += 1;
      if (!isBefore(entries[below]!, last)) break;
      entries[at] = entries[below]!;
      at = below;
    }
    entries[at] = last;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.serial < b.serial);
}
