import { Injectable } from '@nestjs/common';
import { AlertDesk, type CaseAtHand } from '../alert/alert.desk.js';
import { AlertPresenter } from '../alert/alert.presenter.js';
import type { Deadline } from '../deadline/deadline.js';
import { DeadlineRegistry } from '../deadline/deadline.registry.js';
import { DeadlineStore } from '../deadline/deadline.store.js';
import { systemCaller, type Caller } from '../identity/caller.js';
import { ACCOUNT_FIELD, normaliseAccount } from '../ledger/account.rules.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import { isId, newId } from '../platform/clock/id.js';
import { BlindIndex } from '../platform/crypto/keyring.js';
import { Database, type Tx } from '../platform/database/database.js';
import { requireVersion, type IfMatch } from '../platform/http/etag.js';
import { Cursors, type Page, type PageQuery } from '../platform/http/page.js';
import { Reply } from '../platform/http/reply.js';
import type { Protection } from './protection.js';
import type { ProtectionAnswer, ProtectionBody, ProtectionReasonBody } from './protection.dto.js';
import { ProtectionPresenter } from './protection.presenter.js';
import {
  alreadyProtected,
  noOwnerRequest,
  noSuchProtection,
  ownerRequestOpen,
  protectionEnded,
  protectionExtended,
} from './protection.problems.js';
import { answerDue, endOf, ownerWaits, stateAt } from './protection.rules.js';
import { ProtectionStore } from './protection.store.js';
import { ProtectionView } from './protection.view.js';

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** 保护性止付: the warned person's own account, closed to payments for a time. It is no suspect's money: the ledger has none of it. */
@Injectable()
export class ProtectionService {
  constructor(
    private readonly database: Database,
    private readonly desk: AlertDesk,
    private readonly alerts: AlertPresenter,
    private readonly store: ProtectionStore,
    private readonly view: ProtectionView,
    private readonly presenter: ProtectionPresenter,
    private readonly deadlines: DeadlineStore,
    private readonly organization: OrganizationRegistry,
    private readonly blindIndex: BlindIndex,
    private readonly cursors: Cursors,
    registry: DeadlineRegistry,
  ) {
    registry.on('protection-expires', (tx, deadline, take, late) =>
      this.fire(tx, deadline, take, (at, protection) => this.expire(at, protection, late)),
    );
    registry.on('protection-owner-overdue', (tx, deadline, take, late) =>
      this.fire(tx, deadline, take, (at, protection) => this.ownerOverdue(at, protection, late)),
    );
  }

  /** In place at once, for the hours that policy gives. */
  async protect(
    caller: Caller,
    alertId: string,
    ifMatch: IfMatch,
    body: ProtectionBody,
  ): Promise<Reply<ProtectionAnswer>> {
    let made: Protection;
    return this.desk.command(
      caller,
      alertId,
      'protections',
      ifMatch,
      async (at) => {
        made = await this.begin(at, body);
      },
      (at) => new Reply(201, this.answer(at, made)),
    );
  }

  /** Once, to the hours that policy gives in all. */
  async extend(caller: Caller, id: string, ifMatch: IfMatch, body: ProtectionReasonBody): Promise<ProtectionAnswer> {
    return this.command(caller, id, ifMatch, (at, protection) => {
      const { protectionExtendedHours } = at.policies.funds;
      const expiresAt = endOf(protection.startsAt, protectionExtendedHours);
      if (protection.extendedAt !== null || expiresAt.getTime() <= protection.expiresAt.getTime()) {
        throw protectionExtended.with(
          `An account is protected for ${protectionExtendedHours} hours in all; this one is until ${protection.expiresAt.toISOString()}, and that cannot be extended.`,
        );
      }
      Object.assign(protection, { expiresAt, extendedAt: at.now });
      this.deadlines.cancel(at.tx, protection.id, 'protection-expires');
      this.plan(at, protection, 'protection-expires', expiresAt);
      at.log('protection-extended', { protectionId: protection.id, expiresAt: expiresAt.toISOString() }, body.reason);
    });
  }

