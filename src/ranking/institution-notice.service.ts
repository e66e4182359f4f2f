import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../identity/audit.store.js';
import type { Caller } from '../identity/caller.js';
import { newId } from '../platform/clock/id.js';
import { formatInstant } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Database, type Tx } from '../platform/database/database.js';
import { Cursors, type Page } from '../platform/http/page.js';
import { invalid, notFound, type Fault } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import { namesAPerson } from './card.rules.js';
import type { IssueNoticeBody, ListNoticesQuery, NoticeAnswer } from './institution-notice.dto.js';
import type { InstitutionNotice, InstitutionNoticeEvent } from './institution-notice.js';
import { InstitutionNoticeStore } from './institution-notice.store.js';
import { InstitutionNoticeView } from './institution-notice.view.js';
import { noticeLifted } from './ranking.problems.js';

/** Institutions that a city has warned or suspended, listed for all of its units. */
@Injectable()
export class InstitutionNoticeService {
  constructor(
    private readonly database: Database,
    private readonly store: InstitutionNoticeStore,
    private readonly view: InstitutionNoticeView,
    private readonly cursors: Cursors,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async issue(caller: Caller, body: IssueNoticeBody): Promise<NoticeAnswer> {
    const { kind, institution, measure, reason, from } = body;
    const until = body.until ?? null;
    const errors = [...textFaults('/reason', reason), ...textFaults('/institution', institution)];
    if (until !== null && until < from)
      errors.push({ pointer: '/until', message: `must not lie before from (${from})` });
    refuse(errors);
    return this.database.transaction(caller.session, async (tx) => {
      const notice: InstitutionNotice = {
        id: newId(tx.now),
        cityId: caller.agency.cityId,
        kind,
        institution: institution.trim(),
        measure,
        reason: reason.trim(),
        fromDay: from,
        untilDay: until,
        liftedAt: null,
      };
      this.store.insert(tx, notice);
      return this.told(tx, caller, notice, 'issued', notice.reason);
    });
  }

  /** @throws Problem `not-found`, `notice-lifted` */
  async lift(caller: Caller, id: string, reason: string): Promise<NoticeAnswer> {
    refuse(textFaults('/reason', reason));
    return this.database.transaction(caller.session, async (tx) => {
      const notice = await this.store.lock(tx, id, caller.agency.cityId);
      if (!notice) throw notFound.with('Your city has issued no notice of that id.');
      if (notice.liftedAt) throw noticeLifted.with('This notice holds no longer: it has been lifted already.');
      this.store.lift(tx, id, tx.now);
      return this.told(tx, caller, { ...notice, liftedAt: tx.now }, 'lifted', reason.trim());
    });
  }

  async list(caller: Caller, query: ListNoticesQuery): Promise<Page<NoticeAnswer>> {
    const { limit, cursor, count, ...asked } = query;
    const filter = { cityId: caller.agency.cityId, ...asked };
    const signed = { list: 'notices', ...filter };
    return this.database.readSnapshot(caller.session, async (tx) => {
      const [before] = cursor === undefined ? [] : (this.cursors.decode(signed, cursor) as string[]);
      const rows = await this.view.list(tx, filter, before, limit + 1);
      const events = await this.view.events(
        tx,
        rows.map(({ id }) => id),
      );
      const page = this.cursors.page(
        signed,
        limit,
        rows,
        ({ id }) => [id],
        (notice) =>
          this.answer(
            notice,
            events.filter(({ noticeId }) => noticeId === notice.id),
          ),
      );
      return count ? { ...page, total: await this.view.count(tx, filter) } : page;
    });
  }

  /** Tells what was done in the notice's history and in the audit log. */
  private async told(
    tx: Tx,
    caller: Caller,
    notice: InstitutionNotice,
    action: InstitutionNoticeEvent['action'],
    text: string,
  ): Promise<NoticeAnswer> {
    const { id, kind, institution, measure } = notice;
    this.store.tell(tx, { noticeId: id, at: tx.now, action, actorId: caller.id!, actorName: caller.name, text });
    await recordAudit(tx, {
      action: `notice.${action}`,
      caller,
      objectKind: 'notice',
      objectId: id,
      data: { kind, institution, measure },
    });
    return this.answer(notice, await this.view.events(tx, [id]));
  }

  private answer(notice: InstitutionNotice, events: readonly InstitutionNoticeEvent[]): NoticeAnswer {
    const { id, kind, institution, measure, reason, fromDay, untilDay, liftedAt } = notice;
    const moment = (at: Date): string => formatInstant(at, this.config.timeZone);
    return {
      id,
      kind,
      institution,
      measure,
      reason,
      from: fromDay,
      until: untilDay,
      liftedAt: liftedAt && moment(liftedAt),
      history: events.map(({ action, at, actorName, text }) => ({ action, at: moment(at), by: actorName, text })),
    };
  }
}

function textFaults(pointer: string, text: string): Fault[] {
  if (text.trim() === '') return [{ pointer, message: 'must not be empty' }];
  if (namesAPerson(text)) return [{ pointer, message: 'holds what looks like the number of a person' }];
  return [];
}

function refuse(errors: Fault[]): void {
  if (errors.length > 0) throw invalid.with('The notice cannot be taken so: see errors.', { errors });
}
