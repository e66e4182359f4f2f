import type { AlertAnswer } from '../alert/alert.dto.js';
import type { SignalBody } from '../intake/intake.dto.js';
import type { Agenda } from '../simulation/agenda.js';
import { expectDone } from '../simulation/api.client.js';
import { lureOf, suspectOf } from '../simulation/lures.js';
import { Random } from '../simulation/random.js';
import type { Method, OutcomeBody } from '../outcome/outcome.dto.js';
import { FOLLOW_UP_DAYS, type WarnedCase } from './plan.js';
import { residentOf, SERIALS } from './residents.js';
import type { Scene } from './scene.js';

/** Minutes from the signal to each step, by level: within every limit, where nothing delays it. */
const STEPS = {
  urgent: { accept: 2, call: 4, forward: 6, sign: 9, visit: 35, report: 50, review: 70 },
  high: { accept: 8, call: 16, forward: 20, sign: 30, visit: 100, report: 120, review: 150 },
  medium: { accept: 25, call: 70, forward: 0, sign: 0, visit: 0, report: 90, review: 130 },
  low: { accept: 60, call: 90, forward: 0, sign: 0, visit: 0, report: 120, review: 150 },
} as const;
/** At which the township or county rings again some days later. */
const FOLLOW_UP_MINUTE = 10 * 60;

/** Cases of people who are in danger: signed for, called, visited, reported, reviewed, and followed up. */
export class WarnedPlayer {
  constructor(private readonly scene: Scene) {}

  /** Puts a day's steps of them on its agenda. */
  plan(agenda: Agenda, day: number): void {
    for (const one of this.scene.plan.warned) {
      if (one.day === day) this.begin(agenda, one);
      const after = one.result === 'dissuaded' || one.result === 'partial-loss' ? FOLLOW_UP_DAYS[one.riskLevel] : [];
      if (after.includes(day - one.day)) {
        this.scene.tell(agenda, day, FOLLOW_UP_MINUTE, () => this.followUp(one, day));
      }
    }
  }

  private begin(agenda: Agenda, one: WarnedCase): void {
    const { day, minute, delay, riskLevel } = one;
    const steps = STEPS[riskLevel];
    const tell = (after: number, act: () => Promise<void>): void => this.scene.tell(agenda, day, minute + after, act);
    tell(0, () => this.handIn(one));
    tell(steps.accept + delay, () => this.give(one, one.home.county, 'accept'));
    tell(steps.call + delay, () => this.attempt(one, one.home.county, 'call', steps.call + delay));
    if (this.isVisited(one)) {
      const { township } = one.home;
      tell(steps.forward + delay, () => this.give(one, one.home.county, 'forward', { agency: township }));
      tell(steps.sign + delay, () => this.give(one, township, 'accept', {}, 'sign'));
      tell(steps.visit + delay, () => this.attempt(one, township, 'visit', steps.visit + delay));
    }
    tell(steps.report + delay, () => this.report(one, steps.review - steps.report, agenda));
  }

  private async handIn(one: WarnedCase): Promise<void> {
    this.scene.remember(nameOf(one), await this.post(one));
  }

  /** Handed in again it is answered with what came of it. */
  private async post(one: WarnedCase): Promise<string> {
    const feed = await this.scene.staff.source();
    return expectDone<AlertAnswer>(feed, 'a signal', await feed.post('/alerts', this.signalOf(one))).id;
  }

  private signalOf(one: WarnedCase): SignalBody {
    const { map, plan } = this.scene;
    const random = new Random(`${plan.input.options.seed} ${nameOf(one)}`);
    const lure = lureOf(one.fraudType);
    const kind = random.chance(0.4) ? 'fund' : random.weighted(lure.kinds);
    const year = Number(plan.days[one.day]!.date.slice(0, 4));
    const { name, phone, address, group } = residentOf(map, one.home, SERIALS.warned + one.no, random, year);
    return {
      source: kind === 'bank-counter' ? 'bank-centre' : 'national-platform',
      sourceRef: `RP-W-${one.no}`,
      detectedAt: this.scene.iso(one.day, one.minute - 1),
      kind,
      riskLevel: one.riskLevel,
      fraudType: one.fraudType,
      divisionCode: one.home.township,
      subject: { name, phone, address, group },
      suspect: suspectOf(random, kind),
      ...(one.interceptedFen > 0 ? { amountAtRiskFen: one.interceptedFen + one.lossFen } : {}),
      summary: random.pick(lure.summaries),
    };
  }