  /** 反诈法第三十二条: the owner asks for its release, and is to be answered in time. */
  async ownerRequest(
    caller: Caller,
    id: string,
    ifMatch: IfMatch,
    body: ProtectionReasonBody,
  ): Promise<ProtectionAnswer> {
    return this.command(caller, id, ifMatch, (at, protection) => {
      if (ownerWaits(protection)) {
        throw ownerRequestOpen.with('The owner has asked already. Answer by /release or /keep.');
      }
      const ownerDueAt = answerDue(at.now, at.policies.funds.ownerRequestMinutes);
      const { account } = this.presenter.open(protection);
      Object.assign(protection, {
        sealed: this.presenter.seal(protection.id, { account, ownerReason: body.reason }),
        ownerAskedAt: at.now,
        ownerDueAt,
        ownerAnsweredAt: null,
        ownerAnswer: null,
      });
      this.plan(at, protection, 'protection-owner-overdue', ownerDueAt);
      const data = { protectionId: protection.id, dueAt: ownerDueAt.toISOString() };
      at.log('protection-owner-asked', data, body.reason);
    });
  }

  /** The owner is told that the account stays protected, and why. */
  async keep(caller: Caller, id: string, ifMatch: IfMatch, body: ProtectionReasonBody): Promise<ProtectionAnswer> {
    return this.command(caller, id, ifMatch, (at, protection) => {
      if (!ownerWaits(protection)) {
        throw noOwnerRequest.with('There is no open request of the owner to answer. Record it by /owner-request.');
      }
      Object.assign(protection, { ownerAnsweredAt: at.now, ownerAnswer: 'keep' });
      this.deadlines.cancel(at.tx, protection.id, 'protection-owner-overdue');
      at.log('protection-kept', { protectionId: protection.id }, body.reason);
    });
  }

  /** Given back at once; answers the owner's request where there is one. */
  async release(caller: Caller, id: string, ifMatch: IfMatch, body: ProtectionReasonBody): Promise<ProtectionAnswer> {
    return this.command(caller, id, ifMatch, (at, protection) => {
      const ownerAsked = ownerWaits(protection);
      if (ownerAsked) Object.assign(protection, { ownerAnsweredAt: at.now, ownerAnswer: 'release' });
      this.end(at, protection, 'released', at.now);
      at.log('protection-released', { protectionId: protection.id, ownerAsked }, body.reason);
    });
  }

  /** Of an alert, the oldest first. */
  async list(caller: Caller, alertId: string, { limit, cursor, count }: PageQuery): Promise<Page<ProtectionAnswer>> {
    return this.database.read(caller.session, async (tx) => {
      const { alert, organization } = await this.desk.see(tx, caller, alertId);
      const signed = { list: 'protections', alertId, caller: caller.agency.id };
      const [after = FIRST_ID] = cursor === undefined ? [] : (this.cursors.decode(signed, cursor) as string[]);
      const rows = await this.view.list(tx, alertId, after, limit + 1);
      const { subject } = this.alerts.open(alert);
      const page = this.cursors.page(
        signed,
        limit,
        rows,
        ({ id }) => [id],
        (row) => this.presenter.answer(row, subject, organization, tx.now),
      );
      return count ? { ...page, total: await this.view.count(tx, alertId) } : page;
    });
  }

