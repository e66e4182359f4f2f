import { isOpen } from '../alert/alert.js';
import { TIERS, type Agency, type Tier } from '../organization/agency.js';
import { Cell, type Counting } from './recount.cell.js';
import { countedFollowUps, countedUrges } from './recount.waiting.js';
import {
  earliest,
  holderWhen,
  hopBefore,
  markedSince,
  markingEvent,
  standingOutcome,
  type StoredCase,
  type StoredHop,
} from './stored.case.js';

/** A period as moments, milliseconds; the end is the first moment after it. */
export interface Period {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly start: number;
  readonly end: number;
}

/** What one case means for one row; the same again for the total, put together of the rows'. */
interface Line {
  fields: Set<string>;
  durations: Map<string, number>;
  /** The accept clock that counts, if any. */
  accept: StoredHop | undefined;
  fundFailed: boolean;
}

/**
 * Counts the tier reports once more, from the facts and one case after the other: from hops, attempts, outcomes and
 * follow-ups, not from what the row of a case says about them (but for its limits, which exist nowhere else). Shares no
 * code with the report.
 */
export class Recount {
  private readonly cells = new Map<string, Cell>();
  private readonly byId: ReadonlyMap<number, Agency>;
  /** The agency and all above it, itself first. */
  private readonly above = new Map<number, readonly Agency[]>();

  constructor(
    agencies: readonly Agency[],
    private readonly periods: readonly Period[],
    private readonly asOf: number,
  ) {
    this.byId = new Map(agencies.map((agency) => [agency.id, agency]));
    for (const agency of agencies) {
      const chain = [agency];
      while (chain.at(-1)!.parentId !== null) chain.push(this.byId.get(chain.at(-1)!.parentId!)!);
      this.above.set(agency.id, chain);
    }
  }

  /** @param rowId id of a row's agency; `total` for all rows of the city, `below …` for all rows below one agency */
  cell(period: Period, tier: Tier, cityId: number, rowId: number | 'total' | `below ${number}`): Cell {
    const key = `${period.name}/${tier}/${cityId}/${rowId}`;
    let cell = this.cells.get(key);
    if (!cell) this.cells.set(key, (cell = new Cell()));
    return cell;
  }

  add(stored: StoredCase): void {
    if (stored.status === 'merged') return;
    for (const tier of TIERS) {
      for (const period of this.periods) {
        this.addCase(stored, tier, period);
        this.addActs(stored, tier, period);
        this.addHeld(stored, tier, period);
      }
    }
  }

  private addCase(stored: StoredCase, tier: Tier, period: Period): void {
    const lines: Line[] = [];
    const below = new Map<number, Line[]>();
    for (const { rowId, at, line } of this.lines(stored, tier)) {
      if (at < period.start || at >= period.end) continue;
      write(line, this.cell(period, tier, stored.cityId, rowId), stored);
      lines.push(line);
      const { parentId } = this.byId.get(rowId)!;
      if (tier === 'township') below.set(parentId!, [...(below.get(parentId!) ?? []), line]);
    }
    if (lines.length > 0) write(together(lines), this.cell(period, tier, stored.cityId, 'total'), stored);
    for (const [id, some] of below)
      write(together(some), this.cell(period, tier, stored.cityId, `below ${id}`), stored);
  }

  /** What a case means for each row of a tier whose cohorts it is ever in, and when it came there. */
  private lines(stored: StoredCase, tier: Tier): { rowId: number; at: number; line: Line }[] {
    if (tier === 'city') {
      const line = this.lineOf(stored, stored.cityId, this.firstHops(stored, 'county'), tier);
      return [{ rowId: stored.cityId, at: stored.receivedAt, line }];
    }
    return this.firstHops(stored, tier).map((hop) => ({
      rowId: hop.agencyId,
      at: hop.assignedAt,
      line: this.lineOf(stored, hop.agencyId, [hop], tier),
    }));
  }

  /** The first hop of each agency of a tier, in order. */
  private firstHops({ hops }: StoredCase, tier: Tier): StoredHop[] {
    const seen = new Set<number>();
    return hops.filter(({ agencyId }) => {
      const first = this.byId.get(agencyId)!.tier === tier && !seen.has(agencyId);
      if (first) seen.add(agencyId);
      return first;
    });
  }

