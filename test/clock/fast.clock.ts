import { Clock } from '../../src/platform/clock/clock.js';

/**
 * How much faster the played time passes. No faster: the lease of a delivery, a minute of it, must outlast the ten real
 * seconds that an attempt may take, as it does in life.
 */
const SPEED = 5;

/** A minute passes in twelve seconds: the same in every process that is told the same beginning. */
export class FastClock extends Clock {
  private standing: Date | undefined;

  /** @param from the played beginning @param at the real moment of it, milliseconds */
  constructor(
    private readonly from: string,
    private readonly at: number,
  ) {
    super();
  }

  /** Stands at a moment, in this process alone; undefined: goes on as if it never had. */
  stand(at: Date | undefined): void {
    this.standing = at;
  }

  override now(): Date {
    if (this.standing) return this.standing;
    return new Date(Date.parse(this.from) + (Date.now() - this.at) * SPEED);
  }
}
