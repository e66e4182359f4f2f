import { RESULTS, type Result } from '../alert/alert.js';
import { DURATIONS, type Duration } from './case.facts.js';
import { measureOf } from './case.measures.js';
import { exactFen } from './fen.rules.js';
import { RATE_FIELDS, type RateField } from './indicators.js';
import { changeOf, per10kOf, type Change, type PerTenThousand } from './money.rules.js';
import type { MoneyTally } from './money.view.js';
import { percentiles, rateOf, toldTenths, type Rate } from './rate.rules.js';
import type { Tally } from './tier-report.view.js';

export interface Percentiles {
  /** Minutes, as precisely as `toldTenths` tells. */
  p50: number | null;
  p90: number | null;
}

/** Incidents and their money; null under a filter that says nothing about them. */
export interface MoneyFigures {
  incidents: number | null;
  incidentLossFen: number | null;
  incidentsYoY: Change | null;
  incidentsMoM: Change | null;
  per10k: PerTenThousand | null;
  stoppedFen: number | null;
  frozenFen: number | null;
  controlledFen: number | null;
  /** In fen. */
  stopRate: Rate | null;
  returnedFen: number | null;
  victimsReturned: number | null;
  /** In fen. */
  returnShare: { flow: Rate; stock: Rate } | null;
}

/** Everything that a row, or the total, says. */
export type Figures = {
  received: number;
  signals: number;
} & Record<Exclude<RateField, 'defraudedAfterRate'>, Rate> & {
    defraudedAfterRate: Rate & { provisional: boolean };
    results: Record<Result, number>;
    attempts: { sms: number; call: number; visit: number; visitReached: number };
    interceptedFen: { dissuasion: number; stopPayment: number | null; bank: number; total: number };
    lossFen: number;
    urges: number;
    urgeReplyOnTimeRate: Rate;
    followUps: { due: number; done: number; overdue: number };
    followUpOnTimeRate: Rate;
  } & MoneyFigures &
  Record<`${Duration}Minutes`, Percentiles> & { open: number; overdue: number; urged: number };

const RECEIVED = measureOf('received');
const RATE_MEASURES = RATE_FIELDS.map(
  (field) => [field, measureOf(`${field}.numerator`), measureOf(`${field}.denominator`)] as const,
);
const RESULT_MEASURES = RESULTS.map((result) => [result, measureOf(`results.${result}`)] as const);

/**
 * Divides what was counted.
 * @param money undefined where the filters say nothing about incidents
 * @param provisional people warned in the period are still watched
 * @throws Problem `amount-too-large`
 */
export function figuresOf(tally: Tally, money: MoneyTally | undefined, provisional: boolean): Figures {
  const { cases } = tally;
  const received = cases.of(RECEIVED);
  const rates = Object.fromEntries(
    RATE_MEASURES.map(([field, numerator, denominator]) => [field, rateOf(cases.of(numerator), cases.of(denominator))]),
  ) as Record<RateField, Rate>;
  const { dissuasion, bank, loss } = tally.fen;
  const stopPayment = money && money.fen.stopPayment;
  const { due, done, overdue, inTime, ended } = tally.followUps;
  return {
    received,
    signals: received + tally.joined,
    ...rates,
    defraudedAfterRate: { ...rates.defraudedAfterRate, provisional },
    results: Object.fromEntries(RESULT_MEASURES.map(([result, measure]) => [result, cases.of(measure)])) as Record<
      Result,
      number
    >,
    attempts: { ...tally.attempts },
    interceptedFen: {
      dissuasion: exactFen(dissuasion),
      stopPayment: stopPayment === undefined ? null : exactFen(stopPayment),
      bank: exactFen(bank),
      total: exactFen(dissuasion + bank + (stopPayment ?? 0n)),
    },
    lossFen: exactFen(loss),
    ...(money ? moneyFiguresOf(money) : NO_MONEY),
    urges: tally.urges.made,
    urgeReplyOnTimeRate: rateOf(tally.urges.inTime, tally.urges.ended),
    followUps: { due, done, overdue },
    followUpOnTimeRate: rateOf(inTime, ended),
    ...(Object.fromEntries(
      DURATIONS.map((duration) => [`${duration}Minutes`, percentilesOf(tally, duration)]),
    ) as Record<`${Duration}Minutes`, Percentiles>),
    ...tally.held,
  };
}

const NO_MONEY: MoneyFigures = {
  incidents: null,
  incidentLossFen: null,
  incidentsYoY: null,
  incidentsMoM: null,
  per10k: null,
  stoppedFen: null,
  frozenFen: null,
  controlledFen: null,
  stopRate: null,
  returnedFen: null,
  victimsReturned: null,
  returnShare: null,
};

function moneyFiguresOf({ incidents, incidentLoss, inhabitants, fen: sums, victims }: MoneyTally): MoneyFigures {
  const { period, yearBefore, daysBefore } = incidents;
  const share = (part: bigint, whole: bigint): Rate => rateOf(exactFen(part), exactFen(whole));
  return {
    incidents: period,
    incidentLossFen: exactFen(incidentLoss),
    incidentsYoY: changeOf(period, yearBefore),
    incidentsMoM: changeOf(period, daysBefore),
    per10k: per10kOf(period, inhabitants),
    stoppedFen: exactFen(sums.stopped),
    frozenFen: exactFen(sums.frozen),
    controlledFen: exactFen(sums.controlled),
    stopRate: share(sums.stopped, incidentLoss),
    returnedFen: exactFen(sums.returned),
    victimsReturned: victims,
    returnShare: { flow: share(sums.returned, sums.frozen), stock: share(sums.returnedEver, sums.frozenEver) },
  };
}

function percentilesOf(tally: Tally, duration: Duration): Percentiles {
  const tenths = percentiles(tally.durations[duration], [50, 90]);
  const [p50 = null, p90 = null] = tenths?.map((each) => toldTenths(each) / 10) ?? [];
  return { p50, p90 };
}
