import { TIERS, type Agency, type Tier } from '../organization/agency.js';
import { localRange, type LocalDate } from '../platform/clock/local-date.js';
import { Cell } from './recount.cell.js';
import type { Period } from './recount.js';
import type { StoredFreeze, StoredIncident, StoredMoney, StoredStop } from './stored.money.js';

/** What a row shows of incidents and money, by names of its own. */
export class MoneyCell extends Cell {
  private readonly accounts = new Map<string, { stopped: bigint; frozen: bigint }>();
  readonly persons = new Set<string>();
  readonly banks = new Map<string, { stopped: bigint; frozen: bigint }>();

  hold(kind: 'stopped' | 'frozen', accountId: string, bank: string, fen: number): void {
    this.addFen(kind, fen);
    for (const [sums, key] of [
      [this.accounts, accountId],
      [this.banks, bank],
    ] as const) {
      const sum = sums.get(key) ?? { stopped: 0n, frozen: 0n };
      sums.set(key, { ...sum, [kind]: sum[kind] + BigInt(fen) });
    }
  }

  /** Of each account the larger of the two. */
  get controlled(): bigint {
    return [...this.accounts.values()].reduce(
      (sum, { stopped, frozen }) => sum + (stopped > frozen ? stopped : frozen),
      0n,
    );
  }
}

/** A row by its agency's id; `total` of all rows, `own` of agencies above the tier, `all` of both. */
export type MoneyRow = number | 'total' | 'own' | 'all';

interface Stretch {
  start: number;
  end: number;
}
type Spans = Period & { yearBefore: Stretch; daysBefore: Stretch };

const within = (moment: number | null, { start, end }: Stretch): boolean =>
  moment !== null && moment >= start && moment < end;

/**
 * Counts incidents and their money once more, from the rows of incidents, stop-payments, freezes and claims: not from the
 * ledger, and without the code of the reports.
 */
export class MoneyRecount {
  private readonly cells = new Map<string, MoneyCell>();
  private readonly above = new Map<number, readonly Agency[]>();
  private readonly populations = new Map<number, StoredMoney['populations'][number][]>();
  private readonly periods: readonly Spans[];

  constructor(
    agencies: readonly Agency[],
    periods: readonly Period[],
    timeZone: string,
    private readonly asOf: number,
    money: StoredMoney,
  ) {
    const byId = new Map(agencies.map((agency) => [agency.id, agency]));
    for (const agency of agencies) {
      const chain = [agency];
      while (chain.at(-1)!.parentId !== null) chain.push(byId.get(chain.at(-1)!.parentId!)!);
      this.above.set(agency.id, chain);
    }
    this.periods = periods.map((period) => withSpans(period, timeZone));
    for (const figure of money.populations) {
      this.populations.set(figure.agencyId, [...(this.populations.get(figure.agencyId) ?? []), figure]);
    }
    for (const incident of money.incidents) this.addIncident(incident);
    for (const stop of money.stops) this.addStop(stop);
    const paid = new Map<string, { all: number; byNow: number }>();
    for (const { freezeId, agencyId, person, returnFen, paidAt } of money.claims) {
      const byNow = paidAt <= this.asOf ? returnFen : 0;
      const sum = paid.get(freezeId) ?? { all: 0, byNow: 0 };
      paid.set(freezeId, { all: sum.all + returnFen, byNow: sum.byNow + byNow });
      this.each(agencyId, (cell, period) => {
        cell.addFen('returnedEver', byNow);
        if (!within(paidAt, period)) return;
        cell.addFen('returned', returnFen);
        cell.persons.add(person);
      });
    }
    for (const freeze of money.freezes) this.addFreeze(freeze, paid.get(freeze.id) ?? { all: 0, byNow: 0 });
    for (const { agencyId, status, endedAt } of money.returns) {
      this.each(agencyId, (cell, period) => {
        if (endedAt === null) cell.add('returnsOpen');
        if (status === 'paid' && within(endedAt, period)) cell.add('returnsPaid');
      });
    }
  }

  cell(period: Period, tier: Tier, cityId: number, row: MoneyRow): MoneyCell {
    const key = `${period.name}/${tier}/${cityId}/${row}`;
    let cell = this.cells.get(key);
    if (!cell) this.cells.set(key, (cell = new MoneyCell()));
    return cell;
  }

  /** The figure of an agency that holds for a period: of the latest year that is not after it. */
  population(agencyId: number, { to }: Period): { population: number; year: number } | undefined {
    const known = (this.populations.get(agencyId) ?? []).filter(({ year }) => String(year) <= to.slice(0, 4));
    return known.sort((a, b) => b.year - a.year)[0];
  }

