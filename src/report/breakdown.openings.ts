import { GROUPS } from '../alert/alert.js';
import { attemptsIn, outcomesIn } from './act.facts.js';
import { CHANNELS } from './breakdown.dto.js';
import { INVALID } from './breakdown.view.js';
import { CLOSED, PROVED_TRUE } from './case.counts.js';
import { attemptsInCases, CHANNEL, CHANNEL_REACHED } from './channel.view.js';
import { item, type Opening } from './counted.item.js';
import { FUNNEL_STEPS, type CaseStep, type FunnelStep } from './funnel.rules.js';
import { stepsTaken } from './funnel.view.js';
import { INDICATORS, MONEY, passesSql, RATE_FIELDS, RATES, RECEIVED, type RateField } from './indicators.js';
import { rate, type Open, type OpenReport } from './open-report.js';
import type { ReportScope } from './report.scope.js';
import { JOINED, OWN_ALERT } from './signal.facts.js';
import { ATTEMPT, openingOf, outcomeFacts } from './tier-report.openings.js';
import type { Values } from './values.js';

const tierReport = (indicator: string): Opening => openingOf(INDICATORS[indicator]!);
const plain =
  (opening: Opening): Open =>
  () => ({ opening });

/** Cases of the cohort: conditions on `lines l` with the `alert a`. */
function cases(where: (scope: ReportScope, values: Values) => string): Opening {
  return {
    of: 'cohort',
    select: (lines, scope, values) =>
      `${item('l.alert_id', 'l.alert_id')} FROM ${lines} ${OWN_ALERT} WHERE ${where(scope, values)}`,
  };
}

/** `condition AND column = key`, without the latter where the whole report is meant. */
const withKey = (condition: string, column: string, key: string | undefined, values: Values): string =>
  key === undefined ? condition : `${condition} AND ${column} = ${values.add(key)}`;

// ---- Numbers of the tier report, of one type or source

const filtered =
  (filter: 'fraudType' | 'source', indicator: string): Open =>
  (key) => ({ opening: tierReport(indicator), ...(key === undefined ? {} : { filters: { [filter]: key } }) });

const SUCCESS_RATE = (filter: 'fraudType' | 'source'): [string, Open][] =>
  rate('successRate', filtered(filter, 'successRate.numerator'), filtered(filter, 'successRate.denominator'));

const FRAUD_TYPES: OpenReport = {
  key: { name: 'code of the fraud type', of: /^[a-z0-9-]{1,40}$/ },
  openings: {
    incidents: filtered('fraudType', 'incidents'),
    incidentShare: filtered('fraudType', 'incidents'),
    incidentLossFen: filtered('fraudType', 'incidentLossFen'),
    lossShare: filtered('fraudType', 'incidentLossFen'),
    alerts: filtered('fraudType', 'received'),
    closed: filtered('fraudType', 'results'),
    ...Object.fromEntries(SUCCESS_RATE('fraudType')),
  },
};

const ofSource =
  (where: string): Open =>
  (key) => ({ opening: cases((_scope, values) => withKey(where, 'a.source', key, values)) });

const joined = (key: string | undefined, lines: string, values: Values): string =>
  `${item('l.alert_id', 'signal.id')} FROM ${lines} ${JOINED} WHERE ${withKey('true', 'signal.source', key, values)}`;

const SOURCES: OpenReport = {
  key: { name: 'the source' },
  openings: {
    signals: (key) => ({
      opening: {
        of: 'cohort',
        signals: true,
        select: (lines, _scope, values) =>
          `${item('l.alert_id', 'l.alert_id')} FROM ${lines} ${OWN_ALERT} WHERE ${withKey('true', 'a.source', key, values)}
        UNION ALL ${joined(key, lines, values)}`,
      },
    }),
    merged: (key) => ({
      opening: { of: 'cohort', signals: true, select: (lines, _scope, values) => joined(key, lines, values) },
    }),
    alerts: filtered('source', 'received'),
    returnedWrongInfo: ofSource(INVALID.returnedWrongInfo),
    withdrawn: ofSource(INVALID.withdrawn),
    ...Object.fromEntries([
      ...rate('provedTrueRate', ofSource(passesSql('l.flags', PROVED_TRUE)), ofSource(passesSql('l.flags', CLOSED))),
      ...SUCCESS_RATE('source'),
    ]),
  },
};

// ---- Special groups: of the alert, no filter of the tier report

const GROUP = 'a.subject_group';
const GROUP_RATES = ['visitRate', 'dissuasionRate', 'successRate', 'defraudedAfterRate'] as const;
GROUP_RATES satisfies readonly RateField[];

const ofGroup =
  (test: Parameters<typeof passesSql>[1]): Open =>
  (key) => ({ opening: cases((_scope, values) => withKey(passesSql('l.flags', test), GROUP, key, values)) });

const outcomesOfGroup =
  ({ where, amount }: { where: string; amount: string }): Open =>
  (key) => ({
    opening: {
      of: 'acts',
      select: (scope, values) =>
        `${item('o.alert_id', 'o.id', outcomeFacts(amount))} FROM ${outcomesIn(scope, values)} AND ${where}
          AND EXISTS (SELECT FROM alert a WHERE ${withKey('a.id = o.alert_id', GROUP, key, values)})`,
    },
  });

