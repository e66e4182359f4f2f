import { Injectable } from '@nestjs/common';
import type { IncidentAtHand } from '../incident/incident.desk.js';
import type { Freeze } from './freeze.js';

/**
 * Does what the end of a freeze brings about, in the transaction that ends it: its account and its incident are held, its
 * entries are made. What it logs at `at` goes on the timeline of the freeze's incident.
 * @param freeze as it is now: `lapsed` or `released`
 */
export type FreezeEnding = (at: IncidentAtHand, freeze: Freeze) => Promise<void>;

/** Who must hear that a freeze which held money has ended: later modules enter themselves when they are made. */
@Injectable()
export class FreezeEndings {
  private readonly listeners: FreezeEnding[] = [];

  onEnd(listener: FreezeEnding): void {
    this.listeners.push(listener);
  }

  /** One after the other: they share the transaction. */
  async ended(at: IncidentAtHand, freeze: Freeze): Promise<void> {
    for (const listener of this.listeners) await listener(at, freeze);
  }
}
