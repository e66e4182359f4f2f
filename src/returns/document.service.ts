import { Inject, Injectable, StreamableFile } from '@nestjs/common';
import { notTheHolder } from '../alert/alert.problems.js';
import { holderAnswer } from '../alert/alert.presenter.js';
import { maskAccount, maskName } from '../alert/mask.rules.js';
import { RevealLimit } from '../alert/reveal.limit.js';
import { freezeContext } from '../freeze/freeze.js';
import { FreezeView } from '../freeze/freeze.view.js';
import { recordAudit } from '../identity/audit.store.js';
import type { Caller } from '../identity/caller.js';
import { IncidentDesk } from '../incident/incident.desk.js';
import { transferContext, type SealedTransfer } from '../incident/incident.js';
import { accountContext } from '../ledger/ledger.js';
import { localDateOf, localMinuteOf } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { Database } from '../platform/database/database.js';
import { DOCX_TYPE, writeDocx, type Block } from '../platform/document/docx.js';
import { CONFIG } from '../platform/platform.module.js';
import { stopContext } from '../stop/stop.js';
import { decisionOf, flowOf, noticeOf, type FlowLine, type PaperClaim, type PaperFacts } from './document.rules.js';
import { DocumentView } from './document.view.js';
import type { ReturnMethod } from './allocation.rules.js';
import { ReturnDesk, type ReturnAtHand } from './return.desk.js';
import { ReturnPresenter } from './return.presenter.js';
import { noDocument } from './return.problems.js';
import type { ShownClaim } from './return.view.js';

const UNKNOWN = '—';

