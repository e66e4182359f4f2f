import type { CardRules } from '../organization/ranking-policy.js';
import { rateOf } from '../report/rate.rules.js';
import type { Card, CardCommand, CardKind, CardStatus, Ground, Proposal, Standing } from './card.js';
import { addMonths, addQuarters, monthsBetween, quarterOf, type Month } from './month.rules.js';
import type { Counts, RankedUnit, UnitFigures } from './ranking.js';
import { countRanked, exceeds, worst } from './ranking.rules.js';

/** As much of the standings of a month or quarter as cards need. */
export interface Ranked {
  /** A month or quarter. */
  readonly name: string;
  readonly units: readonly RankedUnit[];
  readonly figures: readonly UnitFigures[];
  readonly cityDefrauded: Counts;
}

/** As much of a card as later ones are made of. */
export type EarlierCard = Pick<Card, 'id' | 'kind' | 'month' | 'status' | 'restsOn'>;

/** A third of the ranked units, parts dropped. */
const thirdOf = (units: readonly RankedUnit[]): number => Math.floor(countRanked(units) / 3);

/**
 * 通报 and 黄牌 of a month, by the unit's code. Only units with a rank get any.
 * @param months the month first, then those before it, as many as `yellowMonths`
 */
export function cardsOfMonth(months: readonly Ranked[], rules: CardRules): Map<string, Proposal[]> {
  const month = months[0]!;
  const due = new Map<string, Proposal[]>();
  const propose = (code: string, kind: CardKind, grounds: Ground[]): void => {
    due.set(code, [...(due.get(code) ?? []), { kind, month: month.name, grounds, restsOn: [] }]);
  };
  for (const { code } of worst(month.units, Math.floor((countRanked(month.units) * rules.noticePercent) / 100))) {
    propose(code, 'notice', [ground('worst-percent', [standingOf(month, code)])]);
  }
  const running = months
    .slice(0, rules.yellowMonths)
    .map(({ units }) => codesOf(worst(units, Math.min(rules.yellowWorst, thirdOf(units)))));
  for (const { code, rank } of month.units) {
    if (rank === null) continue;
    const grounds: Ground[] = [];
    if (running.length === rules.yellowMonths && running.every((codes) => codes.has(code))) {
      const standings = months.slice(0, rules.yellowMonths).map((each) => standingOf(each, code));
      grounds.push(ground('worst-months', standings));
    }
    const rate = month.figures.find((unit) => unit.code === code)!.rates.defraudedAfterRate;
    if (rules.yellowTimes > 0 && exceeds(rate, rules.yellowTimes, month.cityDefrauded)) {
      grounds.push({
        ...ground('defrauded-after', [standingOf(month, code)]),
        rate: rateOf(rate.numerator, rate.denominator),
        cityRate: rateOf(month.cityDefrauded.numerator, month.cityDefrauded.denominator),
      });
    }
    if (grounds.length > 0) propose(code, 'yellow', grounds);
  }
  return due;
}

/**
 * 红牌, 约谈 and 挂牌整治 of a unit and month: what follows from cards that were confirmed. A month has a red only where it
 * has a yellow; a yellow counts for one red; reds from before a delisting count no more.
 * @param cards every card of the unit
 */
export function cardsFollowing(cards: readonly EarlierCard[], month: Month, rules: CardRules): Proposal[] {
  const confirmed = cards.filter(({ status }) => isConfirmed(status));
  const proposals: Proposal[] = [];
  const propose = (kind: CardKind, restsOn: readonly EarlierCard[]): void => {
    if (cards.some((card) => card.kind === kind && card.month === month)) return;
    proposals.push({ kind, month, grounds: [ground('cards', [])], restsOn: restsOn.map(({ id }) => id) });
  };

  const used = new Set(
    cards.filter(({ kind, status }) => kind === 'red' && status !== 'dismissed').flatMap(({ restsOn }) => restsOn),
  );
  const yellows = confirmed.filter(
    (card) => card.kind === 'yellow' && !used.has(card.id) && within(card.month, month, rules.redMonths),
  );
  if (yellows.some((card) => card.month === month) && yellows.length >= rules.redYellows) propose('red', yellows);

  const red = confirmed.find((card) => card.kind === 'red' && card.month === month);
  if (!red) return proposals;
  if (rules.talkWithRed) propose('talk', [red]);

  const delisted = latest(confirmed, 'delisted');
  const reds = confirmed.filter((card) => card.kind === 'red' && card.month > (delisted ?? ''));
  const quarters = Array.from({ length: rules.listedQuarters }, (_, back) => addQuarters(quarterOf(month), -back));
  const ofQuarters = quarters.map((quarter) => reds.filter((card) => quarterOf(card.month) === quarter));
  const pending = cards.some(({ kind, status }) => kind === 'listed' && status === 'proposed');
  if (!pending && listedSince(cards) === undefined && ofQuarters.every((some) => some.length > 0)) {
    propose('listed', ofQuarters.flat());
  }
  return proposals;
}

