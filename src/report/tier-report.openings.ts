import type { EntryKind } from '../ledger/ledger.js';
import { attemptsIn, followUpsIn, heldIn, outcomesIn, OVERDUE_AT, urgesIn } from './act.facts.js';
import { incidentItem, item, type Opening } from './counted.item.js';
import { HELD, passesSql, type Indicator } from './indicators.js';
import { actedEver, actedIn, controlling, entriesOf, incidentsOf, reportedIn } from './money.facts.js';
import type { MoneyIndicator } from './money.indicators.js';
import { moneyApplies } from './money.rules.js';
import type { ReportScope } from './report.scope.js';
import { JOINED } from './signal.facts.js';
import type { Values } from './values.js';

type Acts = Exclude<Indicator, { list: 'cases' | 'signals' | 'durations' }>;

/** The columns of a ledger's `entry e` of an incident. */
export const ENTRY = {
  incidentId: 'e.case_id',
  agencyId: 'e.agency_id',
  at: 'e.at',
  amountFen: 'e.amount_fen',
  entryKind: 'e.kind',
  accountId: 'e.account_id',
} as const;
export const ATTEMPT = { agencyId: 't.agency_id', at: 't.at', method: 't.method', reached: 't.reached' } as const;

/** The columns of an approved `outcome o`. */
export const outcomeFacts = (amountFen: string): Parameters<typeof item>[2] => ({
  agencyId: 'o.agency_id',
  at: 'o.decided_at',
  result: 'o.result',
  amountFen,
});

/** How a number of the tier report is opened. */
export function openingOf(indicator: Indicator): Opening {
  switch (indicator.list) {
    case 'cases':
      return {
        of: 'cohort',
        select: (lines) =>
          `${item('l.alert_id', 'l.alert_id')} FROM ${lines} WHERE ${passesSql('l.flags', indicator.test)}`,
      };
    case 'durations': {
      const tenths = `l.${indicator.duration}_tenths`;
      return {
        of: 'cohort',
        select: (lines) => `${item('l.alert_id', 'l.alert_id', { tenths })} FROM ${lines} WHERE ${tenths} IS NOT NULL`,
      };
    }
    case 'signals':
      return {
        of: 'cohort',
        signals: true,
        select: (lines) =>
          `${item('l.alert_id', 'l.alert_id')} FROM ${lines}
        UNION ALL ${item('l.alert_id', 'signal.id')} FROM ${lines} ${JOINED}`,
      };
    default:
      return { of: 'acts', select: (scope, values) => acts(scope, indicator, values) };
  }
}

/** What does not hang on a cohort: acts of the period, and cases held now. */
function acts(scope: ReportScope, indicator: Acts, values: Values): string {
  switch (indicator.list) {
    case 'attempts':
      return `${item('t.alert_id', 't.id', ATTEMPT)} FROM ${attemptsIn(scope, values)} AND ${indicator.where}`;
    case 'outcomes':
      return `${item('o.alert_id', 'o.id', outcomeFacts(indicator.amount))} FROM ${outcomesIn(scope, values)} AND ${indicator.where}`;
    case 'urges': {
      const facts = { agencyId: 'p.agency_id', at: 'u.urged_at', dueAt: 'u.reply_by', doneAt: 'u.replied_at' };
      return `${item('u.alert_id', 'u.id', facts)} FROM ${urgesIn(scope, values)} AND ${indicator.where}`;
    }
    case 'follow-ups': {
      const facts = {
        agencyId: 'f.agency_id',
        at: 'f.due_at',
        dueAt: OVERDUE_AT,
        doneAt: 'f.done_at',
        result: 'f.result',
      };
      return `${item('f.alert_id', 'f.id', facts)} FROM ${followUpsIn(scope, values)} AND ${indicator.where}`;
    }
    case 'intercepted': {
      const outcomes = acts(scope, { ...indicator, list: 'outcomes' }, values);
      return moneyApplies(scope.filters)
        ? `${outcomes} UNION ALL ${money(scope, { list: 'entries', kind: 'intercepted' }, values)}`
        : outcomes;
    }
    case 'held':
      return `${item('a.id', 'a.id')}
        FROM ${heldIn(scope, values)} AND ${HELD[indicator.field](() => `${values.add(scope.asOf)}::timestamptz`)}`;
    default:
      return money(scope, indicator, values);
  }
}

/** Incidents and the movements of their money. */
function money(scope: ReportScope, indicator: MoneyIndicator, values: Values): string {
  const incident = { incidentId: 'i.id', agencyId: 'i.credited_id', at: 'i.reported_at', amountFen: 'i.loss_fen' };
  const entries = (...kinds: EntryKind[]): string => entriesOf(scope, kinds, values);
  switch (indicator.list) {
    case 'incidents':
      return `${incidentItem('i.id', incident)} FROM ${incidentsOf(scope, values)} AND ${reportedIn(indicator.span, scope, values)}`;
    case 'losses':
      return `${incidentItem('i.id', incident)} FROM ${incidentsOf(scope, values)} AND ${reportedIn('period', scope, values)} AND i.loss_fen > 0`;
    case 'entries': {
      const when = indicator.ever ? actedEver(scope, values) : actedIn(scope, values);
      return `${incidentItem('e.id', ENTRY)} FROM ${entries(indicator.kind)} AND ${when}`;
    }
    case 'controlled':
      return `${incidentItem('e.id', ENTRY)} FROM ${controlling(`${entries('stopped', 'frozen')} AND ${actedIn(scope, values)}`)}`;
    case 'victims':
      return `${incidentItem('e.id', ENTRY)} FROM (
        SELECT DISTINCT ON (c.person_ix) e.* FROM (SELECT e.* FROM ${entries('returned')} AND ${actedIn(scope, values)}) e
          JOIN return_claim c ON c.id = e.origin_id
        ORDER BY c.person_ix, e.at, e.id) e`;
  }
}