/** 文书: the public notice, masked; the decision and the flow of the money, in clear for those who work the case. */
@Injectable()
export class DocumentService {
  constructor(
    private readonly database: Database,
    private readonly desk: ReturnDesk,
    private readonly incidents: IncidentDesk,
    private readonly freezes: FreezeView,
    private readonly view: DocumentView,
    private readonly presenter: ReturnPresenter,
    private readonly keyring: Keyring,
    private readonly revealLimit: RevealLimit,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** For publishing: nobody can be recognised. @throws Problem `no-document-yet` */
  async notice(caller: Caller, id: string): Promise<StreamableFile> {
    return this.database.transaction(caller.session, async (tx) => {
      const hand = await this.desk.take(tx, caller, id, { claims: 'all' });
      if (hand.row.method !== 'pro-rata' || hand.row.decidedAt === null || hand.row.status === 'refused') {
        throw noDocument.with('A notice is published of a pro-rata return that the city has approved.');
      }
      return this.file(hand, 'notice', noticeOf(await this.facts(hand, hand.row.method, true)));
    });
  }

  /** @throws Problem `no-document-yet`, `not-the-holder`, `reveal-limited` */
  async decision(caller: Caller, id: string, purpose: string): Promise<StreamableFile> {
    return this.revealed(caller, id, 'decision', purpose, async (hand, method) => {
      if (hand.row.decidedAt === null || hand.row.status === 'refused') {
        throw noDocument.with('There is no decision yet: the city has not approved the return.');
      }
      return decisionOf(await this.facts(hand, method, false));
    });
  }

  /** @throws Problem `not-the-holder`, `reveal-limited` */
  async flow(caller: Caller, id: string, purpose: string): Promise<StreamableFile> {
    return this.revealed(caller, id, 'flow', purpose, async (hand, method) =>
      flowOf(await this.facts(hand, method, false), await this.lines(hand)),
    );
  }

  /** Names and accounts leave in clear: on the timelines of their incidents, in the audit log, and not without end. */
  private async revealed(
    caller: Caller,
    id: string,
    paper: 'decision' | 'flow',
    purpose: string,
    write: (hand: ReturnAtHand, method: ReturnMethod) => Promise<Block[]>,
  ): Promise<StreamableFile> {
    return this.database.transaction(caller.session, async (tx) => {
      const hand = await this.desk.take(tx, caller, id, { claims: 'all' });
      const { at, row, incidents, standing } = hand;
      if (!standing.freezing) {
        const holder = at.organization.byId(at.incident.agencyId);
        throw notTheHolder.with(`This paper shows names and accounts in clear: it is for ${holder.name} to make.`, {
          members: { holder: holderAnswer(holder) },
        });
      }
      const blocks = await write(hand, row.method ?? row.proposedMethod);
      await this.revealLimit.check(tx, caller);
      for (const one of incidents.values()) {
        one.log('incident-revealed', { purpose: one.masked(purpose), returnId: row.id, paper });
      }
      await recordAudit(tx, {
        action: 'return.revealed',
        caller,
        objectKind: 'return',
        objectId: row.id,
        data: { incidentNo: at.incident.incidentNo, paper, claims: hand.claims.length, purpose: at.masked(purpose) },
      });
      this.incidents.write(...incidents.values());
      return this.file(hand, paper, blocks);
    });
  }

  private async facts(hand: ReturnAtHand, method: ReturnMethod, masked: boolean): Promise<PaperFacts> {
    const { tx, row, at, claims, now } = hand;
    const [freeze, accountSealed] = await Promise.all([
      this.freezes.find(tx, row.freezeId),
      this.view.account(tx, row.accountId),
    ]);
    const account = this.keyring.openText(accountSealed, accountContext(row.accountId));
    const holder = freeze!.sealed ? this.keyring.openText(freeze!.sealed, freezeContext(row.freezeId)) : UNKNOWN;
    const { timeZone } = this.config;
    return {
      agency: at.organization.byId(row.agencyId).name,
      city: at.organization.byId(row.cityId).name,
      incidentNo: at.incident.incidentNo,
      caseNo: at.incident.caseNo,
      account: masked ? maskAccount(account) : account,
      bank: freeze!.bank,
      holder: masked ? maskName(holder) : holder,
      method,
      frozenFen: row.frozenFen,
      inflowFen: row.inflowFen,
      residualFen: row.residualFen,
      publishedOn: row.publishedOn,
      noticeDays: at.policies.funds.noticeDays,
      approvedOn: row.decidedAt && localDateOf(row.decidedAt, timeZone),
      today: localDateOf(now, timeZone),
      claims: claims.map((claim) => this.claim(hand, claim, masked)),
    };
  }

  private claim(hand: ReturnAtHand, claim: ShownClaim, masked: boolean): PaperClaim {
    const { victim } = this.incidents.open(hand.incidents.get(claim.incidentId)!.incident);
    const { claimFen, refundedFen, returnFen, bank, paidAt, receiptNo } = claim;
    const name = victim.name ?? UNKNOWN;
    const account = this.presenter.accountOf(claim);
    return {
      name: masked ? maskName(name) : name,
      number: masked ? '' : (victim.idNumber ?? victim.creditCode ?? UNKNOWN),
      claimFen,
      refundedFen,
      returnFen,
      account: masked ? '' : account,
      bank,
      paid: paidAt ? `${this.minute(paidAt)} 回单${receiptNo}` : '未支付',
    };
  }

  private async lines({ tx, row, claims, incidents }: ReturnAtHand): Promise<FlowLine[]> {
    const [transfers, stops] = await Promise.all([
      this.view.transfers(tx, row.id),
      this.view.stops(tx, [...new Set([row.incidentId, ...claims.map(({ incidentId }) => incidentId)])]),
    ]);
    const first = transfers.map(({ incidentId, no, at, amountFen, sealed }): FlowLine => {
      const parties = JSON.parse(this.keyring.openText(sealed, transferContext(incidentId, no))) as SealedTransfer;
      const { victim } = this.incidents.open(incidents.get(incidentId)!.incident);
      return {
        level: '被害人转出',
        at: this.minute(at),
        from: [victim.name, parties.fromAccount].filter(Boolean).join(' ') || UNKNOWN,
        to: parties.toAccount ?? UNKNOWN,
        bank: parties.toBank ?? UNKNOWN,
        holder: parties.toName ?? UNKNOWN,
        amountFen,
        heldFen: null,
      };
    });
    const onward = stops.map((stop): FlowLine => ({
      level: `${stop.level}级`,
      at: this.minute(stop.transferAt),
      from: stop.parentSealed
        ? this.keyring.openText(stop.parentSealed, accountContext(stop.parentAccountId!))
        : UNKNOWN,
      to: this.keyring.openText(stop.accountSealed, accountContext(stop.accountId)),
      bank: stop.bank,
      holder: this.keyring.openText(stop.sealed, stopContext(stop.id)),
      amountFen: stop.transferFen,
      heldFen: stop.stoppedFen,
    }));
    return [...first, ...onward];
  }

  private minute(at: Date): string {
    return localMinuteOf(at, this.config.timeZone);
  }

  private file({ row, now }: ReturnAtHand, paper: keyof typeof TITLES, blocks: readonly Block[]): StreamableFile {
    const title = TITLES[paper];
    const bytes = writeDocx(blocks, { title, createdAt: now, landscape: paper !== 'notice' });
    return new StreamableFile(bytes, {
      type: DOCX_TYPE,
      length: bytes.length,
      disposition: `attachment; filename="${paper}-${row.id}.docx"; filename*=UTF-8''${encodeURIComponent(`${title}.docx`)}`,
    });
  }
}

const TITLES = { notice: '冻结资金返还公告', decision: '冻结资金返还决定书', flow: '涉案资金流向表' } as const;
