import type { FreezeAnswer } from '../freeze/freeze.dto.js';
import type { IncidentAnswer } from '../incident/incident.dto.js';
import type { IncidentBody } from '../incident/report.dto.js';
import { addDays } from '../platform/clock/local-date.js';
import type { ReturnAnswer } from '../returns/return.dto.js';
import type { Agenda } from '../simulation/agenda.js';
import { expectDone } from '../simulation/api.client.js';
import { lureOf } from '../simulation/lures.js';
import { Random } from '../simulation/random.js';
import type { StopAnswer } from '../stop/stop.dto.js';
import type { PlannedIncident, ReturnPlan } from './plan.js';
import { ReplayStaff } from './replay.staff.js';
import { residentOf, SERIALS } from './residents.js';
import type { Scene } from './scene.js';

/** Minutes from the report to each step on its day. */
const STEPS = { entered: 5, stop: 12, stopped: 20, filed: 120, freeze: 180, approved: 190, frozen: 220 };
/** Minutes of the days on which the steps of a return are made: in this order also where all are made on one day. */
const RETURN_STEPS = { asked: 990, proposed: 1_000, approved: 1_020, published: 1_030, notified: 1_080, paid: 1_140 };
/** How long an account is frozen for, days: less than the six months of the law. */
const FREEZE_DAYS = 150;
const HOLDERS = ['李某', '王某', '张某', '陈某', '刘某'];
const BANK = '中国工商银行';

/** What victims report, and what becomes of their money: stopped, frozen, given back. */
export class MoneyPlayer {
  constructor(private readonly scene: Scene) {}

  /** Puts a day's steps on its agenda. */
  plan(agenda: Agenda, day: number): void {
    for (const one of this.scene.plan.incidents) {
      if (one.day === day) this.planReport(agenda, one);
      if (one.money.back) this.planReturn(agenda, day, one, one.money.back);
    }
  }

  private planReport(agenda: Agenda, one: PlannedIncident): void {
    const { money, day, minute } = one;
    const tell = (after: number, act: () => Promise<void>): void => this.scene.tell(agenda, day, minute + after, act);
    tell(STEPS.entered, async () => this.scene.remember(nameOf(one), await this.report(one)));
    tell(STEPS.stop, () => this.askForStop(one));
    tell(STEPS.stopped, () => this.answerOfTheBank(one));
    if (!money.frozen) return;
    tell(STEPS.filed, () => this.ofIncident(one, 'file', { caseNo: `公(刑)立字〔${this.year(one)}〕${one.no + 1}号` }));
    tell(STEPS.freeze, () => this.askForFreeze(one));
    tell(STEPS.approved, () => this.approveFreeze(one));
    tell(STEPS.frozen, () => this.freeze(one));
  }

  private planReturn(agenda: Agenda, day: number, one: PlannedIncident, back: ReturnPlan): void {
    const tell = (on: number, minute: number, act: () => Promise<void>): void => {
      if (on === day) this.scene.tell(agenda, day, minute, act);
    };
    tell(back.asked, RETURN_STEPS.asked, () => this.applyForReturn(one, back));
    tell(back.asked, RETURN_STEPS.proposed, () =>
      this.ofReturn(one, 'propose', { method: back.method, reason: '经溯源核实' }),
    );
    tell(back.approved, RETURN_STEPS.approved, () => this.ofReturn(one, 'approve', {}, true));
    if (back.method === 'pro-rata') {
      tell(back.approved, RETURN_STEPS.published, () => this.ofReturn(one, 'publish'));
    }
    tell(back.notified, RETURN_STEPS.notified, () => {
      const officers = [
        ReplayStaff.username('officer', one.home.county),
        ReplayStaff.username('supervisor', one.home.county),
      ];
      return this.notifyBank(one, officers);
    });
    tell(back.paid, RETURN_STEPS.paid, () => this.pay(one, back));
  }

