import type { Span } from './money.facts.js';

/** How the incidents, or the movements of their money, behind a number are found. */
export type MoneyIndicator =
  | { list: 'incidents'; span: Span }
  /** Those with a loss; the amounts are the losses. */
  | { list: 'losses' }
  | { list: 'entries'; kind: 'stopped' | 'frozen' | 'returned' | 'intercepted'; ever?: true }
  /** Per account those of the larger kind. */
  | { list: 'controlled' }
  /** One payment for each person. */
  | { list: 'victims' };

const STOPPED: MoneyIndicator = { list: 'entries', kind: 'stopped' };
const FROZEN: MoneyIndicator = { list: 'entries', kind: 'frozen' };
const RETURNED: MoneyIndicator = { list: 'entries', kind: 'returned' };
const INCIDENTS: MoneyIndicator = { list: 'incidents', span: 'period' };
const LOSSES: MoneyIndicator = { list: 'losses' };

const change = (field: string, base: Span): [string, MoneyIndicator][] => [
  [field, { list: 'incidents', span: base }],
  [`${field}.count`, INCIDENTS],
  [`${field}.base`, { list: 'incidents', span: base }],
];
const rate = (field: string, numerator: MoneyIndicator, denominator: MoneyIndicator): [string, MoneyIndicator][] => [
  [field, denominator],
  [`${field}.numerator`, numerator],
  [`${field}.denominator`, denominator],
];

/** Every number of incidents and money that has something behind it; a change by itself stands for its base. */
export const MONEY_INDICATORS: Readonly<Record<string, MoneyIndicator>> = {
  incidents: INCIDENTS,
  incidentLossFen: LOSSES,
  ...Object.fromEntries(change('incidentsYoY', 'yearBefore')),
  ...Object.fromEntries(change('incidentsMoM', 'daysBefore')),
  // The denominator is people, who are no cases.
  per10k: INCIDENTS,
  'per10k.numerator': INCIDENTS,
  'interceptedFen.stopPayment': { list: 'entries', kind: 'intercepted' },
  stoppedFen: STOPPED,
  frozenFen: FROZEN,
  controlledFen: { list: 'controlled' },
  ...Object.fromEntries(rate('stopRate', STOPPED, LOSSES)),
  returnedFen: RETURNED,
  victimsReturned: { list: 'victims' },
  returnShare: FROZEN,
  ...Object.fromEntries(rate('returnShare.flow', RETURNED, FROZEN)),
  ...Object.fromEntries(rate('returnShare.stock', { ...RETURNED, ever: true }, { ...FROZEN, ever: true })),
};
export const MONEY_INDICATOR_NAMES = Object.keys(MONEY_INDICATORS);
