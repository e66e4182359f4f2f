import type { SignalBody } from '../intake/intake.dto.js';
import type { RiskLevel } from '../organization/risk.js';
import { homeIn, momentOfDay, type CityMap, type Home } from '../simulation/city.map.js';
import { lureOf, suspectOf, yuanInFen } from '../simulation/lures.js';
import { mobileNumber, resident, type Resident } from '../simulation/people.js';
import type { Random } from '../simulation/random.js';

/** What becomes a warning, and what only whoever plays the day knows of it. */
export interface PlannedSignal {
  /** When it is handed in, milliseconds. */
  readonly at: number;
  readonly body: SignalBody;
  /** Where the person really lives. */
  readonly home: Home;
  /** A trial of the source's: the city takes it back. */
  readonly trial: boolean;
  /** By telephone to the city's centre instead of by the feed. */
  readonly hotline: boolean;
}

export const SOURCES = ['national-platform', 'province-platform', 'telecom-operators', 'bank-centre'] as const;
const HOTLINE = 'hotline-96110';

const RISKS: readonly (readonly [RiskLevel, number])[] = [
  ['urgent', 5],
  ['high', 20],
  ['medium', 35],
  ['low', 40],
];

/** How much of the day is out of the ordinary, as shares of all signals. */
const SHARES = {
  /** The same signal handed in a second time. */
  again: 0.015,
  /** Another signal about a person who was warned of before on this day. */
  samePerson: 0.06,
  /** Not a signal at all: a phone that is none. */
  broken: 0.001,
  withoutDivision: 0.02,
  /** The division is that of another county than where the person lives. */
  wrongDivision: 0.015,
  countyOnly: 0.12,
  trial: 0.003,
  hotline: 0.02,
};

export interface SignalPlan {
  readonly count: number;
  /** The day's first moment, milliseconds. */
  readonly start: number;
  /** `YYYYMMDD`, for source references. */
  readonly day: string;
  readonly map: CityMap;
  readonly random: Random;
}

/** The signals of one day in the order of time: the same for the same seed. */
export function planSignals(plan: SignalPlan): PlannedSignal[] {
  const { count, start, day, random } = plan;
  const moments = Array.from({ length: count }, () => start + momentOfDay(random)).sort((a, b) => a - b);
  const planned: PlannedSignal[] = [];
  for (const [serial, at] of moments.entries()) {
    const before = planned.length > 0 && random.chance(SHARES.again) ? random.pick(planned) : undefined;
    if (before && !before.hotline) planned.push({ ...before, at });
    else planned.push(newSignal(plan, `${day}-${String(serial + 1).padStart(6, '0')}`, at, planned));
  }
  return planned;
}

function newSignal(
  { map, random }: SignalPlan,
  serial: string,
  at: number,
  planned: readonly PlannedSignal[],
): PlannedSignal {
  const former = random.chance(SHARES.samePerson) ? formerOf(planned, random) : undefined;
  const home = former?.home ?? homeIn(map, random);
  const fraudType = random.weighted(map.fraudTypes.map((code, rank) => [code, 0.78 ** rank] as const));
  const lure = lureOf(fraudType);
  const hotline = random.chance(SHARES.hotline);
  const kind = hotline ? 'hotline' : random.weighted(lure.kinds);
  const riskLevel = random.weighted(RISKS);
  const detectedAt = new Date(at - random.integer(20_000, 150_000)).toISOString();
  const trial = !hotline && random.chance(SHARES.trial);
  const subject = former ? former.body.subject : subjectOf(map, home, random, new Date(at).getUTCFullYear());
  const divisionCode = divisionOf(map, home, random);
  const amount = kind === 'fund' || kind === 'bank-counter' || random.chance(0.15);
  const source = hotline ? HOTLINE : sourceOf(kind, random);
  return {
    at,
    home,
    trial,
    hotline,
    body: {
      source,
      sourceRef: `${source === HOTLINE ? 'HL' : source.slice(0, 2).toUpperCase()}-${serial}`,
      detectedAt,
      kind,
      riskLevel,
      fraudType,
      ...(divisionCode === undefined ? {} : { divisionCode }),
      subject: random.chance(SHARES.broken) ? { ...subject, phone: mobileNumber(random).slice(0, 9) } : subject,
      suspect: suspectOf(random, kind),
      ...(amount ? { amountAtRiskFen: yuanInFen(random.lognormal(lure.medianYuan, 1)) } : {}),
      summary: trial ? '测试数据,请勿处置' : random.pick(lure.summaries),
    },
  };
}

/** A warning of the same day, mostly a recent one: who is called once is called again within the hour. */
function formerOf(planned: readonly PlannedSignal[], random: Random): PlannedSignal | undefined {
  const recent = random.chance(0.75) ? planned.slice(-Math.ceil(planned.length * 0.02 + 5)) : planned;
  return recent.length > 0 ? random.pick(recent) : undefined;
}

function subjectOf(map: CityMap, home: PlannedSignal['home'], random: Random, year: number): SignalBody['subject'] {
  const county = map.counties.find(({ code }) => code === home.county)!;
  const township = county.townships.find(({ code }) => code === home.township)!;
  const place = county.name.replace(/公安(?:分)?局$/, '') + township.name;
  const { name, phone, idNumber, address, group }: Resident = resident(random, home.county, place, year);
  // Sources know a phone always, the rest often.
  return {
    phone,
    ...(random.chance(0.9) ? { name } : {}),
    ...(random.chance(0.6) ? { idNumber } : {}),
    ...(random.chance(0.5) ? { address } : {}),
    group,
  };
}

function divisionOf(map: CityMap, home: PlannedSignal['home'], random: Random): string | undefined {
  if (random.chance(SHARES.withoutDivision)) return random.chance(0.5) ? undefined : map.code;
  if (random.chance(SHARES.wrongDivision)) return random.pick(map.counties).code;
  return random.chance(SHARES.countyOnly) ? home.county : home.township;
}

function sourceOf(kind: string, random: Random): string {
  if (kind === 'bank-counter') return 'bank-centre';
  return random.weighted<string>([
    ['national-platform', 6],
    ['province-platform', 3],
    [kind === 'telecom' ? 'telecom-operators' : 'bank-centre', 2],
  ]);
}
