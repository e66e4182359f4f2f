import { Inject, Injectable } from '@nestjs/common';
import { fourEyes } from '../freeze/approval.problems.js';
import type { Caller } from '../identity/caller.js';
import type { Deadline } from '../deadline/deadline.js';
import { DeadlineRegistry } from '../deadline/deadline.registry.js';
import { DeadlineStore } from '../deadline/deadline.store.js';
import { IncidentDesk } from '../incident/incident.desk.js';
import { isId, newId } from '../platform/clock/id.js';
import { localDateOf } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Keyring } from '../platform/crypto/keyring.js';
import type { Tx } from '../platform/database/database.js';
import type { IfMatch } from '../platform/http/etag.js';
import { invalid, notFound } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import { DecisionService } from './decision.service.js';
import { objectionContext, type FundReturn, type SealedObjection } from './return.js';
import { ReturnDesk, type ReturnAtHand } from './return.desk.js';
import type { DecideObjectionBody, ObjectionBody, PublishReturnBody, ReturnAnswer } from './return.dto.js';
import { illegalReturn } from './return.problems.js';
import { payableFrom, publicationFault, stateAt } from './return.rules.js';
import { ReturnStore } from './return.store.js';
import { ReturnView } from './return.view.js';

/** 公告 and 异议: thirty days in which anybody may object, and what becomes of it. */
@Injectable()
export class NoticeService {
  constructor(
    private readonly desk: ReturnDesk,
    private readonly incidents: IncidentDesk,
    private readonly store: ReturnStore,
    private readonly view: ReturnView,
    private readonly decisions: DecisionService,
    private readonly deadlines: DeadlineStore,
    private readonly keyring: Keyring,
    @Inject(CONFIG) private readonly config: Config,
    registry: DeadlineRegistry,
  ) {
    registry.on('return-payable', (tx, deadline, take, late) => this.noticeEnded(tx, deadline, take, late));
  }

  publish(caller: Caller, id: string, ifMatch: IfMatch, body: PublishReturnBody): Promise<ReturnAnswer> {
    return this.desk.command(caller, id, 'publish', ifMatch, ({ tx, row, at, now }) => {
      const { timeZone } = this.config;
      const today = localDateOf(now, timeZone);
      const publishedOn = body.publishedOn ?? today;
      const fault = publicationFault(publishedOn, localDateOf(row.decidedAt!, timeZone), today);
      if (fault) {
        throw invalid.with(`The day of publication ${fault}.`, {
          errors: [{ pointer: '/publishedOn', message: fault }],
        });
      }
      const from = payableFrom(publishedOn, at.policies.funds.noticeDays, timeZone);
      Object.assign(row, { status: 'notice', publishedOn, payableFrom: from } satisfies Partial<FundReturn>);
      this.deadlines.plan(tx, [{ kind: 'return-payable', subjectId: row.id, caseId: row.incidentId, dueAt: from }]);
      at.log('return-published', { returnId: row.id, round: row.round, publishedOn, payableFrom: from.toISOString() });
    });
  }

  object(caller: Caller, id: string, ifMatch: IfMatch, { name, reason }: ObjectionBody): Promise<ReturnAnswer> {
    return this.desk.command(caller, id, 'objections', ifMatch, ({ tx, row, at, now }) => {
      const objectionId = newId(now);
      const sealed: SealedObjection = { name, reason };
      this.store.addObjection(tx, {
        id: objectionId,
        returnId: row.id,
        round: row.round,
        sealed: this.keyring.seal(JSON.stringify(sealed), objectionContext(objectionId)),
        raisedAt: now,
        recordedBy: caller.id,
        decision: null,
        decidedAt: null,
        decidedBy: null,
      });
      at.log('return-objected', { returnId: row.id, objectionId, round: row.round });
    });
  }

  /**
   * An upheld objection begins the whole anew; when the last is dismissed after the notice has ended, the return is
   * payable.
   * @throws Problem `not-found`, `four-eyes`
   */
  decide(
    caller: Caller,
    id: string,
    objectionId: string,
    ifMatch: IfMatch,
    { decision, reason }: DecideObjectionBody,
  ): Promise<ReturnAnswer> {
    return this.desk.command(caller, id, 'decide', ifMatch, (hand) => {
      const { tx, row, at } = hand;
      const objection = isId(objectionId) ? hand.objections.find((one) => one.id === objectionId) : undefined;
      if (!objection)
        throw notFound.with('The return has no such objection. Check the id: GET /returns/{id} shows them.');
      if (objection.decision !== null) {
        throw illegalReturn.with(`The objection was ${objection.decision} already. It is decided once.`);
      }
      if (caller.id === null || caller.id === row.proposedBy) {
        throw fourEyes.with('You proposed this return. Another person decides whether the objection is right.');
      }
      if (decision === 'upheld' && hand.moment.paid) {
        throw illegalReturn.with('Claims of this return are paid already. Reverse the payments first.');
      }
      this.store.decide(tx, objection.id, decision, caller.id);
      Object.assign(objection, { decision });
      const facts = { returnId: row.id, objectionId: objection.id, decision, reason: at.masked(reason) };
      at.log('return-objection-decided', facts);
      if (decision === 'upheld') this.decisions.beginAnew(hand);
      else this.settle(hand);
    });
  }

  /** What time has brought about and the clock has not told of yet. */
  settle({ tx, row, at, moment, now }: ReturnAtHand): void {
    if (row.status !== 'notice' || stateAt(moment) !== 'payable') return;
    this.deadlines.cancel(tx, row.id, 'return-payable');
    row.status = 'payable';
    at.log('return-payable', { returnId: row.id, late: now.getTime() - row.payableFrom!.getTime() > LATE_MS });
  }

  /** 00:00 of the day after the notice. While an objection is open nothing changes: its decision does. */
  private async noticeEnded(tx: Tx, deadline: Deadline, take: () => Promise<boolean>, late: boolean): Promise<void> {
    const [at] = await this.incidents.hold(tx, null, { incidents: [deadline.caseId] });
    const row = await this.store.lock(tx, deadline.subjectId);
    if (!(await take()) || row?.status !== 'notice') return;
    const objections = await this.view.objections(tx, [row.id]);
    if (objections.some(({ decision }) => decision === null)) return;
    row.status = 'payable';
    at!.log('return-payable', { returnId: row.id, late });
    this.store.update(tx, row);
    this.incidents.write(at!);
  }
}

/** What is told of so much after it was reached is marked as late. */
const LATE_MS = 60_000;
