import { Inject, Injectable } from '@nestjs/common';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { localDateOf } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import type { Tx } from '../platform/database/database.js';
import { CONFIG } from '../platform/platform.module.js';
import { CellSums, FEN_MEASURES, NUMBERS } from '../report/cells/cell.js';
import { CellView } from '../report/cells/cell.view.js';
import type { Pending } from '../report/cells/pending.view.js';
import { Cell } from './recount.cell.js';
import type { Findings } from './verify.result.js';

/** Cells of days, counted anew from the cases. */
export class DayRecount {
  private readonly cells = new Map<string, Cell>();

  constructor(private readonly timeZone: string) {}

  /** @param at milliseconds */
  readonly cellAt = (agencyId: number, at: number): Cell => {
    const name = `${agencyId}/${localDateOf(new Date(at), this.timeZone).replaceAll('-', '')}`;
    let cell = this.cells.get(name);
    if (!cell) this.cells.set(name, (cell = new Cell()));
    return cell;
  };

  /** @returns what was counted there; it is forgotten */
  take(agencyId: number, day: number): Cell {
    const name = `${agencyId}/${day}`;
    const cell = this.cells.get(name) ?? new Cell();
    this.cells.delete(name);
    return cell;
  }

  /** What nobody took. */
  left(): { agencyId: number; day: number; cell: Cell }[] {
    return [...this.cells].map(([name, cell]) => {
      const [agencyId, day] = name.split('/').map(Number) as [number, number];
      return { agencyId, day, cell };
    });
  }
}

/** The recount's names of what cells count, where they differ. */
const NAMES: Readonly<Record<string, string>> = {
  'urges.made': 'urges',
  'urges.inTime': 'urgeReplyOnTimeRate.numerator',
  'urges.ended': 'urgeReplyOnTimeRate.denominator',
  'followUps.inTime': 'followUpOnTimeRate.numerator',
  'followUps.ended': 'followUpOnTimeRate.denominator',
};
const FEN_NAMES: Readonly<Record<string, string>> = {
  dissuasion: 'interceptedFen.dissuasion',
  bank: 'interceptedFen.bank',
  loss: 'lossFen',
};
const MINUTES = ['acceptMinutes', 'contactMinutes', 'visitMinutes', 'feedbackMinutes'] as const;
/** Of no day. */
const HELD = /^held\./;

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
    const where = (agencyId: number, day: number): string =>
      `prepared figures of ${organization.byId(agencyId).code}, ${day}`;
    let compared = 0;
    for await (const portion of this.cells.eachDay(tx, standing)) {
      for (const { agencyId, day, sums } of portion) {
        const changed = pending.get(`${agencyId}/${day}`);
        if (changed) sums.add(changed, -1);
        compare(where(agencyId, day), sums, recounted.take(agencyId, day), findings);
        compared += 1;
      }
    }
    for (const { agencyId, day, cell } of recounted.left()) {
      compare(where(agencyId, day), new CellSums(), cell, findings);
      compared += 1;
    }
    for (const { agencyId, grain, day, column } of await this.cells.unlikeDays(tx, standing)) {
      findings.add(where(agencyId, day), `${column} of the ${grain}`, 'the sum of its days', 'something else');
    }
    return compared;
  }
}

function compare(where: string, sums: CellSums, cell: Cell, findings: Findings): void {
  NUMBERS.forEach((name, index) => {
    if (HELD.test(name)) return;
    const expected =
      name === 'joined' ? cell.count('signals') - cell.count('received') : cell.count(NAMES[name] ?? name);
    findings.compare(where, name, expected, sums.numbers[index]);
  });
  FEN_MEASURES.forEach((name, index) =>
    findings.compare(where, FEN_NAMES[name]!, cell.sum(FEN_NAMES[name]!), sums.fen[index]),
  );
  MINUTES.forEach((name, index) => {
    let [count, sum] = [0, 0];
    for (const [value, often] of sums.durations[index]!) {
      count += often;
      sum += value * often;
    }
    const expected = cell.durations(name);
    findings.compare(where, name, `${expected.count} with the sum ${expected.sum}`, `${count} with the sum ${sum}`);
  });
}
