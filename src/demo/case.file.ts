import type { AlertAnswer } from '../alert/alert.dto.js';
import type { RiskLevel } from '../organization/risk.js';
import type { Method } from '../outcome/outcome.dto.js';
import type { Turn } from '../simulation/agenda.js';
import { expectDone, type Answer, type Person } from '../simulation/api.client.js';
import type { Day } from './day.js';
import type { Random } from '../simulation/random.js';
import type { PlannedSignal } from './signals.js';

/** Nobody goes on with the case on this day. */
export class LeftLying extends Error {
  override readonly name = 'LeftLying';
}

const MINUTE_MS = 60_000;
const PARTICIPANTS: Readonly<Record<Method, readonly (readonly string[])[]>> = {
  sms: [['police']],
  call: [['police'], ['police'], ['volunteer']],
  visit: [
    ['police', 'grid-worker'],
    ['police', 'village-cadre'],
    ['police', 'grid-worker', 'village-cadre'],
    ['police', 'bank-staff'],
  ],
};
const NOTES: Readonly<Record<`${Method} ${'reached' | 'missed'}`, readonly string[]>> = {
  'sms reached': ['短信已送达,当事人回复知悉'],
  'sms missed': ['已发送劝阻短信,送达'],
  'call reached': [
    '电话接通,已告知诈骗套路,当事人表示不再转账',
    '电话接通,已要求其停止转账',
    '电话接通,已指导卸载涉诈 App',
  ],
  'call missed': ['无人接听', '占线', '接通后挂断'],
  'visit reached': ['已上门见面,查看手机并卸载涉诈 App', '已见面劝阻,家属一同知晓', '已在银行网点当面劝停'],
  'visit missed': ['家中无人,已请邻居转告', '门锁未开,已留联系卡'],
};

/** A case as those who work it have it before them: what was answered last, who has it, and what they can do. */
export class CaseFile {
  readonly random: Random;
  /** When the case's clocks started, milliseconds. */
  started: number;
  /** When it was handed to whoever holds it now, milliseconds. */
  handed: number;
  calls = 0;
  private last: AlertAnswer | undefined;

  /** @param county code of the county that it was pushed to; undefined where it lies at the city */
  constructor(
    readonly day: Day,
    readonly turn: Turn,
    readonly id: string,
    readonly signal: PlannedSignal,
    private county: string | undefined,
  ) {
    this.random = day.random.fork(`case ${signal.body.source} ${signal.body.sourceRef}`);
    this.started = this.handed = turn.now;
  }

  get holder(): { code: string; tier: string } {
    const code = this.county ?? this.day.map.code;
    return this.last?.holder ?? { code, tier: this.county === undefined ? 'city' : 'county' };
  }

  get status(): AlertAnswer['status'] | undefined {
    return this.last?.status;
  }

  get urged(): boolean {
    return this.last?.urged ?? false;
  }

  get result(): AlertAnswer['result'] {
    return this.last?.result ?? null;
  }

  get riskLevel(): RiskLevel {
    return (this.last?.riskLevel ?? this.signal.body.riskLevel) as RiskLevel;
  }

  get limits(): Day['limits'][RiskLevel] {
    return this.day.limits[this.riskLevel];
  }

  /** How often whoever holds it misses a limit. */
  get lateness(): number {
    return this.day.latenessOf(this.holder.code.slice(0, 6));
  }

  /** The officer of whoever holds it. */
  officer(): Promise<Person> {
    return this.day.staff.officer(this.holder.code);
  }

  /** The supervisor of the tier above whoever holds it. */
  supervisorAbove(): Promise<Person> {
    const { code, tier } = this.holder;
    return this.day.staff.supervisor(tier === 'township' ? code.slice(0, 6) : this.day.map.code);
  }

  /** What the answer to somebody's request said about the case. */
  note(answer: AlertAnswer): void {
    if (answer.holder && answer.holder.code !== this.holder.code) this.handed = this.turn.now;
    this.last = answer;
  }

  /** Gives a command that must be done. */
  async give(who: Person, command: string, body: object = {}): Promise<void> {
    this.done(who, command, await this.try(who, command, body));
  }

  /** Gives a command that may be refused. */
  try(who: Person, command: string, body: object): Promise<Answer> {
    return who.post(`/alerts/${this.id}/${command}`, body);
  }

  done(who: Person, command: string, answer: Answer): void {
    this.note(expectDone<AlertAnswer>(who, command, answer));
    this.day.count(command);
  }

  async attempt(method: Method, reached: boolean): Promise<void> {
    const officer = await this.officer();
    const body = {
      method,
      at: new Date(this.turn.now).toISOString(),
      reached,
      participants: this.random.pick(PARTICIPANTS[method]).map((kind) => ({ kind })),
      note: this.random.pick(NOTES[`${method} ${reached ? 'reached' : 'missed'}`]),
    };
    expectDone(officer, method, await this.try(officer, 'attempts', body));
    this.day.count('attempts');
    if (method === 'call') this.calls += 1;
  }

  /** Calls until the person answers, with breaks. @returns whether they did */
  async callUntilReached(chance: number, most: number): Promise<boolean> {
    for (let time = 1; ; time++) {
      const reached = this.random.chance(chance);
      await this.attempt('call', reached);
      if (reached || time === most) return reached;
      await this.turn.after(this.random.between(10, 45));
    }
  }

  /** Waits until the holder acts: mostly well within a limit, now and then after it. @returns whether it is late */
  async untilActed(minutes: number, from: number): Promise<boolean> {
    const late = this.random.chance(this.lateness);
    const share = late
      ? this.random.between(1.05, 1.7)
      : Math.min(0.8, Math.max(0.05, this.random.lognormal(0.3, 0.5)));
    await this.turn.until(from + share * minutes * MINUTE_MS);
    return late;
  }

  /** @throws LeftLying as often as the chance says */
  mayBeLeft(chance: number): void {
    if (this.random.chance(chance)) throw new LeftLying();
  }
}