  private addIncident({ creditedId, reportedAt, lossFen, stopDueAt, stopMetAt }: StoredIncident): void {
    this.each(creditedId, (cell, period) => {
      if (within(reportedAt, period.yearBefore)) cell.add('incidentsYearBefore');
      if (within(reportedAt, period.daysBefore)) cell.add('incidentsDaysBefore');
      if (!within(reportedAt, period)) return;
      cell.add('incidents');
      cell.addFen('incidentLoss', lossFen);
      if (lossFen === 0 || (stopMetAt === null && stopDueAt > this.asOf)) return;
      cell.add('stopClocksEnded');
      if (stopMetAt !== null && stopMetAt <= stopDueAt) cell.add('stopClocksInTime');
    });
  }

  private addStop(stop: StoredStop): void {
    const { agencyId, accountId, bank, status, requestedAt, stoppedAt, endedAt, releasedTo } = stop;
    const fen = stop.stoppedFen ?? 0;
    const ended = { expired: 'Expired', frozen: 'ToFreeze', released: releasedTo === 'payer' ? 'ToPayer' : 'ToHolder' }[
      status
    ];
    this.each(agencyId, (cell, period) => {
      if (within(requestedAt, period)) cell.add('stopsRequested');
      if (status === 'refused' && within(endedAt, period)) cell.add('stopsRefused');
      if (stoppedAt === null) return;
      if (stoppedAt <= this.asOf && status === 'effective') cell.addFen('balanceStopped', fen);
      if (within(stoppedAt, period)) {
        cell.add('stopsEffective');
        cell.hold('stopped', accountId, bank, fen);
      }
      if (ended === undefined || !within(endedAt, period)) return;
      cell.addFen(`stop${ended}`, fen);
      if (ended === 'ToPayer') cell.addFen('interceptedStopPayment', fen);
    });
  }

  private addFreeze(freeze: StoredFreeze, paid: { all: number; byNow: number }): void {
    const { agencyId, accountId, bank, status, requestedAt, effectiveAt, endedAt } = freeze;
    const fen = freeze.frozenFen ?? 0;
    const released = endedAt !== null && effectiveAt !== null ? fen - paid.all : 0;
    this.each(agencyId, (cell, period) => {
      if (within(requestedAt, period)) cell.add('freezesRequested');
      if (status === 'waiting') cell.add('freezesWaiting');
      if (status === 'lapsed' && within(endedAt, period)) cell.add('freezesLapsed');
      if (effectiveAt === null) return;
      const ever = effectiveAt <= this.asOf ? fen : 0;
      cell.addFen('frozenEver', ever);
      cell.addFen('balanceFrozen', ever - paid.byNow - released);
      cell.addFen(status === 'lapsed' ? 'freezeLapsedEver' : 'freezeReleasedEver', released);
      if (!within(effectiveAt, period)) return;
      cell.add('freezesEffective');
      cell.hold('frozen', accountId, bank, fen);
    });
  }

  /** The cells that an agency's acts count in, of every tier and period. */
  private each(agencyId: number, write: (cell: MoneyCell, period: Spans) => void): void {
    const chain = this.above.get(agencyId)!;
    for (const tier of TIERS) {
      const row = chain.find((agency) => agency.tier === tier);
      const rows: MoneyRow[] = row ? [row.id, 'total', 'all'] : ['own', 'all'];
      for (const period of this.periods)
        for (const name of rows) write(this.cell(period, tier, chain[0]!.cityId, name), period);
    }
  }
}

/** The days that a period is compared with, by the calendar's own arithmetic. */
function withSpans(period: Period, timeZone: string): Spans {
  const stretch = (from: Date, to: Date): Stretch => {
    const { start, end } = localRange(dateOf(from), dateOf(to), timeZone);
    return { start: start.getTime(), end: end.getTime() };
  };
  const [from, to] = [new Date(`${period.from}T12:00:00Z`), new Date(`${period.to}T12:00:00Z`)];
  const earlier = new Date(from.getTime() - 86_400_000);
  const first = new Date(earlier.getTime() - (to.getTime() - from.getTime()));
  return {
    ...period,
    yearBefore: stretch(aYearBefore(from), aYearBefore(to)),
    daysBefore: stretch(first, earlier),
  };
}

function aYearBefore(day: Date): Date {
  const before = new Date(day);
  before.setUTCFullYear(day.getUTCFullYear() - 1);
  // Of 29 February the calendar makes 1 March.
  if (before.getUTCMonth() !== day.getUTCMonth()) before.setUTCDate(0);
  return before;
}

function dateOf(day: Date): LocalDate {
  return day.toISOString().slice(0, 10);
}