  private async begin(at: CaseAtHand, body: ProtectionBody): Promise<Protection> {
    const { tx, alert, caller, now } = at;
    const account = normaliseAccount(body.account)!;
    const accountIx = this.blindIndex.of(ACCOUNT_FIELD, account);
    const former = await this.store.lockEffective(tx, alert.id, accountIx);
    if (former) {
      if (stateAt(former, now) === 'effective') {
        throw alreadyProtected.with(
          `The account is protected until ${former.expiresAt.toISOString()}. Extend that protection, or wait for its end.`,
        );
      }
      // Its time is over, and the clock has not told so yet.
      this.expire(at, former, true);
    }
    const id = newId(now);
    const protection: Protection = {
      id,
      alertId: alert.id,
      accountIx,
      bank: body.bank.trim(),
      sealed: this.presenter.seal(id, { account }),
      agencyId: caller.agency.id,
      requestedBy: caller.id,
      status: 'effective',
      startsAt: now,
      expiresAt: endOf(now, at.policies.funds.protectionHours),
      extendedAt: null,
      ownerAskedAt: null,
      ownerDueAt: null,
      ownerAnsweredAt: null,
      ownerAnswer: null,
      endedAt: null,
      version: 1,
    };
    this.store.add(tx, protection);
    this.plan(at, protection, 'protection-expires', protection.expiresAt);
    at.log('protected', { protectionId: id, expiresAt: protection.expiresAt.toISOString() }, body.reason);
    return protection;
  }

  /** Alert → its own row; then is it the version that was read, does it still hold. */
  private async command(
    caller: Caller,
    id: string,
    ifMatch: IfMatch,
    work: (at: CaseAtHand, protection: Protection) => void,
  ): Promise<ProtectionAnswer> {
    return this.database.transaction(caller.session, async (tx) => {
      const found = isId(id) ? await this.view.caseOf(tx, id) : undefined;
      if (!found) throw noSuchProtection();
      return this.desk.attend(tx, caller, found.alertId, noSuchProtection, async (at) => {
        const protection = (await this.store.lock(tx, id))!;
        requireVersion(ifMatch, protection.version);
        const state = stateAt(protection, at.now);
        if (state !== 'effective') {
          const endedAt = state === 'expired' ? protection.expiresAt : protection.endedAt!;
          throw protectionEnded.with(
            `The protection ${state === 'expired' ? 'ended by itself' : 'was released'} at ${endedAt.toISOString()}. Nothing more can be done about it.`,
            { members: { protectionStatus: state } },
          );
        }
        work(at, protection);
        this.store.update(tx, protection);
        return this.answer(at, protection);
      });
    });
  }

  /** What falls due by itself is told in the name of the agency that put the protection in place. */
  private async fire(
    tx: Tx,
    { subjectId }: Deadline,
    take: () => Promise<boolean>,
    work: (at: CaseAtHand, protection: Protection) => void,
  ): Promise<void> {
    const found = (await this.view.caseOf(tx, subjectId))!;
    const agency = (await this.organization.current()).byId(found.agencyId);
    await this.desk.attend(tx, systemCaller(agency), found.alertId, noSuchProtection, async (at) => {
      const protection = (await this.store.lock(tx, subjectId))!;
      if (await take()) work(at, protection);
    });
  }

  private expire(at: CaseAtHand, protection: Protection, late: boolean): void {
    this.end(at, protection, 'expired', protection.expiresAt);
    this.store.update(at.tx, protection);
    at.log('protection-expired', { protectionId: protection.id, late });
  }

  private ownerOverdue(at: CaseAtHand, protection: Protection, late: boolean): void {
    const agency = at.organization.byId(at.alert.holderId!);
    const { id, ownerDueAt } = protection;
    const data = { protectionId: id, agency: agency.code, dueAt: ownerDueAt!.toISOString(), late };
    at.log('protection-owner-overdue', data);
  }

  private end(at: CaseAtHand, protection: Protection, status: 'released' | 'expired', endedAt: Date): void {
    Object.assign(protection, { status, endedAt });
    this.deadlines.cancel(at.tx, protection.id, 'protection-expires', 'protection-owner-overdue');
  }

  private plan(
    at: CaseAtHand,
    protection: Protection,
    kind: 'protection-expires' | 'protection-owner-overdue',
    dueAt: Date,
  ): void {
    this.deadlines.plan(at.tx, [{ kind, subjectId: protection.id, caseId: protection.alertId, dueAt }]);
  }

  private answer(at: CaseAtHand, protection: Protection): ProtectionAnswer {
    return this.presenter.answer(protection, this.alerts.open(at.alert).subject, at.organization, at.now);
  }
}
