import { Injectable } from '@nestjs/common';
import { DeadlineStore } from '../deadline/deadline.store.js';
import { LedgerStore } from '../ledger/ledger.store.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import type { Policies } from '../organization/policy.js';
import { BlindIndex, Keyring } from '../platform/crypto/keyring.js';
import type { Tx } from '../platform/database/database.js';
import { IDENTITY_FIELD, PHONE_FIELD } from '../alert/person.rules.js';
import { EMPTY_CHAIN, type EventDraft } from '../timeline/event.js';
import { PendingEvents, TimelineStore, type Author } from '../timeline/timeline.store.js';
import { incidentContext, transferContext, type Incident, type Transfer } from './incident.js';
import { stopRequestStages } from './incident.rules.js';
import { IncidentStore } from './incident.store.js';
import { contentOf, type IncidentDigests, type ReportedIncident } from './reported.incident.js';
import { CREDIT_CODE_FIELD } from './victim.rules.js';

/** What is settled of an incident before its row is made. */
export interface Accepted {
  id: string;
  incidentNo: string;
  reported: ReportedIncident;
  digests: IncidentDigests;
  /** The accepting agency. */
  agencyId: number;
}

export interface NewIncident {
  incident: Incident;
  reported: ReportedIncident;
  /** Lines that follow on its being received. */
  more: EventDraft[];
}

const MINUTE_MS = 60_000;

/** Enters incidents with all that begins with one: transfers, the loss in the ledger, the clock, the history. */
@Injectable()
export class IncidentRegister {
  constructor(
    private readonly store: IncidentStore,
    private readonly ledger: LedgerStore,
    private readonly deadlines: DeadlineStore,
    private readonly timeline: TimelineStore,
    private readonly keyring: Keyring,
    private readonly blindIndex: BlindIndex,
  ) {}

  /** All that takes time and no database: files have it done ahead. */
  digestsOf(reported: ReportedIncident): IncidentDigests {
    const { phone, idNumber, creditCode } = reported.personal.victim;
    const index = (field: string, value: string | undefined): Buffer | null =>
      value === undefined ? null : this.blindIndex.of(field, value);
    return {
      contentHash: this.blindIndex.of('incident', contentOf(reported)),
      phoneIx: index(PHONE_FIELD, phone),
      identityIx: index(IDENTITY_FIELD, idNumber) ?? index(CREDIT_CODE_FIELD, creditCode),
    };
  }

  /** The row of an incident as it begins, at the moment of the transaction. */
  rowOf(
    tx: Tx,
    { id, incidentNo, reported, digests, agencyId }: Accepted,
    cityId: number,
    policies: Policies,
  ): Incident {
    const { source, sourceRef, reportedAt, divisionCode, fraudType, victimKind, lossFen, personal } = reported;
    return {
      id,
      incidentNo,
      cityId,
      source,
      sourceRef,
      ...digests,
      reportedAt,
      receivedAt: tx.now,
      divisionCode,
      fraudType,
      victimKind,
      sealed: this.keyring.seal(JSON.stringify(personal), incidentContext(id)),
      lossFen,
      status: 'reported',
      caseNo: null,
      filedAt: null,
      filedBy: null,
      agencyId,
      creditedId: agencyId,
      heldBy: [agencyId],
      stopDueAt: new Date(reportedAt.getTime() + policies.funds.stopRequestMinutes * MINUTE_MS),
      stopMetAt: null,
      version: 1,
      ...EMPTY_CHAIN,
    };
  }

  /**
   * Stores incidents, each with its beginning, in a handful of statements however many there are.
   * @returns ids of those that went in: another transaction may have been faster with the same source reference
   */
  async enter(
    tx: Tx,
    author: Author,
    all: readonly NewIncident[],
    organization: OrganizationSnapshot,
  ): Promise<Set<string>> {
    const events = new Map(all.map((one) => [one.incident.id, this.begin(tx, author, one, organization)]));
    const inserted = await this.store.insert(
      tx,
      all.map(({ incident }) => incident),
    );
    const entered = all.filter(({ incident }) => inserted.has(incident.id));
    const pending = new PendingEvents();
    for (const { incident } of entered) pending.add(events.get(incident.id)!);
    this.timeline.write(tx, pending);
    this.store.addTransfers(
      tx,
      entered.flatMap(({ incident, reported }) => this.transfersOf(incident.id, reported)),
    );
    this.deadlines.plan(
      tx,
      entered.flatMap(({ incident }) =>
        stopRequestStages(incident).map((stage) => ({ ...stage, subjectId: incident.id, caseId: incident.id })),
      ),
    );
    this.ledger.append(
      tx,
      entered.map(({ incident }) => ({
        cityId: incident.cityId,
        kind: 'lost' as const,
        accountId: null,
        amountFen: incident.lossFen,
        at: incident.reportedAt,
        caseKind: 'incident' as const,
        caseId: incident.id,
        agencyId: incident.agencyId,
        originKind: 'incident' as const,
        originId: incident.id,
        basis: null,
        byUser: author.actorId,
      })),
    );
    return inserted;
  }

  private begin(
    tx: Tx,
    author: Author,
    { incident, reported, more }: NewIncident,
    organization: OrganizationSnapshot,
  ): PendingEvents {
    const pending = new PendingEvents();
    const { source, sourceRef, status, divisionCode, fraudType, victimKind, lossFen, reportedAt, stopDueAt } = incident;
    const received: EventDraft = {
      type: 'incident-received',
      data: {
        source,
        sourceRef,
        status,
        reportedAt: reportedAt.toISOString(),
        divisionCode,
        fraudType,
        victimKind,
        lossFen,
        transfers: reported.transfers.length,
        agency: organization.byId(incident.agencyId).code,
        stopDueAt: stopDueAt.toISOString(),
      },
    };
    Object.assign(incident, this.timeline.link(pending, incident.id, incident, tx.now, author, [received, ...more]));
    return pending;
  }

  private transfersOf(incidentId: string, { transfers }: ReportedIncident): Transfer[] {
    const index = (account: string | undefined): Buffer | null =>
      account === undefined ? null : this.ledger.indexOf(account);
    return transfers.map(({ at, amountFen, ...parties }, position) => ({
      incidentId,
      no: position + 1,
      at,
      amountFen,
      fromIx: index(parties.fromAccount),
      toIx: index(parties.toAccount),
      sealed: this.keyring.seal(JSON.stringify(parties), transferContext(incidentId, position + 1)),
    }));
  }
}
