import { Inject, Injectable } from '@nestjs/common';
import { mayCall } from '../identity/access.policy.js';
import type { Caller } from '../identity/caller.js';
import type { Agency } from '../organization/agency.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import type { Policies } from '../organization/policy.js';
import { formatInstant } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { CONFIG } from '../platform/platform.module.js';
import type { Alert, SealedPart } from './alert.js';
import type { AlertAnswer, HolderAnswer, RevealAnswer, SubjectAnswer, SuspectAnswer } from './alert.dto.js';
import { maskAccount, maskAddress, maskIdNumber, maskName, maskPhone, maskText } from './mask.rules.js';
import { allowedCommands, isOverdue, type Command, type Standing } from './transitions.js';

/** The operation that gives each command: roles are looked up under it. */
export const OPERATION_OF: Record<Command, string> = {
  push: 'pushAlert',
  accept: 'acceptAlert',
  forward: 'forwardAlert',
  return: 'returnAlert',
  transfer: 'transferAlert',
  recall: 'recallAlert',
  attempts: 'recordAttempt',
  outcome: 'submitOutcome',
  review: 'reviewOutcome',
  reopen: 'reopenAlert',
  escalate: 'escalateAlert',
  urge: 'urgeAlert',
  reply: 'replyToUrge',
  withdraw: 'withdrawAlert',
  unmerge: 'unmergeAlert',
  'follow-ups': 'recordFollowUp',
  protections: 'protectAccount',
  reveal: 'revealAlert',
};

/** Commands that state, place and roles leave open to a caller. */
export function allowedFor(caller: Caller, alert: Alert, standing: Standing, policies: Policies): Command[] {
  return allowedCommands(alert, standing, policies).filter((command) => mayCall(caller, OPERATION_OF[command]));
}

export function holderAnswer(agency: Agency): HolderAnswer {
  return { code: agency.code, name: agency.name, tier: agency.tier };
}

/** What a row looks like to a caller. */
@Injectable()
export class AlertPresenter {
  constructor(
    private readonly keyring: Keyring,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  moment(at: Date): string;
  moment(at: Date | null): string | null;
  moment(at: Date | null): string | null {
    return at === null ? null : formatInstant(at, this.config.timeZone);
  }

  open(alert: Pick<Alert, 'id' | 'sealed'>): SealedPart {
    return JSON.parse(this.keyring.openText(alert.sealed, sealedContext(alert.id))) as SealedPart;
  }

  /** @param allowed only for single alerts */
  answer(
    alert: Alert,
    caller: Caller,
    organization: OrganizationSnapshot,
    now: Date,
    allowed?: Command[],
  ): AlertAnswer {
    const sealed = caller.roles.has('feed') ? undefined : this.open(alert);
    return {
      id: alert.id,
      alertNo: alert.alertNo,
      source: alert.source,
      sourceRef: alert.sourceRef,
      kind: alert.kind,
      riskLevel: alert.riskLevel,
      fraudType: alert.fraudType,
      divisionCode: alert.divisionCode,
      status: alert.status,
      holder: alert.holderId === null ? null : holderAnswer(organization.byId(alert.holderId)),
      nextDueAt: this.moment(alert.nextDueAt),
      overdue: isOverdue(alert, now),
      urged: alert.urged,
      visitRequired: alert.visitRequired,
      ...(sealed ? { subject: masked(sealed, alert), suspect: maskedSuspect(sealed) } : {}),
      amountAtRiskFen: alert.amountAtRiskFen,
      ...(sealed ? { summary: sealed.summary === undefined ? null : maskText(sealed.summary, sealed.subject) } : {}),
      detectedAt: this.moment(alert.detectedAt),
      receivedAt: this.moment(alert.receivedAt),
      closedAt: alert.status === 'closed' ? this.moment(alert.endedAt) : null,
      result: alert.result,
      mergedInto: alert.mergedInto,
      previousAlerts: alert.previousAlerts,
      defraudedAfterWarning: alert.defraudedAfterWarning,
      version: alert.version,
      ...(allowed ? { allowed } : {}),
    };
  }

  /** The person in clear. The caller has recorded that, and why. */
  revealed(alert: Alert): RevealAnswer {
    const { subject, suspect, summary } = this.open(alert);
    return {
      subject: {
        name: subject.name ?? null,
        phone: subject.phone,
        idNumber: subject.idNumber ?? null,
        address: subject.address ?? null,
        group: alert.subjectGroup,
      },
      suspect: suspect
        ? {
            phone: suspect.phone ?? null,
            account: suspect.account ?? null,
            app: suspect.app ?? null,
            url: suspect.url ?? null,
          }
        : null,
      summary: summary ?? null,
    };
  }
}

/** What the seal of an alert's personal data is bound to. */
export function sealedContext(alertId: string): string {
  return `alert:${alertId}`;
}

function masked({ subject }: SealedPart, alert: Alert): SubjectAnswer {
  return {
    name: subject.name === undefined ? null : maskName(subject.name),
    phone: maskPhone(subject.phone),
    idNumber: subject.idNumber === undefined ? null : maskIdNumber(subject.idNumber),
    address: subject.address === undefined ? null : maskAddress(subject.address),
    group: alert.subjectGroup,
  };
}

function maskedSuspect({ subject, suspect }: SealedPart): SuspectAnswer | null {
  if (!suspect) return null;
  return {
    phone: suspect.phone === undefined ? null : maskPhone(suspect.phone),
    account: suspect.account === undefined ? null : maskAccount(suspect.account),
    app: suspect.app === undefined ? null : maskText(suspect.app, subject),
    url: suspect.url === undefined ? null : maskText(suspect.url, subject),
  };
}
