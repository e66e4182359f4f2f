import { Injectable } from '@nestjs/common';
import { sees } from '../alert/transitions.js';
import type { Caller } from '../identity/caller.js';
import { itemsOf } from '../intake/batch.rules.js';
import { sourceRefConflict } from '../intake/intake.problems.js';
import type { IntakeContext } from '../intake/reader.rules.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import { PolicyRegistry } from '../organization/policy.registry.js';
import { Clock } from '../platform/clock/clock.js';
import { Database, type Tx } from '../platform/database/database.js';
import { invalid, type Fault } from '../platform/http/problem.js';
import { Reply } from '../platform/http/reply.js';
import type { IncidentAnswer } from './incident.dto.js';
import { IncidentIntake, type TakenIncident } from './incident.intake.service.js';
import { IncidentPresenter } from './incident.presenter.js';
import { IncidentView } from './incident.view.js';
import type { IncidentBatchAnswer, IncidentItemAnswer } from './report.dto.js';
import { readIncident } from './report.rules.js';
import type { IncidentDigests, ReportedIncident } from './reported.incident.js';

export const CONFLICT: Fault = {
  pointer: '/sourceRef',
  message: 'stands for another incident already (source-ref-conflict)',
};

/** Reports of frauds over HTTP: one, or many at once. */
@Injectable()
export class IncidentApi {
  constructor(
    private readonly database: Database,
    private readonly intake: IncidentIntake,
    private readonly view: IncidentView,
    private readonly presenter: IncidentPresenter,
    private readonly organization: OrganizationRegistry,
    private readonly policies: PolicyRegistry,
    private readonly clock: Clock,
  ) {}

  /** 201 with a new incident, 200 with the stored one where the same report came before. */
  async one(caller: Caller, body: unknown): Promise<Reply<IncidentAnswer>> {
    const context = await this.contextFor(caller);
    const read = readIncident(body, context);
    if ('faults' in read) {
      throw invalid.with(
        `${read.faults.length === 1 ? 'One field is' : `${read.faults.length} fields are`} not right: see errors.`,
        { errors: read.faults.slice(0, 100) },
      );
    }
    return this.database.transaction(caller.session, async (tx) => {
      const [taken] = await this.take(tx, caller, [read.incident], context);
      const { outcome, incident } = taken!;
      if (outcome === 'conflict') {
        // Another county's incident is not named: that the reference is taken cannot be hidden.
        const which = sees(caller.agency, incident, context.organization) ? incident.incidentNo : 'Another incident';
        throw sourceRefConflict.with(
          `${which} was handed in under this source reference with other content. Use a new sourceRef for a new incident.`,
        );
      }
      const [transfers, alerts] = await Promise.all([
        this.view.transfers(tx, incident.id),
        this.view.linkedAlerts(tx, incident.id),
      ]);
      const sum = transfers.reduce((total, { amountFen }) => total + amountFen, 0);
      const details = { transfers, alerts };
      const answer = this.presenter.answer(incident, caller, context.organization, tx.now, sum, details);
      return new Reply(outcome === 'duplicate' ? 200 : 201, answer);
    });
  }

  /** Up to 1,000 reports; a bad one never costs the others. */
  async many(caller: Caller, body: unknown): Promise<IncidentBatchAnswer> {
    const items = itemsOf(body, 'incidents');
    const context = await this.contextFor(caller);
    const incidents: ReportedIncident[] = [];
    const at: number[] = [];
    const results = items.map((item, index): IncidentItemAnswer => {
      const read = readIncident(item, context);
      if ('faults' in read) return { index, outcome: 'rejected', errors: read.faults.slice(0, 100) };
      incidents.push(read.incident);
      at.push(index);
      return { index, outcome: 'created' };
    });
    return this.database.transaction(caller.session, async (tx) => {
      const taken = await this.take(tx, caller, incidents, context);
      taken.forEach((one, position) => {
        results[at[position]!] = itemAnswer(at[position]!, one);
      });
      const count = (outcome: IncidentItemAnswer['outcome']): number =>
        results.filter((result) => result.outcome === outcome).length;
      return { created: count('created'), duplicates: count('duplicate'), rejected: count('rejected'), results };
    });
  }

  /** Reports that have been read already: what files use, too. */
  async take(
    tx: Tx,
    caller: Caller,
    incidents: readonly ReportedIncident[],
    context: IntakeContext,
    digests?: readonly IncidentDigests[],
  ): Promise<TakenIncident[]> {
    const policies = await this.policies.at(context.city.id, tx.now);
    return this.intake.take(tx, caller, incidents, context.organization, policies, digests);
  }

  async contextFor(caller: Caller): Promise<IntakeContext> {
    const organization = await this.organization.current();
    return { organization, city: organization.cityOf(caller.agency), now: this.clock.now(), sources: caller.sources };
  }
}

function itemAnswer(index: number, { outcome, incident }: TakenIncident): IncidentItemAnswer {
  if (outcome === 'conflict') return { index, outcome: 'rejected', errors: [CONFLICT] };
  return { index, outcome, id: incident.id, incidentNo: incident.incidentNo };
}
