import { Injectable, type Type } from '@nestjs/common';
import { AlertDesk, OneByOne, type CaseAtHand, type Work } from '../alert/alert.desk.js';
import type { AlertAnswer } from '../alert/alert.dto.js';
import { OPERATION_OF } from '../alert/alert.presenter.js';
import type { Command } from '../alert/transitions.js';
import {
  EscalateBody,
  NoteBody,
  ReasonBody,
  ReturnBody,
  ToAgencyBody,
  TransferBody,
} from '../assignment/assignment.dto.js';
import { AssignmentService } from '../assignment/assignment.service.js';
import { mayCall } from '../identity/access.policy.js';
import type { Caller } from '../identity/caller.js';
import { IntakeApi } from '../intake/intake.api.js';
import { FollowUpBody } from '../outcome/follow-up.dto.js';
import { FollowUpService } from '../outcome/follow-up.service.js';
import { AttemptBody, OutcomeBody, ReplyBody, ReviewBody, UrgeBody } from '../outcome/outcome.dto.js';
import { OutcomeService } from '../outcome/outcome.service.js';
import { UrgeService } from '../outcome/urge.service.js';
import { Database, type Tx } from '../platform/database/database.js';
import { forbidden, Problem } from '../platform/http/problem.js';
import { toProblem } from '../platform/http/problem.filter.js';
import { createValidationPipe } from '../platform/http/validation.js';
import type { BulkAnswer, BulkBody, BulkItemAnswer } from './bulk.dto.js';

type Items = Map<string, BulkItemAnswer>;

interface Runner<Body> {
  body: Type<Body>;
  run: (at: CaseAtHand, body: Body) => Promise<unknown> | void;
}

function runner<Body>(body: Type<Body>, run: (at: CaseAtHand, body: Body) => Promise<unknown> | void): Runner<object> {
  return { body, run } as unknown as Runner<object>;
}

/** One command on many alerts: all in one transaction, so that a retry finds all or nothing, each with its own result. */
@Injectable()
export class BulkService {
  private readonly pipe = createValidationPipe();
  private readonly runners: Partial<Record<Command, Runner<object>>>;

  constructor(
    private readonly database: Database,
    private readonly desk: AlertDesk,
    assignments: AssignmentService,
    outcomes: OutcomeService,
    urges: UrgeService,
    followUps: FollowUpService,
    intake: IntakeApi,
  ) {
    this.runners = {
      push: runner(ToAgencyBody, (at, body) => assignments.push(at, body)),
      accept: runner(NoteBody, (at, body) => assignments.accept(at, body.note)),
      forward: runner(ToAgencyBody, (at, body) => assignments.forward(at, body)),
      return: runner(ReturnBody, (at, body) => assignments.return(at, body)),
      recall: runner(ReasonBody, (at, body) => assignments.recall(at, body)),
      escalate: runner(EscalateBody, (at, body) => assignments.escalate(at, body)),
      transfer: runner(TransferBody, (at, body) => outcomes.transfer(at, body)),
      attempts: runner(AttemptBody, (at, body) => outcomes.attempt(at, body)),
      outcome: runner(OutcomeBody, (at, body) => outcomes.submit(at, body)),
      review: runner(ReviewBody, (at, body) => outcomes.review(at, body)),
      reopen: runner(ReasonBody, (at, body) => outcomes.reopen(at, body)),
      withdraw: runner(ReasonBody, (at, body) => outcomes.withdraw(at, body)),
      urge: runner(UrgeBody, (at, body) => urges.urge(at, body)),
      reply: runner(ReplyBody, (at, body) => urges.reply(at, body)),
      unmerge: runner(ReasonBody, (at, body) => intake.unmerge(at, body)),
      'follow-ups': runner(FollowUpBody, (at, body) => followUps.record(at, body)),
    };
  }

  /** @throws Problem `forbidden` where the caller's roles do not give the command, `invalid` where its body is wrong */
  async run(caller: Caller, { ids, command, body }: BulkBody): Promise<BulkAnswer> {
    if (!mayCall(caller, OPERATION_OF[command])) throw forbidden.with(`Your role may not give the command ${command}.`);
    const { body: type, run } = this.runners[command]!;
    const checked = await this.check(body ?? {}, type);
    const work: Work = (at) => run(at, checked);
    return this.database.transaction(caller.session, async (tx) => {
      const byId =
        (await this.together(tx, caller, ids, command, work)) ?? (await this.apart(tx, caller, ids, command, work));
      const results = ids.map((id) => byId.get(id)!);
      const done = results.filter(({ problem }) => !problem).length;
      return { done, failed: results.length - done, results };
    });
  }

  /** All at once. @returns undefined, with everything undone, where one cannot be told apart from the others */
  private async together(
    tx: Tx,
    caller: Caller,
    ids: string[],
    command: Command,
    work: Work,
  ): Promise<Items | undefined> {
    // The alert that a signal joined is locked with it, one by one.
    if (command === 'unmerge') return undefined;
    try {
      const results = await tx.savepoint(() => this.desk.withinEach(tx, caller, inOrder(ids), command, work));
      return new Map([...results].map(([id, result]) => [id, itemOf(id, result)]));
    } catch (error) {
      if (error instanceof OneByOne || toProblem(error).kind.status < 500) return undefined;
      throw error;
    }
  }

  /** One after the other. */
  private async apart(tx: Tx, caller: Caller, ids: string[], command: Command, work: Work): Promise<Items> {
    const items: Items = new Map();
    for (const id of inOrder(ids)) {
      try {
        const alert = await tx.savepoint(() => this.desk.within(tx, caller, id, command, undefined, work));
        items.set(id, itemOf(id, alert as AlertAnswer));
      } catch (error) {
        const problem = toProblem(error);
        // What is not the item's own fault is the whole request's.
        if (problem.kind.status >= 500) throw error;
        items.set(id, itemOf(id, problem));
      }
    }
    return items;
  }

  /** What the command alone would have said of its body, with pointers into the whole request. */
  private async check(body: Record<string, unknown>, type: Type<object>): Promise<object> {
    try {
      return (await this.pipe.transform(body, { type: 'body', metatype: type })) as object;
    } catch (error) {
      if (!(error instanceof Problem) || !error.errors) throw error;
      const errors = error.errors.map(({ pointer, message }) => ({ pointer: `/body${pointer}`, message }));
      throw error.kind.with(error.message, { errors });
    }
  }
}

/** As every holder of many locks takes them. */
function inOrder(ids: readonly string[]): string[] {
  return [...ids].sort();
}

function itemOf(id: string, result: AlertAnswer | Problem): BulkItemAnswer {
  return result instanceof Problem
    ? { id, status: result.kind.status, problem: briefly(result) }
    : { id, status: 200, alert: result };
}

function briefly(problem: Problem): Record<string, unknown> {
  const { kind, message, members, errors } = problem;
  return { code: kind.code, title: kind.title, detail: message, ...members, ...(errors ? { errors } : {}) };
}
