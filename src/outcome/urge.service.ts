import { Injectable } from '@nestjs/common';
import type { CaseAtHand } from '../alert/alert.desk.js';
import { newId } from '../platform/clock/id.js';
import { invalid } from '../platform/http/problem.js';
import type { ReplyBody, UrgeBody } from './outcome.dto.js';
import { UrgeStore } from '../alert/urge.store.js';

/** 督办: a tier above asks the holder to account for a case. */
@Injectable()
export class UrgeService {
  constructor(private readonly store: UrgeStore) {}

  urge(at: CaseAtHand, body: UrgeBody): void {
    const { alert, tx, caller, now } = at;
    const replyBy = body.replyBy == null ? null : new Date(body.replyBy);
    if (replyBy && replyBy.getTime() <= now.getTime()) {
      throw invalid.with('The reply is asked for by a moment that has passed.', {
        errors: [{ pointer: '/replyBy', message: 'must lie in the future' }],
      });
    }
    const id = newId(now);
    this.store.add(tx, {
      id,
      alertId: alert.id,
      byAgencyId: caller.agency.id,
      toAgencyId: alert.holderId!,
      urgedAt: now,
      urgedBy: caller.id,
      replyBy,
      bySystem: false,
    });
    alert.urged = true;
    at.log('urged', { urgeId: id, agency: at.holder.code, replyBy: replyBy?.toISOString() ?? null }, body.note);
  }

  reply(at: CaseAtHand, body: ReplyBody): void {
    this.store.reply(at.tx, at.alert.id, at.caller.id);
    at.alert.urged = false;
    at.log('replied', {}, body.note);
  }
}
