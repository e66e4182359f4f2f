import { Clock } from '../platform/clock/clock.js';

/** The time of days that are played: it stands until it is moved on, and after its release follows the real time. */
export class PlayedClock extends Clock {
  private played: number | undefined;

  constructor(start: Date) {
    super();
    this.played = start.getTime();
  }

  override now(): Date {
    return this.played === undefined ? super.now() : new Date(this.played);
  }

  /** Moves on to a moment, milliseconds; time never goes back. */
  moveTo(moment: number): void {
    if (this.played === undefined) throw new Error('the clock was released: it follows the real time');
    this.played = Math.max(this.played, moment);
  }

  release(): void {
    this.played = undefined;
  }
}
