import { Inject, Injectable } from '@nestjs/common';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { localDayOf } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import type { Tx } from '../platform/database/database.js';
import { CONFIG } from '../platform/platform.module.js';
import { CellSums, FEN_MEASURES, GRAINS, NUMBERS } from '../report/cells/cell.js';
import { cellOf, dateOfNumber, dayNumber } from '../report/cells/period.rules.js';
import { CellView } from '../report/cells/cell.view.js';
import type { Pending } from '../report/cells/pending.view.js';
import { told, tenthsOf, type Counting } from './recount.cell.js';
import type { Findings } from './verify.result.js';

/** The recount's names of what cells count, where they differ. */
const NAMES: Readonly<Record<string, string>> = {
  joined: 'signals',
  'urges.made': 'urges',
  'urges.inTime': 'urgeReplyOnTimeRate.numerator',
  'urges.ended': 'urgeReplyOnTimeRate.denominator',
  'followUps.inTime': 'followUpOnTimeRate.numerator',
  'followUps.ended': 'followUpOnTimeRate.denominator',
};
/** What is held is of no day. */
const COUNTED = NUMBERS.filter((name) => !name.startsWith('held.')).map((name) => NAMES[name] ?? name);
const INDEX_OF = new Map(COUNTED.map((name, index) => [name, index]));
const FEN_NAMES = FEN_MEASURES.map((name) => (name === 'loss' ? 'lossFen' : `interceptedFen.${name}`));
const DAY_MS = 86_400_000;
const MINUTES = ['acceptMinutes', 'contactMinutes', 'visitMinutes', 'feedbackMinutes'] as const;

/** What cells of a day count, by the recount's names; in little room, because there are many. */
class DayCount implements Counting {
  readonly numbers = new Float64Array(COUNTED.length);
  readonly fen = FEN_MEASURES.map(() => 0n);
  /** Of each duration how many, and their sum as they are told. */
  readonly durations = new Float64Array(2 * MINUTES.length);

  add(field: string, times = 1): void {
    const index = INDEX_OF.get(field);
    if (index !== undefined) this.numbers[index]! += times;
  }

  addFen(field: string, amount: number): void {
    const index = FEN_NAMES.indexOf(field);
    if (index >= 0) this.fen[index]! += BigInt(amount);
  }

  addDuration(field: string, milliseconds: number): void {
    const index = MINUTES.indexOf(field as (typeof MINUTES)[number]);
    this.durations[2 * index]! += 1;
    this.durations[2 * index + 1]! += told(tenthsOf(milliseconds));
  }
}

/** Cells of days, counted anew from the cases. */
export class DayRecount {
  /** By agency, then by local day. */
  private readonly cells = new Map<number, Map<number, DayCount>>();

  constructor(private readonly timeZone: string) {}

  /** @param at milliseconds */
  readonly cellAt = (agencyId: number, at: number): Counting => {
    let days = this.cells.get(agencyId);
    if (!days) this.cells.set(agencyId, (days = new Map()));
    const day = localDayOf(at, this.timeZone);
    let cell = days.get(day);
    if (!cell) days.set(day, (cell = new DayCount()));
    return cell;
  };

  /** @returns what was counted there; it is forgotten */
  take(agencyId: number, day: number): DayCount {
    const days = this.cells.get(agencyId);
    const at = Date.parse(dateOfNumber(day)) / DAY_MS;
    const cell = days?.get(at) ?? new DayCount();
    days?.delete(at);
    return cell;
  }

  /** What nobody took. */
  left(): { agencyId: number; day: number; cell: DayCount }[] {
    return [...this.cells].flatMap(([agencyId, days]) =>
      [...days].map(([at, cell]) => ({
        agencyId,
        day: dayNumber(new Date(at * DAY_MS).toISOString().slice(0, 10)),
        cell,
      })),
    );
  }
}