  private lineOf(stored: StoredCase, rowId: number, hops: readonly StoredHop[], tier: Tier): Line {
    const line: Line = {
      fields: new Set(),
      durations: new Map(),
      accept: hops.find((hop) => this.acceptCounts(hop)),
      fundFailed: false,
    };
    const note = (field: string, so: boolean): void => void (so && line.fields.add(field));
    const ofRow = (agencyId: number): boolean => this.below(agencyId, rowId);
    this.noteClocks(stored, line, ofRow);

    const reached = stored.attempts.filter(({ reached: met, agencyId }) => met && ofRow(agencyId));
    const valid = stored.status !== 'withdrawn' && !returnedAsWrong(stored, rowId, tier);
    const since = markedSince(stored);
    const marked = since !== undefined && ofRow(holderWhenMarked(stored));
    const outcome = standingOutcome(stored);
    const result = outcome && ofRow(outcome.agencyId) ? outcome.result : undefined;
    note('visitRate.denominator', stored.visitRequired);
    note('visitRate.numerator', stored.visitRequired && reached.some(({ method }) => method === 'visit'));
    note('dissuasionRate.denominator', valid);
    note('dissuasionRate.numerator', valid && reached.length > 0);
    note('defraudedAfterRate.denominator', reached.length > 0);
    note('defraudedAfterRate.numerator', marked);
    note('fundSuccessRate.denominator', valid && stored.kind === 'fund');
    line.fundFailed = valid && stored.kind === 'fund' && marked;
    note(
      'returnRate.numerator',
      tier !== 'city' && stored.hops.some(({ agencyId, endedHow }) => agencyId === rowId && endedHow === 'return'),
    );
    if (result) {
      note(`results.${result}`, true);
      note('successRate.denominator', result !== 'false-alarm' && result !== 'already-defrauded');
      note('successRate.numerator', result === 'dissuaded' || result === 'partial-loss');
    }
    return line;
  }

  private acceptCounts({ acceptDueAt, acceptedAt, endedAt }: StoredHop): boolean {
    if (acceptDueAt === null) return false;
    return acceptedAt !== null || (acceptDueAt <= this.asOf && (endedAt === null || acceptDueAt <= endedAt));
  }

  private noteClocks(stored: StoredCase, line: Line, ofRow: (agencyId: number) => boolean): void {
    const { attempts, outcomes } = stored;
    const clocks = [
      {
        rate: 'contactOnTimeRate',
        minutes: 'contactMinutes',
        due: stored.callDueAt,
        met: earliest(attempts.filter(({ method }) => method === 'call')),
      },
      {
        rate: 'visitOnTimeRate',
        minutes: 'visitMinutes',
        due: stored.visitDueAt,
        met: earliest(attempts.filter(({ method, reached }) => method === 'visit' && reached)),
      },
      {
        rate: 'feedbackOnTimeRate',
        minutes: 'feedbackMinutes',
        due: stored.feedbackDueAt,
        met: earliest(outcomes.map(({ agencyId, submittedAt }) => ({ agencyId, at: submittedAt }))),
      },
    ];
    for (const { rate, minutes, due, met } of clocks) {
      if (met && ofRow(met.agencyId))
        line.durations.set(minutes, met.at - (stored.hops[0]?.assignedAt ?? stored.receivedAt));
      if (due === null) continue;
      const inTime = met !== undefined && met.at <= due;
      if (!inTime && met === undefined && due > this.asOf) continue;
      const answers = inTime ? met.agencyId : holderWhen(stored, due);
      if (!ofRow(answers)) continue;
      line.fields.add(`${rate}.denominator`);
      if (inTime) line.fields.add(`${rate}.numerator`);
    }
  }

  /** Attempts, urges and follow-ups, and money: by when they were made, due or approved. */
  private addActs(stored: StoredCase, tier: Tier, period: Period): void {
    for (const { agencyId, at, note } of this.acts(stored)) {
      if (at < period.start || at >= period.end) continue;
      for (const cell of this.cellsOf(agencyId, tier, stored.cityId, period)) note(cell);
    }
  }

  private acts(stored: StoredCase): { agencyId: number; at: number; note: (cell: Counting) => void }[] {
    const attempts = stored.attempts.map(({ agencyId, method, reached, at }) => ({
      agencyId,
      at,
      note: (cell: Counting): void => {
        cell.add(`attempts.${method}`);
        if (method === 'visit' && reached) cell.add('attempts.visitReached');
      },
    }));
    const waits = [...countedUrges(stored, this.asOf), ...countedFollowUps(stored, this.asOf)].map(
      ({ agencyId, at, fields }) => ({
        agencyId,
        at,
        note: (cell: Counting): void => {
          for (const field of fields) cell.add(field);
        },
      }),
    );
    const outcome = standingOutcome(stored);
    if (!outcome) return [...attempts, ...waits];
    const { agencyId, decidedAt, interceptedBasis, interceptedFen, lossFen } = outcome;
    const note = (cell: Counting): void => {
      cell.addFen(
        interceptedBasis === 'bank-blocked' ? 'interceptedFen.bank' : 'interceptedFen.dissuasion',
        interceptedFen,
      );
      cell.addFen('interceptedFen.total', interceptedFen);
      cell.addFen('lossFen', lossFen);
    };
    return [...attempts, ...waits, { agencyId, at: decidedAt!, note }];
  }