const GROUPS_OPEN: OpenReport = {
  key: { name: 'the group', of: GROUPS },
  openings: {
    received: ofGroup(RECEIVED),
    ...Object.fromEntries(
      RATE_FIELDS.filter((field) => (GROUP_RATES as readonly string[]).includes(field)).flatMap((field) =>
        rate(field, ofGroup(RATES[field].numerator), ofGroup(RATES[field].denominator)),
      ),
    ),
    interceptedFen: outcomesOfGroup({ where: 'o.intercepted_fen > 0', amount: 'o.intercepted_fen' }),
    lossFen: outcomesOfGroup(MONEY.loss),
  },
};

// ---- Channels of the ladder

const attemptsBy =
  (where: string): Open =>
  (key) => ({
    opening: {
      of: 'acts',
      select: (scope, values) =>
        `${item('t.alert_id', 't.id', ATTEMPT)} FROM ${attemptsIn(scope, values)} AND ${withKey(where, 't.method', key, values)}`,
    },
  });

const casesBy =
  (where: string, tenths?: string): Open =>
  (key) => ({
    opening: {
      of: 'cohort',
      select: (lines, scope, values) =>
        `${item('m.alert_id', 'm.alert_id', tenths === undefined ? {} : { tenths })} FROM (
          SELECT DISTINCT m.alert_id, ${tenths ?? 'NULL'} AS tenths FROM ${attemptsInCases(lines, scope, values)}
          WHERE ${withKey(where, 'm.method', key, values)}) m`,
    },
  });

const CHANNELS_OPEN: OpenReport = {
  key: { name: 'the channel', required: true, of: CHANNELS },
  openings: {
    attempts: attemptsBy('true'),
    reached: attemptsBy(CHANNEL_REACHED),
    ...Object.fromEntries(rate('reachRate', attemptsBy(CHANNEL_REACHED), attemptsBy('true'))),
    cases: casesBy(CHANNEL.cases),
    dissuaded: casesBy(CHANNEL.dissuaded),
    firstAttemptMinutes: casesBy(CHANNEL.first, 'm.tenths'),
  },
};

// ---- The funnel: each step, and of those of the step before who took it and who did not

const SIGNALS_JOINED: Opening = {
  of: 'cohort',
  signals: true,
  select: (lines, _scope, values) => joined(undefined, lines, values),
};

function stepBefore(step: FunnelStep): FunnelStep | undefined {
  return FUNNEL_STEPS[FUNNEL_STEPS.indexOf(step) - 1];
}

/** Cases that took all of some steps, and not another. */
function having(steps: readonly FunnelStep[], not?: FunnelStep): Opening {
  return cases((scope, values) => {
    const taken = stepsTaken(scope, values);
    const conditions = steps.filter((step) => step in taken).map((step) => taken[step as CaseStep]());
    if (not !== undefined) conditions.push(`NOT (${taken[not as CaseStep]()})`);
    return conditions.length === 0 ? 'true' : conditions.map((condition) => `(${condition})`).join(' AND ');
  });
}

const step =
  (of: (step: FunnelStep) => Opening): Open =>
  (key) => ({ opening: of(key as FunnelStep) });
const all = (taken: FunnelStep): Opening => (taken === 'signals' ? tierReport('signals') : having([taken]));
const before = (taken: FunnelStep): Opening => all(stepBefore(taken) ?? 'signals');
const both = (taken: FunnelStep): Opening =>
  taken === 'alerts' ? all('alerts') : having([stepBefore(taken) ?? taken, taken]);
const lost = (taken: FunnelStep): Opening =>
  taken === 'alerts' ? SIGNALS_JOINED : having([stepBefore(taken) ?? taken], taken);

const FUNNEL: OpenReport = {
  key: { name: 'the step', required: true, of: FUNNEL_STEPS },
  unopened: (indicator, key) => key === 'signals' && indicator !== 'count',
  openings: {
    count: step(all),
    ...Object.fromEntries([
      ...rate('shareOfBefore', step(both), step(before)),
      ...rate('dropOff', step(lost), step(before)),
    ]),
  },
};

// ---- The series: every number of an interval is the tier report's for its days

const TREND: OpenReport = {
  openings: {
    received: plain(tierReport('received')),
    signals: plain(tierReport('signals')),
    attempts: plain(tierReport('attempts')),
    successes: plain(tierReport('successRate.numerator')),
    interceptedFen: plain(tierReport('interceptedFen.total')),
    lossFen: plain(tierReport('lossFen')),
    incidents: plain(tierReport('incidents')),
    incidentLossFen: plain(tierReport('incidentLossFen')),
  },
};

/** Reports whose numbers whoever may read them may open; that of people has its own rule. */
export const OPEN_REPORTS = {
  'fraud-types': FRAUD_TYPES,
  groups: GROUPS_OPEN,
  sources: SOURCES,
  channels: CHANNELS_OPEN,
  funnel: FUNNEL,
  trend: TREND,
} as const satisfies Record<string, OpenReport>;
export type OpenReportName = keyof typeof OPEN_REPORTS;
export const OPEN_REPORT_NAMES = Object.keys(OPEN_REPORTS) as OpenReportName[];
