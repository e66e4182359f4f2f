import { Injectable } from '@nestjs/common';
import { statement, type Tx } from '../platform/database/database.js';

const OLDEST = statement(
  'clock.oldest',
  `SELECT least(
     (SELECT min(next_stage_at) FROM alert WHERE next_stage_at IS NOT NULL),
     (SELECT min(reply_by) FROM urge WHERE ended_at IS NULL AND overdue_told_at IS NULL AND reply_by IS NOT NULL),
     (SELECT min(next_stage_at) FROM follow_up
      WHERE done_at IS NULL AND cancelled_at IS NULL AND next_stage_at IS NOT NULL),
     (SELECT min(due_at) FROM deadline WHERE fired_at IS NULL AND cancelled_at IS NULL)) AS oldest`,
);

@Injectable()
export class ClockView {
  /** When the first of all that is still to be told is, or was, due; null where nothing is left. */
  async oldest(tx: Tx): Promise<Date | null> {
    return (await tx.row<{ oldest: Date | null }>(OLDEST))!.oldest;
  }
}
