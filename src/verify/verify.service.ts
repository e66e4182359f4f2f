import { Inject, Injectable } from '@nestjs/common';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { organizationSession, readOrganization } from '../organization/organization.view.js';
import { addDays, formatInstant, localDateOf, localRange, type LocalDate } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Database, statement, type Tx } from '../platform/database/database.js';
import { CONFIG } from '../platform/platform.module.js';
import { CellKeeper } from '../report/cells/cell.keeper.js';
import { PendingView } from '../report/cells/pending.view.js';
import { ChainVerifier } from '../timeline/chain.verifier.js';
import { checkCase } from './case.checks.js';
import { CellChecks } from './cell.checks.js';
import { checkStages } from './clock.checks.js';
import { EditionChecks } from './edition.checks.js';
import { checkHistory } from './history.checks.js';
import { checkLinks } from './link.checks.js';
import { MoneyChecks } from './money.checks.js';
import { MoneyRecount } from './money.recount.js';
import { Recount, type Period } from './recount.js';
import { ReportChecks } from './report.checks.js';
import type { StoredCase } from './stored.case.js';
import { StoredMoneyView } from './stored.money.js';
import { StoredView } from './stored.view.js';
import { checkWaits } from './waiting.checks.js';
import { Findings, type VerifyResult } from './verify.result.js';

const COUNT = statement('verify.count', 'SELECT count(*) AS alerts FROM alert');

const EVER = { from: '1990-01-01', to: '2100-12-31' };
const MOST_DIFFERENCES = 50;
/** Changes that may have come after the prepared figures were counted. */
const MOST_PENDING = 200_000;

export interface VerifyOptions {
  /** Months whose reports are recounted beside that of all time, `YYYY-MM`; default: the present one. */
  months?: readonly string[];
  /** Differences that are told in full; the others are counted. */
  most?: number;
  /** Told after every batch how many of the alerts are done. */
  progress?: (done: number, all: number) => void;
}

/**
 * Recounts everything from the facts: each case against its hops, acts and history, the hash chain, and the tier
 * and funds reports of every city against counts that share no code with them. Reads one snapshot and changes nothing.
 */
@Injectable()
export class VerifyService {
  constructor(
    private readonly database: Database,
    private readonly stored: StoredView,
    private readonly chain: ChainVerifier,
    private readonly storedMoney: StoredMoneyView,
    private readonly reports: ReportChecks,
    private readonly money: MoneyChecks,
    private readonly editions: EditionChecks,
    private readonly cells: CellChecks,
    private readonly pending: PendingView,
    private readonly keeper: CellKeeper,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async verify(options: VerifyOptions = {}): Promise<VerifyResult> {
    await this.keeper.settle();
    return this.database.readSnapshot(organizationSession, async (tx) => {
      await tx.adHoc('SET LOCAL statement_timeout = 0');
      await tx.adHoc('SET LOCAL idle_in_transaction_session_timeout = 0');
      const findings = new Findings(options.most ?? MOST_DIFFERENCES);
      const organization = await readOrganization(tx);
      const periods = this.periods(options.months, tx.now);
      const recount = new Recount(organization.agencies, periods, tx.now.getTime());
      const pending = await this.pending.pending(tx, organization, MOST_PENDING);
      if (!pending) findings.add('prepared figures', 'are ready', 'so', 'not yet, or too far behind');
      const days = this.cells.recount();
      const count = (stored: StoredCase): void => {
        recount.add(stored);
        if (pending) recount.addDays(stored, days.cellAt);
      };
      const alerts = await this.cases(tx, organization, count, findings, options.progress);
      const cells = pending ? await this.cells.check(tx, organization, pending, days, findings) : 0;
      const events = await this.history(tx, findings);
      const entries = await this.money.check(tx, findings, options.most ?? MOST_DIFFERENCES);
      const editions = await this.editions.check(tx, findings);
      const stored = await this.storedMoney.read(tx);
      const money = new MoneyRecount(organization.agencies, periods, this.config.timeZone, tx.now.getTime(), stored);
      const recounted = { periods, cases: recount, money, pending };
      const { reports, figures } = await this.reports.check(tx, organization, recounted, findings);
      const asOf = formatInstant(tx.now, this.config.timeZone);
      return {
        asOf,
        alerts,
        events,
        entries,
        editions,
        cells,
        reports,
        figures,
        differences: findings.differences,
        found: findings.found,
      };
    });
  }

  /** Each case by itself; what it counts for is added to the recount. @returns how many there are */
  private async cases(
    tx: Tx,
    organization: OrganizationSnapshot,
    count: (stored: StoredCase) => void,
    findings: Findings,
    progress: VerifyOptions['progress'],
  ): Promise<number> {
    const { alerts: all } = (await tx.row<{ alerts: number }>(COUNT))!;
    const codeOf = (id: number): string => organization.byId(id).code;
    let done = 0;
    for await (const batch of this.stored.cases(tx)) {
      for (const stored of batch) {
        checkCase(stored, findings);
        checkHistory(stored, codeOf, findings);
        checkLinks(stored, findings);
        checkWaits(stored, codeOf, findings);
        checkStages(stored, tx.now.getTime(), codeOf, findings);
        count(stored);
      }
      done += batch.length;
      progress?.(done, all);
    }
    return done;
  }

  private async history(tx: Tx, findings: Findings): Promise<number> {
    const { events, breaks } = await this.chain.verify(tx);
    for (const { caseId, seq, what } of breaks)
      findings.add(`history of ${caseId}, event ${seq}`, what, 'as it was written', what);
    return events;
  }

  private periods(months: readonly string[] | undefined, now: Date): Period[] {
    const { timeZone } = this.config;
    const named = (name: string, from: LocalDate, to: LocalDate): Period => {
      const { start, end } = localRange(from, to, timeZone);
      return { name, from, to, start: start.getTime(), end: end.getTime() };
    };
    const present = localDateOf(now, timeZone).slice(0, 7);
    return [
      named('all time', EVER.from, EVER.to),
      ...(months ?? [present]).map((month) => named(month, `${month}-01`, lastDayOf(month))),
    ];
  }
}

function lastDayOf(month: string): LocalDate {
  return addDays(`${addDays(`${month}-28`, 4).slice(0, 7)}-01`, -1);
}