  /** Reported again it is answered with what was stored. */
  private async report(one: PlannedIncident): Promise<string> {
    const officer = await this.scene.staff.officer(one.home.county);
    return expectDone<IncidentAnswer>(officer, 'a report', await officer.post('/incidents', this.bodyOf(one))).id;
  }

  private bodyOf(one: PlannedIncident): IncidentBody {
    const { map, plan } = this.scene;
    const random = new Random(`${plan.input.options.seed} ${nameOf(one)}`);
    const { name, phone } = residentOf(map, one.home, SERIALS.victims + one.no, random, this.year(one));
    const transfer = {
      at: this.transferAt(one),
      amountFen: one.lossFen,
      fromAccount: `62284804${serialOf(one)}`,
      toAccount: accountOf(one),
      toBank: BANK,
      toName: holderOf(one),
    };
    return {
      source: '110',
      sourceRef: `RP-J-${one.no}`,
      reportedAt: this.scene.iso(one.day, one.minute),
      divisionCode: one.home.township,
      victim: { kind: 'person', name, phone },
      fraudType: one.fraudType,
      lossFen: one.lossFen,
      transfers: one.lossFen > 0 ? [transfer] : [],
      summary: random.pick(lureOf(one.fraudType).summaries),
    };
  }

  private transferAt(one: PlannedIncident): string {
    return this.scene.iso(one.day, one.minute - 40);
  }

  private askForStop(one: PlannedIncident): Promise<void> {
    return this.ofIncident(one, 'stop-payments', {
      account: accountOf(one),
      bank: BANK,
      holderName: holderOf(one),
      transferFen: Math.max(1, one.lossFen),
      transferAt: this.transferAt(one),
    });
  }

  private async answerOfTheBank(one: PlannedIncident): Promise<void> {
    const { stoppedFen } = one.money;
    const officer = await this.scene.staff.officer(one.home.county);
    const path = `/stop-payments/${await this.stopId(one)}`;
    if (stoppedFen === undefined) {
      await this.scene.command(officer, `${nameOf(one)}/refused`, `${path}/refused`, { reason: '账户资金已转出' });
      return;
    }
    const stoppedAt = this.scene.iso(one.day, one.minute + STEPS.stopped);
    await this.scene.command(officer, `${nameOf(one)}/stopped`, `${path}/effective`, { stoppedAt, stoppedFen });
  }

  private async askForFreeze(one: PlannedIncident): Promise<void> {
    const officer = await this.scene.staff.officer(one.home.county);
    const until = addDays(this.scene.plan.days[one.day]!.date, FREEZE_DAYS);
    const path = `/stop-payments/${await this.stopId(one)}/freeze`;
    await this.scene.command(officer, `${nameOf(one)}/freeze`, path, { until });
  }

  private async approveFreeze(one: PlannedIncident): Promise<void> {
    const id = await this.freezeId(one);
    const officer = await this.scene.staff.officer(one.home.county);
    const { approverTier } = expectDone<FreezeAnswer>(officer, 'a freeze', await officer.get(`/freezes/${id}`));
    const approver = await this.scene.staff.supervisor(approverTier === 'city' ? this.scene.map.code : one.home.county);
    await this.scene.command(approver, `${nameOf(one)}/freeze-approved`, `/freezes/${id}/approve`);
  }

  private async freeze(one: PlannedIncident): Promise<void> {
    const officer = await this.scene.staff.officer(one.home.county);
    const path = `/freezes/${await this.freezeId(one)}/effective`;
    await this.scene.command(officer, `${nameOf(one)}/frozen`, path, { frozenFen: one.money.stoppedFen });
  }

