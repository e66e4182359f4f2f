import { Inject, Injectable } from '@nestjs/common';
import { holderAnswer } from '../alert/alert.presenter.js';
import type { Caller } from '../identity/caller.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import { formatInstant } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { Cursors, type Page } from '../platform/http/page.js';
import { CONFIG } from '../platform/platform.module.js';
import type { ListUrgesQuery, UrgeAnswer } from './urge.dto.js';
import { UrgeView } from './urge.view.js';
import type { CaseAtHand } from '../alert/alert.desk.js';
import { newId } from '../platform/clock/id.js';
import { invalid } from '../platform/http/problem.js';
import type { ReplyBody, UrgeBody } from './outcome.dto.js';
import { UrgeStore } from '../alert/urge.store.js';

/** 督办: a tier above asks the holder to account for a case. */
@Injectable()
export class UrgeService {
  constructor(
    private readonly database: Database,
    private readonly store: UrgeStore,
    private readonly view: UrgeView,
    private readonly organization: OrganizationRegistry,
    private readonly cursors: Cursors,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Urges to the caller's agency and those below it. */
  async list(caller: Caller, { limit, cursor, state }: ListUrgesQuery): Promise<Page<UrgeAnswer>> {
    const organization = await this.organization.current();
    return this.database.read(caller.session, async (tx) => {
      const agencies = organization.subtree(caller.agency).map(({ id }) => id);
      const signed = { list: 'urges', caller: caller.agency.id, state };
      const before = cursor === undefined ? undefined : (this.cursors.decode(signed, cursor) as [string, string]);
      const rows = await this.view.list(tx, agencies, state, before, limit + 1);
      const moment = (at: Date | null): string | null => (at ? formatInstant(at, this.config.timeZone) : null);
      return this.cursors.page(
        signed,
        limit,
        rows,
        (row) => [row.urgedAt.toISOString(), row.id],
        ({ id, alertId, alertNo, byAgencyId, toAgencyId, bySystem, urgedAt, replyBy, repliedAt, endedAt }) => ({
          id,
          alertId,
          alertNo,
          by: holderAnswer(organization.byId(byAgencyId)),
          agency: holderAnswer(organization.byId(toAgencyId)),
          bySystem,
          urgedAt: moment(urgedAt)!,
          replyBy: moment(replyBy),
          repliedAt: moment(repliedAt),
          overdue: endedAt === null && replyBy !== null && replyBy.getTime() < tx.now.getTime(),
        }),
      );
    });
  }

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
