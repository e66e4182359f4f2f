import { Injectable } from '@nestjs/common';
import { AlertPresenter, holderAnswer } from '../alert/alert.presenter.js';
import { maskAccount, maskIdNumber, maskName, maskPhone, maskText } from '../alert/mask.rules.js';
import { sees } from '../alert/transitions.js';
import { mayCall } from '../identity/access.policy.js';
import type { Caller } from '../identity/caller.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { Keyring } from '../platform/crypto/keyring.js';
import type { Incident, SealedIncident, SealedTransfer, Transfer } from './incident.js';
import { transferContext } from './incident.js';
import { IncidentDesk, standsOver } from './incident.desk.js';
import type {
  IncidentAnswer,
  IncidentCommand,
  IncidentTransferAnswer,
  LinkedAlertAnswer,
  RevealedIncidentAnswer,
  VictimAnswer,
} from './incident.dto.js';
import { isStopOverdue } from './incident.rules.js';
import type { LinkedAlert } from './incident.view.js';
import { maskCreditCode } from './victim.rules.js';

/** The operation that gives each command: roles are looked up under it. */
const OPERATION_OF: Record<IncidentCommand, string> = {
  file: 'fileIncident',
  transfer: 'transferIncident',
  reveal: 'revealIncident',
};

/** What goes with a single incident. */
export interface IncidentDetails {
  transfers: readonly Transfer[];
  alerts: readonly LinkedAlert[];
}

type Show = (value: string | undefined) => string | null;
const clear: Show = (value) => value ?? null;
const through =
  (mask: (value: string) => string): Show =>
  (value) =>
    value === undefined ? null : mask(value);

/** What a row looks like to a caller. */
@Injectable()
export class IncidentPresenter {
  constructor(
    private readonly desk: IncidentDesk,
    private readonly alerts: AlertPresenter,
    private readonly keyring: Keyring,
  ) {}

  /**
   * @param transferredFen what its transfers add up to
   * @param details only for single incidents
   */
  answer(
    incident: Incident,
    caller: Caller,
    organization: OrganizationSnapshot,
    now: Date,
    transferredFen: number,
    details?: IncidentDetails,
  ): IncidentAnswer {
    // A feed, and whoever handed in what lies elsewhere, reads back its status without personal data.
    const shown = !caller.roles.has('feed') && sees(caller.agency, incident, organization);
    const sealed = shown ? this.desk.open(incident) : undefined;
    return {
      id: incident.id,
      incidentNo: incident.incidentNo,
      source: incident.source,
      sourceRef: incident.sourceRef,
      reportedAt: this.alerts.moment(incident.reportedAt),
      receivedAt: this.alerts.moment(incident.receivedAt),
      divisionCode: incident.divisionCode,
      fraudType: incident.fraudType,
      ...(sealed ? { victim: maskedVictim(incident, sealed) } : {}),
      lossFen: incident.lossFen,
      transferredFen,
      ...(sealed && details ? { transfers: this.maskedTransfers(details.transfers) } : {}),
      ...(sealed ? { summary: sealed.summary === undefined ? null : maskText(sealed.summary, sealed.victim) } : {}),
      status: incident.status,
      caseNo: incident.caseNo,
      filedAt: this.alerts.moment(incident.filedAt),
      holder: holderAnswer(organization.byId(incident.agencyId)),
      stopDueAt: this.alerts.moment(incident.stopDueAt),
      stopMetAt: this.alerts.moment(incident.stopMetAt),
      stopOverdue: isStopOverdue(incident, now),
      ...(sealed && details ? { linkedAlerts: linkedAnswers(details.alerts, caller, organization) } : {}),
      version: incident.version,
      ...(details ? { allowed: allowedFor(caller, incident, organization) } : {}),
    };
  }

  /** Victim and accounts in clear. The caller has recorded that, and why. */
  revealed(incident: Incident, transfers: readonly Transfer[]): RevealedIncidentAnswer {
    const { victim, summary } = this.desk.open(incident);
    return {
      victim: {
        kind: incident.victimKind,
        name: victim.name ?? null,
        phone: victim.phone ?? null,
        idNumber: victim.idNumber ?? null,
        creditCode: victim.creditCode ?? null,
      },
      transfers: transfers.map((transfer) => this.transfer(transfer, clear, clear)),
      summary: summary ?? null,
    };
  }

  private maskedTransfers(transfers: readonly Transfer[]): IncidentTransferAnswer[] {
    return transfers.map((transfer) => this.transfer(transfer, through(maskAccount), through(maskName)));
  }

  private transfer(transfer: Transfer, account: Show, name: Show): IncidentTransferAnswer {
    const { incidentId, no, at, amountFen, sealed } = transfer;
    const context = transferContext(incidentId, no);
    const parties = JSON.parse(this.keyring.openText(sealed, context)) as SealedTransfer;
    return {
      no,
      at: this.alerts.moment(at),
      amountFen,
      fromAccount: account(parties.fromAccount),
      toAccount: account(parties.toAccount),
      toBank: parties.toBank ?? null,
      toName: name(parties.toName),
    };
  }
}

function maskedVictim({ victimKind }: Incident, { victim }: SealedIncident): VictimAnswer {
  // What an organisation is called is no secret of a person.
  const name = victimKind === 'organisation' ? clear : through(maskName);
  return {
    kind: victimKind,
    name: name(victim.name),
    phone: through(maskPhone)(victim.phone),
    idNumber: through(maskIdNumber)(victim.idNumber),
    creditCode: through(maskCreditCode)(victim.creditCode),
  };
}

function linkedAnswers(
  alerts: readonly LinkedAlert[],
  caller: Caller,
  organization: OrganizationSnapshot,
): LinkedAlertAnswer[] {
  return alerts
    .filter((alert) => sees(caller.agency, alert, organization))
    .map(({ id, alertNo, status, holderId, result, defraudedAfterWarning }) => ({
      id,
      alertNo,
      status,
      holder: holderId === null ? null : holderAnswer(organization.byId(holderId)),
      result,
      defraudedAfterWarning,
    }));
}

function allowedFor(caller: Caller, incident: Incident, organization: OrganizationSnapshot): IncidentCommand[] {
  if (!standsOver(caller, incident, organization)) return [];
  const open: IncidentCommand[] = incident.status === 'filed' ? ['transfer', 'reveal'] : ['file', 'transfer', 'reveal'];
  return open.filter((command) => mayCall(caller, OPERATION_OF[command]));
}
