import { Inject, Injectable } from '@nestjs/common';
import type { CaseAtHand } from '../alert/alert.desk.js';
import { holderAnswer } from '../alert/alert.presenter.js';
import type { Caller } from '../identity/caller.js';
import { IncidentStarter } from '../incident/incident.starter.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { newId } from '../platform/clock/id.js';
import { addDays, formatInstant, localDateOf, startOfLocalDate } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { Cursors, type Page } from '../platform/http/page.js';
import { invalid, type Fault } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import { CaseCloser } from './case.closer.js';
import type { DueFollowUpAnswer, FollowUpAnswer, FollowUpBody, ListFollowUpsQuery } from './follow-up.dto.js';
import { FollowUpStore, type FollowUp } from './follow-up.store.js';
import { FollowUpView } from './follow-up.view.js';
import { momentFault } from './outcome.rules.js';

/** 回访: asking again, some time after a case was closed. */
@Injectable()
export class FollowUpService {
  constructor(
    private readonly database: Database,
    private readonly store: FollowUpStore,
    private readonly view: FollowUpView,
    private readonly closer: CaseCloser,
    private readonly incidents: IncidentStarter,
    private readonly organization: OrganizationRegistry,
    private readonly cursors: Cursors,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Stores a follow-up; it fulfils the earliest planned one, or stands by itself where none is planned. */
  async record(at: CaseAtHand, body: FollowUpBody): Promise<FollowUpAnswer> {
    const { alert, tx, caller, now } = at;
    const moment = new Date(body.at);
    const faults: Fault[] = [];
    const fault = momentFault(moment, alert.endedAt!, now);
    if (fault)
      faults.push({ pointer: '/at', message: fault.replace('the signal was detected', 'the case was closed') });
    if (body.lossFen !== undefined && body.lossFen > 0 && body.result !== 'defrauded') {
      faults.push({ pointer: '/lossFen', message: 'goes with the result defrauded' });
    }
    if (faults.length > 0) throw invalid.with('The follow-up is not right: see errors.', { errors: faults });

    const planned = await this.store.next(tx, alert.id);
    const followUp: FollowUp = {
      ...(planned ?? { id: newId(now), alertId: alert.id, agencyId: caller.agency.id, dueAt: null, cancelledAt: null }),
      doneAt: moment,
      result: body.result,
      lossFen: body.lossFen ?? null,
      recordedAt: now,
      recordedBy: caller.id,
    };
    this.store.done(tx, followUp, planned !== undefined);
    if (body.result === 'defrauded') {
      this.closer.markDefrauded(at);
      const { id, lossFen } = followUp;
      await this.incidents.follow(at, { how: 'follow-up', id, lossFen: lossFen ?? 0, afterWarning: true });
    }
    at.log(
      'followed-up',
      { followUpId: followUp.id, at: moment.toISOString(), result: body.result, lossFen: followUp.lossFen },
      body.note,
    );
    return this.answer(followUp, at.organization);
  }

  /** Planned follow-ups of the own agency and those below it that are due and not done, the longest due first. */
  async due(caller: Caller, query: ListFollowUpsQuery): Promise<Page<DueFollowUpAnswer>> {
    const organization = await this.organization.current();
    return this.database.read(caller.session, async (tx) => {
      const day = query.due ?? localDateOf(tx.now, this.config.timeZone);
      const before = startOfLocalDate(addDays(day, 1), this.config.timeZone);
      const agencies = organization.subtree(caller.agency).map(({ id }) => id);
      const signed = { list: 'follow-ups', caller: caller.agency.id, day };
      const after =
        query.cursor === undefined ? undefined : (this.cursors.decode(signed, query.cursor) as [string, string]);
      const rows = await this.view.due(tx, agencies, before, after, query.limit + 1);
      const page = this.cursors.page(
        signed,
        query.limit,
        rows,
        (row) => [row.dueAt!.toISOString(), row.id],
        (row) => ({
          ...this.answer(row, organization),
          alertNo: row.alertNo,
          riskLevel: row.riskLevel,
          overdue: row.dueAt!.getTime() <= tx.now.getTime(),
        }),
      );
      return query.count ? { ...page, total: await this.view.countDue(tx, agencies, before) } : page;
    });
  }

  private answer(row: FollowUp, organization: OrganizationSnapshot): FollowUpAnswer {
    const moment = (at: Date | null): string | null => (at ? formatInstant(at, this.config.timeZone) : null);
    return {
      id: row.id,
      alertId: row.alertId,
      agency: holderAnswer(organization.byId(row.agencyId)),
      dueAt: moment(row.dueAt),
      doneAt: moment(row.doneAt),
      result: row.result,
      lossFen: row.lossFen,
    };
  }
}