  /**
   * What a case adds to the days of single rows: as `add`, without totals over rows and without what is held now.
   * @param cellAt the cell of an agency's row at a moment
   */
  addDays(stored: StoredCase, cellAt: (agencyId: number, at: number) => Counting): void {
    if (stored.status === 'merged') return;
    for (const tier of TIERS) {
      for (const { rowId, at, line } of this.lines(stored, tier)) write(line, cellAt(rowId, at), stored);
    }
    for (const { agencyId, at, note } of this.acts(stored)) {
      for (const { id } of this.above.get(agencyId)!) note(cellAt(id, at));
    }
  }

  private addHeld(stored: StoredCase, tier: Tier, period: Period): void {
    if (!isOpen(stored.status)) return;
    const late = this.running(stored).some((due) => due <= this.asOf);
    for (const cell of this.cellsOf(this.holderOf(stored), tier, stored.cityId, period)) {
      cell.add('open');
      if (late) cell.add('overdue');
      if (stored.urges.some(({ endedAt }) => endedAt === null)) cell.add('urged');
    }
  }

  private holderOf(stored: StoredCase): number {
    return stored.hops.find(({ endedAt }) => endedAt === null)?.agencyId ?? stored.cityId;
  }

  /** Limits of clocks that are not met. */
  private running({ hops, attempts, outcomes, callDueAt, visitDueAt, feedbackDueAt }: StoredCase): number[] {
    const open = hops.find(({ endedAt }) => endedAt === null);
    return [
      open && open.acceptedAt === null ? open.acceptDueAt : null,
      attempts.some(({ method }) => method === 'call') ? null : callDueAt,
      attempts.some(({ method, reached }) => method === 'visit' && reached) ? null : visitDueAt,
      outcomes.length > 0 ? null : feedbackDueAt,
    ].filter((due) => due !== null);
  }

  /** The row of a tier that an agency's work counts in, and the total; none where no agency of the tier is above it. */
  private cellsOf(agencyId: number, tier: Tier, cityId: number, period: Period): Cell[] {
    const row = this.above.get(agencyId)!.find((agency) => agency.tier === tier);
    if (!row) return [];
    const cells = [this.cell(period, tier, cityId, row.id), this.cell(period, tier, cityId, 'total')];
    return tier === 'township' ? [...cells, this.cell(period, tier, cityId, `below ${row.parentId!}`)] : cells;
  }

  private below(agencyId: number, rowId: number): boolean {
    return this.above.get(agencyId)!.some(({ id }) => id === rowId);
  }
}

function write(line: Line, cell: Counting, { signals, kind }: StoredCase): void {
  cell.add('received');
  cell.add('returnRate.denominator');
  cell.add('signals', 1 + signals);
  for (const field of line.fields) cell.add(field);
  if (kind === 'fund' && line.fields.has('fundSuccessRate.denominator') && !line.fundFailed)
    cell.add('fundSuccessRate.numerator');
  for (const [field, milliseconds] of line.durations) cell.addDuration(field, milliseconds);
  const { accept } = line;
  if (!accept) return;
  cell.add('acceptOnTimeRate.denominator');
  if (accept.acceptedAt === null) return;
  if (accept.acceptedAt <= accept.acceptDueAt!) cell.add('acceptOnTimeRate.numerator');
  cell.addDuration('acceptMinutes', accept.acceptedAt - accept.assignedAt);
}

/** A case that is in several rows counts once in the total for whatever it counts in any of them. */
function together(lines: readonly Line[]): Line {
  if (lines.length === 1) return lines[0]!;
  const accepts = lines.flatMap(({ accept }) => accept ?? []);
  return {
    fields: new Set(lines.flatMap(({ fields }) => [...fields])),
    durations: new Map(lines.flatMap(({ durations }) => [...durations])),
    accept: accepts.sort((a, b) => a.hop - b.hop)[0],
    fundFailed: lines.some(({ fundFailed }) => fundFailed),
  };
}

function returnedAsWrong({ hops, status }: StoredCase, rowId: number, tier: Tier): boolean {
  if (tier === 'city') return status === 'new' && hops.at(-1)?.returnReason === 'wrong-info';
  return hops.findLast(({ agencyId }) => agencyId === rowId)?.returnReason === 'wrong-info';
}

/** Who held the case when it was marked as defrauded after its warning. */
function holderWhenMarked(stored: StoredCase): number {
  const event = markingEvent(stored);
  const hop = event && hopBefore(stored, event.seq);
  return stored.hops.find((each) => each.hop === hop)?.agencyId ?? stored.cityId;
}