  private id(one: WarnedCase): Promise<string> {
    return this.scene.id(nameOf(one), () => this.post(one));
  }

  private async give(
    one: WarnedCase,
    agency: string,
    command: string,
    body: object = {},
    step = command,
  ): Promise<void> {
    const officer = await this.scene.staff.officer(agency);
    await this.scene.command(officer, `${nameOf(one)}/${step}`, `/alerts/${await this.id(one)}/${command}`, body);
  }

  private attempt(one: WarnedCase, agency: string, method: Method, after: number): Promise<void> {
    const body = {
      method,
      at: this.scene.iso(one.day, one.minute + after),
      reached: true,
      participants: method === 'visit' ? [{ kind: 'police' }, { kind: 'grid-worker' }] : [{ kind: 'police' }],
      note: method === 'visit' ? '已上门见面,查看手机并卸载涉诈 App' : '电话接通,已要求其停止转账',
    };
    return this.give(one, agency, 'attempts', body, method);
  }

  /** Reports what came of it; where the tier above is to look at it, it does so some minutes later. */
  private async report(one: WarnedCase, reviewAfter: number, agenda: Agenda): Promise<void> {
    const { staff } = this.scene;
    const officer = await staff.officer(this.closer(one));
    const path = `/alerts/${await this.id(one)}`;
    const { status } = await this.scene.command<AlertAnswer>(
      officer,
      `${nameOf(one)}/outcome`,
      `${path}/outcome`,
      outcomeOf(one),
    );
    if (status !== 'pending_review') return;
    const reviewer = await staff.supervisor(this.isVisited(one) ? one.home.county : this.scene.map.code);
    const minute = one.minute + STEPS[one.riskLevel].report + one.delay + reviewAfter;
    this.scene.tell(agenda, one.day, minute, async () => {
      await this.scene.command(reviewer, `${nameOf(one)}/review`, `${path}/review`, { decision: 'approve' });
    });
  }

  private async followUp(one: WarnedCase, day: number): Promise<void> {
    const body = { at: this.scene.iso(day, FOLLOW_UP_MINUTE), result: 'safe' };
    await this.give(one, this.closer(one), 'follow-ups', body, `follow-up-${day - one.day}`);
  }

  private isVisited({ riskLevel }: WarnedCase): boolean {
    return riskLevel === 'high' || riskLevel === 'urgent';
  }

  /** Who reports what came of it. */
  private closer(one: WarnedCase): string {
    return this.isVisited(one) ? one.home.township : one.home.county;
  }
}

const nameOf = ({ no }: WarnedCase): string => `warned-${no}`;

const NOTES: Partial<Record<WarnedCase['result'], string>> = {
  dissuaded: '劝阻成功,当事人未转账,已下载国家反诈中心 App',
  'partial-loss': '发现时已转出一笔,后续转账已拦停',
  'already-defrauded': '预警前已转账,已引导报案',
  'defrauded-after-warning': '劝阻后仍私下转账,已引导报案',
};

function outcomeOf({ no, result, interceptedFen, lossFen }: WarnedCase): OutcomeBody {
  const bases = ['transfer-cancelled', 'balance-protected', 'bank-blocked', 'transfer-recalled'] as const;
  const interceptedBasis = bases[no % bases.length]!;
  return {
    result,
    interceptedFen,
    lossFen,
    note: NOTES[result]!,
    ...(interceptedFen > 0 ? { interceptedBasis, stoppedTransfer: interceptedBasis.startsWith('transfer') } : {}),
  };
}
