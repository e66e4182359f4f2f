import { Clock } from '../../src/platform/clock/clock.js';

/** A minute passes in a second: the same in every process that is told the same beginning. */
export class FastClock extends Clock {
  /** @param from the played beginning @param at the real moment of it, milliseconds */
  constructor(
    private readonly from: string,
    private readonly at: number,
  ) {
    super();
  }

  override now(): Date {
    return new Date(Date.parse(this.from) + (Date.now() - this.at) * 60);
  }
}