/** Holds the prepared figures of every agency and day against counts of the cases that share no code with them. */
@Injectable()
export class CellChecks {
  constructor(
    private readonly cells: CellView,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  recount(): DayRecount {
    return new DayRecount(this.config.timeZone);
  }

  /** @returns how many cells were compared */
  async check(
    tx: Tx,
    organization: OrganizationSnapshot,
    { standing, tooMuch }: Pending,
    recounted: DayRecount,
    findings: Findings,
  ): Promise<number> {
    const pending = new Map(
      tooMuch
        .list()
        .filter(({ key }) => key.part === 'row')
        .map(({ key, sums }) => [`${key.agencyId}/${key.first}`, sums]),
    );
    const ofNow = (agencyId: number, day: number, sums: CellSums): CellSums => {
      const changed = pending.get(`${agencyId}/${day}`);
      if (changed) sums.add(changed, -1);
      return sums;
    };
    const where = (agencyId: number, day: number): string =>
      `prepared figures of ${organization.byId(agencyId).code}, ${day}`;
    let compared = 0;
    /** Days put together, as they are stored. */
    const larger = new Map<string, CellSums>();
    for await (const portion of this.cells.eachDay(tx, standing)) {
      for (const { agencyId, day, sums } of portion) {
        for (const grain of GRAINS.slice(1)) {
          const name = `${agencyId}/${grain}/${cellOf(day, grain).first}`;
          const of = larger.get(name) ?? new CellSums();
          of.add(sums);
          larger.set(name, of);
        }
        compare(where(agencyId, day), ofNow(agencyId, day, sums), recounted.take(agencyId, day), findings);
        compared += 1;
      }
    }
    for (const { agencyId, day, cell } of recounted.left()) {
      compare(where(agencyId, day), ofNow(agencyId, day, new CellSums()), cell, findings);
      compared += 1;
    }
    for (const { agencyId, grain, day, sums } of await this.cells.larger(tx, standing)) {
      const days = larger.get(`${agencyId}/${grain}/${day}`) ?? new CellSums();
      larger.delete(`${agencyId}/${grain}/${day}`);
      compareSums(`${where(agencyId, day)}, ${grain}`, days, sums, findings);
      compared += 1;
    }
    for (const [name, days] of larger) {
      const [agencyId, grain, day] = name.split('/') as [string, string, string];
      compareSums(`${where(Number(agencyId), Number(day))}, ${grain}`, days, new CellSums(), findings);
    }
    return compared;
  }
}

function compare(where: string, sums: CellSums, cell: DayCount, findings: Findings): void {
  COUNTED.forEach((name, index) => {
    const less = name === 'signals' ? cell.numbers[INDEX_OF.get('received')!]! : 0;
    findings.compare(where, NUMBERS[index]!, cell.numbers[index]! - less, sums.numbers[index]);
  });
  FEN_NAMES.forEach((name, index) => findings.compare(where, name, cell.fen[index], sums.fen[index]));
  MINUTES.forEach((name, index) => {
    const [count, sum] = [cell.durations[2 * index]!, cell.durations[2 * index + 1]!];
    findings.compare(where, name, `${count} with the sum ${sum}`, durationText(sums.durations[index]!));
  });
}

/** Larger cells beside the sum of their days. */
function compareSums(where: string, days: CellSums, stored: CellSums, findings: Findings): void {
  NUMBERS.forEach((name, index) => findings.compare(where, name, days.numbers[index], stored.numbers[index]));
  FEN_NAMES.forEach((name, index) => findings.compare(where, name, days.fen[index], stored.fen[index]));
  MINUTES.forEach((name, index) =>
    findings.compare(where, name, durationText(days.durations[index]!), durationText(stored.durations[index]!)),
  );
}

function durationText(values: ReadonlyMap<number, number>): string {
  let [count, sum] = [0, 0];
  for (const [value, often] of values) {
    count += often;
    sum += value * often;
  }
  return `${count} with the sum ${sum}`;
}
