import { incidentItem, type Opening } from './counted.item.js';
import type { FundCount, FundSum } from './fund.tally.js';
import { BALANCES, BANK, countsOf, entriesWithOrigin, INCIDENT_KINDS, WHAT_OF_INCIDENT } from './funds-report.view.js';
import { INDICATORS } from './indicators.js';
import { actedEver, actedIn, entriesOf } from './money.facts.js';
import { ENTRY, openingOf } from './tier-report.openings.js';

/** How a number of the funds report is opened. @param key a bank, of numbers of banks */
type Open = (key: string | undefined) => Opening;

/** Banks that are told by name; the numbers of the others are those of the rest. */
export const OTHERS = 'banks.others.';

const tierReport =
  (indicator: string): Open =>
  () =>
    openingOf(INDICATORS[indicator]!);

/** Entries of incidents in the period that are one of these. */
const entries =
  (...sums: FundSum[]): Open =>
  () => ({
    of: 'acts',
    select: (scope, values) =>
      `${incidentItem('e.id', ENTRY)}
       FROM ${entriesWithOrigin(`${entriesOf(scope, INCIDENT_KINDS, values)} AND ${actedIn(scope, values)}`)}
       WHERE (${WHAT_OF_INCIDENT}) = ANY(${values.add(sums)}::text[])`,
  });

/** What is stopped or frozen on each account: all that came in less all that went out; shown by what came in first. */
const balance =
  (of: 'stopped' | 'frozen'): Open =>
  () => ({
    of: 'acts',
    select: (scope, values) => {
      const signs = Object.entries(BALANCES).filter(([, [where]]) => where === of);
      const signed = `CASE what ${signs.map(([sum, [, sign]]) => `WHEN '${sum}' THEN ${sign} * amount_fen`).join(' ')} END`;
      const first = (what: string): string => `(array_agg(${what} ORDER BY at, id))[1]`;
      return `${incidentItem('e.id', ENTRY)} FROM (
        SELECT account_id, ${first('id')} AS id, ${first('case_id')} AS case_id, ${first('agency_id')} AS agency_id,
          ${first('at')} AS at, '${of}' AS kind, sum(${signed})::bigint AS amount_fen
        FROM (SELECT e.*, ${WHAT_OF_INCIDENT} AS what
          FROM ${entriesWithOrigin(`${entriesOf(scope, INCIDENT_KINDS, values)} AND ${actedEver(scope, values)}`)}) e
        WHERE what = ANY(${values.add(signs.map(([sum]) => sum))}::text[])
        GROUP BY account_id HAVING sum(${signed}) <> 0) e`;
    },
  });

const count =
  (what: FundCount): Open =>
  () => ({
    of: 'acts',
    select: (scope, values) => {
      const { shown, from, agency, where } = countsOf(scope, values).find((each) => each.what === what)!;
      const { itemId, ...facts } = shown;
      return `${incidentItem(itemId, { ...facts, agencyId: agency })} FROM ${from} WHERE ${where()}`;
    },
  });

const ofBank =
  (kind: 'stopped' | 'frozen'): Open =>
  (bank) => ({
    of: 'acts',
    select: (scope, values) =>
      `${incidentItem('e.id', ENTRY)}
       FROM ${entriesWithOrigin(`${entriesOf(scope, [kind], values)} AND ${actedIn(scope, values)}`)}
       ${bank === undefined ? '' : `WHERE ${BANK} = ${values.add(bank)}`}`,
  });

/** Those of all banks but some. */
export function ofOtherBanks(kind: 'stopped' | 'frozen', named: readonly string[]): Opening {
  return {
    of: 'acts',
    select: (scope, values) =>
      `${incidentItem('e.id', ENTRY)}
       FROM ${entriesWithOrigin(`${entriesOf(scope, [kind], values)} AND ${actedIn(scope, values)}`)}
       WHERE ${BANK} <> ALL(${values.add(named)}::text[])`,
  };
}

const rate = (field: string, numerator: Open, denominator: Open): Record<string, Open> => ({
  [field]: denominator,
  [`${field}.numerator`]: numerator,
  [`${field}.denominator`]: denominator,
});

/** Every number of a row by its path; those of banks by what they count. */
export const FUNDS_OPENINGS: Readonly<Record<string, Open>> = {
  stoppedFen: entries('stopped'),
  'stopReleasedFen.expired': entries('stopExpired'),
  'stopReleasedFen.toPayer': entries('stopToPayer'),
  'stopReleasedFen.toHolder': entries('stopToHolder'),
  'stopReleasedFen.toFreeze': entries('stopToFreeze'),
  'stopReleasedFen.total': entries('stopExpired', 'stopToPayer', 'stopToHolder', 'stopToFreeze'),
  frozenFen: entries('frozen'),
  'freezeReleasedFen.lapsed': entries('freezeLapsed'),
  'freezeReleasedFen.released': entries('freezeReleased'),
  'freezeReleasedFen.total': entries('freezeLapsed', 'freezeReleased'),
  returnedFen: entries('returned'),
  'interceptedFen.dissuasion': tierReport('interceptedFen.dissuasion'),
  'interceptedFen.stopPayment': entries('interceptedStopPayment'),
  'interceptedFen.bank': tierReport('interceptedFen.bank'),
  'interceptedFen.total': tierReport('interceptedFen.total'),
  'lostFen.outcomes': tierReport('lossFen'),
  'lostFen.incidents': entries('lostIncidents'),
  'balanceFen.stopped': balance('stopped'),
  'balanceFen.frozen': balance('frozen'),
  'stops.requested': count('stopsRequested'),
  'stops.effective': count('stopsEffective'),
  'stops.refused': count('stopsRefused'),
  ...rate('stopOnTimeRate', count('stopClocksInTime'), count('stopClocksEnded')),
  'freezes.requested': count('freezesRequested'),
  'freezes.effective': count('freezesEffective'),
  'freezes.waiting': count('freezesWaiting'),
  'freezes.lapsed': count('freezesLapsed'),
  'returns.open': count('returnsOpen'),
  'returns.paid': count('returnsPaid'),
  'banks.stoppedFen': ofBank('stopped'),
  'banks.frozenFen': ofBank('frozen'),
  'banks.stops': ofBank('stopped'),
  'banks.freezes': ofBank('frozen'),
};
export const FUNDS_INDICATOR_NAMES = [...Object.keys(FUNDS_OPENINGS), `${OTHERS}stoppedFen`, `${OTHERS}frozenFen`];
