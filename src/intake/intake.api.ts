import { Injectable } from '@nestjs/common';
import type { CaseAtHand } from '../alert/alert.desk.js';
import type { AlertAnswer } from '../alert/alert.dto.js';
import { AlertPresenter, allowedFor } from '../alert/alert.presenter.js';
import { AlertStore } from '../alert/alert.store.js';
import { standingOf } from '../alert/transitions.js';
import type { ReasonBody } from '../assignment/assignment.dto.js';
import { AssignmentService } from '../assignment/assignment.service.js';
import { layOnCityDesk } from '../assignment/hop.rules.js';
import type { Caller } from '../identity/caller.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import { PolicyRegistry } from '../organization/policy.registry.js';
import { Clock } from '../platform/clock/clock.js';
import { Database, type Tx } from '../platform/database/database.js';
import { invalid, type Fault } from '../platform/http/problem.js';
import { Reply } from '../platform/http/reply.js';
import { PendingEvents, TimelineStore } from '../timeline/timeline.store.js';
import { itemsOf } from './batch.rules.js';
import type { BatchAnswer, BatchItemAnswer } from './intake.dto.js';
import { sourceRefConflict } from './intake.problems.js';
import type { Digests } from './intake.row.js';
import { IntakeService, type Taken } from './intake.service.js';
import type { Signal } from './signal.js';
import { readSignal, type IntakeContext } from './signal.rules.js';

export const CONFLICT: Fault = {
  pointer: '/sourceRef',
  message: 'stands for another signal already (source-ref-conflict)',
};

/** Signals over HTTP: one, or many at once; and a wrong merge undone. */
@Injectable()
export class IntakeApi {
  constructor(
    private readonly database: Database,
    private readonly intake: IntakeService,
    private readonly store: AlertStore,
    private readonly timeline: TimelineStore,
    private readonly assignments: AssignmentService,
    private readonly presenter: AlertPresenter,
    private readonly organization: OrganizationRegistry,
    private readonly policies: PolicyRegistry,
    private readonly clock: Clock,
  ) {}

  /** 201 with a new or merged alert, 200 with the stored one where the same signal came before. */
  async one(caller: Caller, body: unknown): Promise<Reply<AlertAnswer>> {
    const context = await this.contextFor(caller);
    const read = readSignal(body, context);
    if ('faults' in read) {
      throw invalid.with(
        `${read.faults.length === 1 ? 'One field is' : `${read.faults.length} fields are`} not right: see errors.`,
        {
          errors: read.faults,
        },
      );
    }
    return this.database.transaction(caller.session, async (tx) => {
      const [taken] = await this.take(tx, caller, [read.signal], context);
      const { outcome, alert } = taken!;
      if (outcome === 'conflict') {
        throw sourceRefConflict.with(
          `${alert.alertNo} was handed in under this source reference with other content. Use a new sourceRef for a new signal.`,
        );
      }
      const holder = alert.holderId === null ? undefined : context.organization.byId(alert.holderId);
      const allowed = holder
        ? allowedFor(
            caller,
            alert,
            standingOf(caller.agency, alert, holder, context.organization),
            await this.policies.at(context.city.id, tx.now),
          )
        : undefined;
      const answer = this.presenter.answer(alert, caller, context.organization, tx.now, allowed);
      return new Reply(outcome === 'duplicate' ? 200 : 201, answer);
    });
  }

  /** Up to 1,000 signals; a bad one never costs the others. */
  async many(caller: Caller, body: unknown): Promise<BatchAnswer> {
    const items = itemsOf(body, 'alerts');
    const context = await this.contextFor(caller);
    const signals: Signal[] = [];
    const at: number[] = [];
    const results = items.map((item, index): BatchItemAnswer => {
      const read = readSignal(item, context);
      if ('faults' in read) return { index, outcome: 'rejected', errors: read.faults };
      signals.push(read.signal);
      at.push(index);
      return { index, outcome: 'created' };
    });
    return this.database.transaction(caller.session, async (tx) => {
      const taken = await this.take(tx, caller, signals, context);
      taken.forEach((one, position) => {
        results[at[position]!] = itemAnswer(at[position]!, one);
      });
      return { ...tally(results), results };
    });
  }

  /** Signals that have been read already: what files use, too. */
  async take(
    tx: Tx,
    caller: Caller,
    signals: readonly Signal[],
    context: IntakeContext,
    digests?: readonly Digests[],
  ): Promise<Taken[]> {
    const policies = await this.policies.at(context.city.id, tx.now);
    return this.intake.take(tx, caller, signals, context.organization, policies, digests);
  }

  async contextFor(caller: Caller): Promise<IntakeContext> {
    const organization = await this.organization.current();
    return { organization, city: organization.cityOf(caller.agency), now: this.clock.now(), sources: caller.sources };
  }

  /** A wrong merge is undone: the signal becomes an alert of its own, with its own clocks from now. */
  async unmerge(at: CaseAtHand, body: ReasonBody): Promise<void> {
    const { alert, tx, caller, organization, policies } = at;
    const joined = at.joined!;
    const reason = at.masked(body.reason);
    alert.mergedInto = null;
    alert.split = true;
    const county = policies.routing.autoPush
      ? organization.route(alert.cityId, alert.divisionCode, 'county')
      : undefined;
    if (county) this.assignments.begin(at, county, 'unmerge', 'assigned');
    else layOnCityDesk(alert);
    at.log('unmerged', {
      from: joined.id,
      fromNo: joined.alertNo,
      reason,
      ...(county ? { agency: county.code, hop: alert.hop, acceptDueAt: alert.acceptDueAt!.toISOString() } : {}),
    });
    const pending = new PendingEvents();
    const author = { actorId: caller.id, agencyId: caller.agency.id };
    const drafts = [{ type: 'signal-left' as const, data: { signal: alert.id, signalNo: alert.alertNo, reason } }];
    Object.assign(joined, this.timeline.link(pending, joined.id, joined, tx.now, author, drafts));
    this.store.update(tx, joined);
    this.timeline.write(tx, pending);
  }
}

export function itemAnswer(index: number, { outcome, alert }: Taken): BatchItemAnswer {
  if (outcome === 'conflict') return { index, outcome: 'rejected', errors: [CONFLICT] };
  return { index, outcome, id: alert.id, alertNo: alert.alertNo };
}

export function tally(results: BatchItemAnswer[]): Omit<BatchAnswer, 'results'> {
  const count = (outcome: BatchItemAnswer['outcome']): number =>
    results.filter((result) => result.outcome === outcome).length;
  return {
    created: count('created'),
    duplicates: count('duplicate'),
    merged: count('merged'),
    rejected: count('rejected'),
  };
}