/**
 * 摘牌 of a unit on the list, at the end of a quarter.
 * @param quarters rankings of the quarter that the month ends and of those before it, as many as `delistedQuarters`
 */
export function delisting(
  cards: readonly EarlierCard[],
  code: string,
  month: Month,
  quarters: readonly Ranked[],
): Proposal | undefined {
  const since = listedSince(cards);
  // Whole quarters after the listing: work done before it is not what it called for.
  if (since === undefined || quarters.some(({ name }) => name <= quarterOf(since))) return undefined;
  if (cards.some((card) => card.kind === 'delisted' && card.month === month)) return undefined;
  if (quarters.some(({ units }) => codesOf(worst(units, thirdOf(units))).has(code))) return undefined;
  const listing = cards.filter(({ kind, status }) => kind === 'listed' && isConfirmed(status)).at(-1)!;
  return {
    kind: 'delisted',
    month,
    grounds: [
      ground(
        'recovered',
        quarters.map((quarter) => standingOf(quarter, code)),
      ),
    ],
    restsOn: [listing.id],
  };
}

/** The month of the listing that still holds; undefined: the unit is not on the list. */
export function listedSince(cards: readonly EarlierCard[]): Month | undefined {
  const confirmed = cards.filter(({ status }) => isConfirmed(status));
  const listed = latest(confirmed, 'listed');
  return listed !== undefined && listed > (latest(confirmed, 'delisted') ?? '') ? listed : undefined;
}

/** Only what a supervisor has confirmed counts. */
export function isConfirmed(status: CardStatus): boolean {
  return status !== 'proposed' && status !== 'dismissed';
}

/** Months for which following cards may be due once a card is confirmed: its own, and later ones that look back at it. */
export function monthsToReview(cards: readonly EarlierCard[], from: Month): Month[] {
  return [...new Set(cards.map(({ month }) => month).filter((month) => month >= from))].sort();
}

/** By whom a command is given: the unit itself, or somebody above it. */
export type Side = 'unit' | 'above';

interface Step {
  readonly from: readonly CardStatus[];
  readonly to: Exclude<CardStatus, 'proposed'>;
  readonly by: Side;
}

/** What may be done with a card, in which state and by whom. */
export const CARD_STEPS: Readonly<Record<CardCommand, Step>> = {
  confirm: { from: ['proposed'], to: 'confirmed', by: 'above' },
  dismiss: { from: ['proposed'], to: 'dismissed', by: 'above' },
  // Again after an answer: the first note need not be enough.
  answer: { from: ['confirmed', 'answered'], to: 'answered', by: 'unit' },
  close: { from: ['answered'], to: 'closed', by: 'above' },
};
/** A 摘牌 asks nothing of the unit: it is closed without an answer. */
const WITHOUT_ANSWER: readonly CardKind[] = ['delisted'];

export function mayStep(command: CardCommand, { kind, status }: Pick<Card, 'kind' | 'status'>): boolean {
  if (command === 'answer' && WITHOUT_ANSWER.includes(kind)) return false;
  if (command === 'close' && WITHOUT_ANSWER.includes(kind)) return status === 'confirmed';
  return CARD_STEPS[command].from.includes(status);
}

/** As long as a mobile phone or longer: a note about a unit has no place for the number of a person … */
const PERSONAL_NUMBER = /\d(?:[ -]?\d){10,}/;
/** … but may name a case: 4113-20230601-000123. */
const CASE_NUMBER = /(?<!\d)\d{4}-\d{8}-\d{6,}(?!\d)/g;

export function namesAPerson(text: string): boolean {
  return PERSONAL_NUMBER.test(text.replace(CASE_NUMBER, ''));
}

function latest(cards: readonly EarlierCard[], kind: CardKind): Month | undefined {
  const months = cards.filter((card) => card.kind === kind).map(({ month }) => month);
  return months.sort().at(-1);
}

/** Whether a month is among the last so many that end with another. */
function within(month: Month, last: Month, months: number): boolean {
  return month > addMonths(last, -months) && monthsBetween(month, last) >= 0;
}

const codesOf = (units: readonly RankedUnit[]): Set<string> => new Set(units.map(({ code }) => code));

function ground(rule: Ground['rule'], standings: Standing[]): Ground {
  return { rule, standings, rate: null, cityRate: null };
}

function standingOf({ name, units }: Ranked, code: string): Standing {
  const unit = units.find((each) => each.code === code);
  return { period: name, rank: unit?.rank ?? null, of: countRanked(units), score: unit?.score ?? null };
}