  private async applyForReturn(one: PlannedIncident, { returnFen, method }: ReturnPlan): Promise<void> {
    const officer = await this.scene.staff.officer(one.home.county);
    const shared = method === 'pro-rata';
    const claim = {
      incidentId: await this.incidentId(one),
      claimFen: shared ? returnFen * 2 : returnFen,
      account: `62284804${serialOf(one)}`,
      bank: '中国农业银行',
    };
    const body = { claims: [claim], ...(shared ? { inflowFen: one.money.stoppedFen! * 2 } : {}) };
    const path = `/freezes/${await this.freezeId(one)}/returns`;
    const { id } = await this.scene.command<ReturnAnswer>(officer, `${nameOf(one)}/return`, path, body);
    this.scene.remember(`${nameOf(one)} return`, id!);
  }

  private async notifyBank(one: PlannedIncident, officers: readonly string[]): Promise<void> {
    // Whoever goes to the bank has an account.
    await this.scene.staff.supervisor(one.home.county);
    await this.ofReturn(one, 'bank-notice', { officers });
  }

  private async pay(one: PlannedIncident, back: ReturnPlan): Promise<void> {
    const officer = await this.scene.staff.officer(one.home.county);
    const id = await this.returnId(one);
    const { allocations } = expectDone<ReturnAnswer>(officer, 'a return', await officer.get(`/returns/${id}`));
    const { claimId } = allocations[0]!;
    const body = { paidAt: this.scene.iso(back.paid, RETURN_STEPS.paid), receiptNo: `RP-${one.no}` };
    await this.scene.command(officer, `${nameOf(one)}/paid`, `/returns/${id}/payments/${claimId}/paid`, body);
  }

  private async ofIncident(one: PlannedIncident, command: string, body: object): Promise<void> {
    const officer = await this.scene.staff.officer(one.home.county);
    await this.scene.command(
      officer,
      `${nameOf(one)}/${command}`,
      `/incidents/${await this.incidentId(one)}/${command}`,
      body,
    );
  }

  private async ofReturn(one: PlannedIncident, command: string, body: object = {}, byCity = false): Promise<void> {
    const { staff, map } = this.scene;
    const who = byCity ? await staff.supervisor(map.code) : await staff.officer(one.home.county);
    const path = `/returns/${await this.returnId(one)}/${command}`;
    await this.scene.command(who, `${nameOf(one)}/return-${command}`, path, body);
  }

  private incidentId(one: PlannedIncident): Promise<string> {
    return this.scene.id(nameOf(one), () => this.report(one));
  }

  private async stopId(one: PlannedIncident): Promise<string> {
    const incident = await this.incidentId(one);
    return this.found<StopAnswer>(one, 'stop', `/stop-payments?incident=${incident}`);
  }

  private async freezeId(one: PlannedIncident): Promise<string> {
    const incident = await this.incidentId(one);
    return this.found<FreezeAnswer>(one, 'freeze', `/freezes?incident=${incident}`);
  }

  private async returnId(one: PlannedIncident): Promise<string> {
    const freeze = await this.freezeId(one);
    return this.found<{ id: string }>(one, 'return', `/returns?freeze=${freeze}`);
  }

  /** Of each there is one. */
  private found<T extends { id: string }>(one: PlannedIncident, what: string, path: string): Promise<string> {
    return this.scene.id(`${nameOf(one)} ${what}`, async () => {
      const officer = await this.scene.staff.officer(one.home.county);
      const { items } = expectDone<{ items: T[] }>(officer, path, await officer.get(path));
      if (items.length !== 1) throw new Error(`${items.length} found where one was expected: ${path}`);
      return items[0]!.id;
    });
  }

  private year(one: PlannedIncident): number {
    return Number(this.scene.plan.days[one.day]!.date.slice(0, 4));
  }
}

const nameOf = ({ no }: PlannedIncident): string => `incident-${no}`;
const serialOf = ({ no }: PlannedIncident): string => String(no).padStart(8, '0');
const accountOf = (one: PlannedIncident): string => `62220299${serialOf(one)}`;
const holderOf = ({ no }: PlannedIncident): string => HOLDERS[no % HOLDERS.length]!;
