import { call, World, type Answer, type Place } from '../case/support.js';
import { localDateOf } from '../../src/platform/clock/local-date.js';
import { VerifyService } from '../../src/verify/verify.service.js';
import type { VerifyResult } from '../../src/verify/verify.result.js';
import type { FiguresAnswer } from '../../src/report/figures.dto.js';
import type { TierReportAnswer, TierReportCaseAnswer } from '../../src/report/tier-report.dto.js';

export type Params = Record<string, string | number | boolean>;

export function queryOf(params: Params): string {
  return new URLSearchParams(
    Object.entries(params).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
}

/** A world whose reports are asked for; each test works on a day of its own, so that cohorts do not mix. */
export class ReportWorld {
  private constructor(readonly world: World) {}

  static async start(...args: Parameters<typeof World.start>): Promise<ReportWorld> {
    return new ReportWorld(await World.start(...args));
  }

  /** Reports of a world that others have made. */
  static of(world: World): ReportWorld {
    return new ReportWorld(world);
  }

  /** Goes on to 09:00 of the next local day. @returns the day */
  nextDay(): string {
    const { clock } = this.world.app;
    const tomorrow = localDateOf(new Date(clock.now().getTime() + 86_400_000), 'Asia/Shanghai');
    clock.set(`${tomorrow}T09:00:00+08:00`);
    return tomorrow;
  }

  wait(minutes: number): void {
    this.world.app.clock.advanceMinutes(minutes);
  }

  async report(tier: string, params: Params, who: Place = 'city'): Promise<TierReportAnswer> {
    const answer = await this.ask(tier, params, who);
    if (answer.status !== 200) throw new Error(`report: ${answer.status} ${answer.text}`);
    return answer.body as TierReportAnswer;
  }

  ask(tier: string, params: Params, who: Place = 'city'): Promise<Answer> {
    return this.world.get(who, `/reports/tiers/${tier}?${queryOf(params)}`);
  }

  /** One row of a report of one day. */
  async row(tier: string, code: string, day: string): Promise<FiguresAnswer> {
    const { rows } = await this.report(tier, { from: day, to: day });
    const row = rows.find(({ agency }) => agency.code === code);
    if (!row) throw new Error(`no row ${code}`);
    return row;
  }

  async total(tier: string, day: string): Promise<FiguresAnswer> {
    return (await this.report(tier, { from: day, to: day })).total;
  }

  /** Every item behind a number, over all pages. */
  async opened(
    tier: string,
    params: Params,
    who: Place = 'city',
  ): Promise<{ items: TierReportCaseAnswer[]; total: number }> {
    return this.openedOf(`/reports/tiers/${tier}/cases`, params, who);
  }

  /** The same of any report. */
  async openedOf(
    path: string,
    params: Params,
    who: Place = 'city',
  ): Promise<{ items: TierReportCaseAnswer[]; total: number }> {
    const items: TierReportCaseAnswer[] = [];
    let [cursor, total]: [string | null, number] = ['', 0];
    while (cursor !== null) {
      const asked = { ...params, count: true, ...(cursor === '' ? {} : { cursor }) };
      const answer: Answer = await call(this.world.app, this.world.as(who), {
        path: `${path}?${queryOf(asked)}`,
      });
      if (answer.status !== 200)
        throw new Error(`cases of ${String(params['indicator'])}: ${answer.status} ${answer.text}`);
      items.push(...(answer.body.items as TierReportCaseAnswer[]));
      cursor = answer.body.nextCursor as string | null;
      total = answer.body.total as number;
    }
    return { items, total };
  }

  verify(months?: string[]): Promise<VerifyResult> {
    return this.world.app.app.get(VerifyService, { strict: false }).verify({ months });
  }
}

/** Every number of a row by its path; shares and quotients are made of others. */
export function numbersIn(row: object, path = ''): [string, number][] {
  return Object.entries(row).flatMap(([name, value]: [string, unknown]): [string, number][] => {
    if (name === 'rate' || name.endsWith('Share')) return [];
    if (typeof value === 'number') return [[path + name, value]];
    return value !== null && typeof value === 'object' ? numbersIn(value, `${path}${name}.`) : [];
  });
}

/** `numerator/denominator` of a rate. */
export function fraction({ numerator, denominator }: { numerator: number; denominator: number }): string {
  return `${numerator}/${denominator}`;
}
