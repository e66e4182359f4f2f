/** The only source of "now" for the whole product, so that tests and the demo can move it. */
export class Clock {
  /** The present moment, whole milliseconds (PostgreSQL columns are timestamptz(3)). */
  now(): Date {
    return new Date();
  }
}

/** A clock that stands still until it is moved. */
export class MovableClock extends Clock {
  private current: number;

  constructor(start: Date | string) {
    super();
    this.current = new Date(start).getTime();
  }

  override now(): Date {
    return new Date(this.current);
  }

  set(moment: Date | string): void {
    this.current = new Date(moment).getTime();
  }

  /** Moves on by so many minutes (may be negative or a fraction). */
  advanceMinutes(minutes: number): void {
    this.current += Math.round(minutes * 60_000);
  }
}
