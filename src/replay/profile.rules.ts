import { addDays, type LocalDate } from '../platform/clock/local-date.js';
import { published, type PublishedFigures } from './published.figures.js';

/** Incidents of one type of fraud, in percent of all. */
export interface TypeShare {
  /** Code or an older label: what intake understands. */
  readonly fraudType: string;
  readonly incidents: number;
  readonly loss: number;
  /** One of those that the article names; the others are ours. */
  readonly named: boolean;
}

/** What a period is to come to. Money in fen. */
export interface Targets {
  readonly signals: number;
  readonly attempts: number;
  readonly successes: number;
  readonly interceptedFen: number;
  readonly controlledFen: number;
  readonly returnedFen: number;
  readonly incidents: number;
  readonly incidentLossFen: number;
}
export type TargetName = keyof Targets;

/** What was printed of a city and a period, completed where nothing was (docs/decisions/replay.md). */
export interface Profile {
  readonly city: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly targets: Targets;
  readonly types: readonly TypeShare[];
}

/** "At least" is a little more: 3100万余. */
const A_LITTLE_MORE = 1.0002;
const NANYANG = '4113';
const ZHENGZHOU = '4101';
/** Counties of Nanyang, that other cities are measured by. */
const NANYANG_COUNTIES = 15;

/** Nanyang's half-year. Incidents, their losses and types are ours; that five types are 75 % is printed. */
function nanyang(figures: PublishedFigures): Profile {
  const value = (id: string): number => published(figures, id).value;
  const [from, to] = ['2023-01-01', '2023-07-06'];
  return {
    city: NANYANG,
    from,
    to,
    targets: {
      signals: value('NY15') * daysOf(from, to),
      attempts: value('NY16'),
      successes: value('NY17'),
      interceptedFen: value('NY18') * 100,
      controlledFen: value('NY13') * 100,
      returnedFen: Math.round(value('NY14') * A_LITTLE_MORE) * 100,
      incidents: 4_000,
      incidentLossFen: 36_000_000_000,
    },
    types: withOthers(
      [
        ['brushing-rebate', 30, 20],
        ['fake-loan', 13, 10],
        ['fake-customer-service', 12, 13],
        ['fake-investment', 11, 27],
        ['impersonate-acquaintance', 9, 8],
      ],
      [
        'fake-shopping-service',
        'fake-credit-record',
        'impersonate-authority',
        'romance',
        'game-trade',
        'gambling',
        'nude-chat-blackmail',
        'other',
      ],
    ),
  };
}

/** Zhengzhou's year: its table of types, under the names of 2019. Of warnings nothing was printed: there are none. */
function zhengzhou(figures: PublishedFigures): Profile {
  const value = (id: string): number => published(figures, id).value;
  const type = (label: string, id: string): [string, number, number] => [label, value(`${id}a`), value(`${id}b`)];
  return {
    city: ZHENGZHOU,
    from: '2019-01-01',
    to: '2019-12-31',
    targets: {
      signals: 0,
      attempts: 0,
      successes: 0,
      interceptedFen: 0,
      controlledFen: 4_000_000_000,
      returnedFen: Math.round(value('ZZ06') * A_LITTLE_MORE) * 100,
      // "More than", and of 104 every whole percent of the table can be told.
      incidents: Math.round(value('ZZ01') * 1.04),
      incidentLossFen: 48_000_000_000,
    },
    types: withOthers(
      [
        type('兼职刷单', 'ZZ07'),
        type('贷款办卡', 'ZZ08'),
        type('冒充公检法', 'ZZ09'),
        type('网络交友投资赌博', 'ZZ10'),
        type('QQ微信冒充领导、冒充熟人', 'ZZ11'),
      ],
      [
        'fake-shopping-service',
        'fake-customer-service',
        'fake-credit-record',
        'romance',
        'game-trade',
        'gambling',
        'nude-chat-blackmail',
        'other',
      ],
    ),
  };
}

/** What the named types leave goes to the others in equal parts. */
function withOthers(named: readonly (readonly [string, number, number])[], others: readonly string[]): TypeShare[] {
  const left = (at: 1 | 2): number => (100 - named.reduce((sum, each) => sum + each[at], 0)) / others.length;
  return [
    ...named.map(([fraudType, incidents, loss]) => ({ fraudType, incidents, loss, named: true })),
    ...others.map((fraudType) => ({ fraudType, incidents: left(1), loss: left(2), named: false })),
  ];
}

/** Whose figures a city is replayed by: its own, or else Nanyang's. */
export function profileOf(city: string, figures: PublishedFigures): Profile {
  return city === ZHENGZHOU ? zhengzhou(figures) : nanyang(figures);
}

/** Whether the figures of a replay are the ones that were printed. */
export function isPrinted(profile: Profile, city: string, from: LocalDate, to: LocalDate): boolean {
  return profile.city === city && profile.from === from && profile.to === to;
}

/**
 * What a replay is to come to: the profile's figures by the length of the period, the size of the city, and the scale.
 * @param counties of the city
 */
export function targetsOf(
  profile: Profile,
  { city, from, to, scale }: { city: string; from: LocalDate; to: LocalDate; scale: number },
  counties: number,
): Targets {
  const days = daysOf(from, to) / daysOf(profile.from, profile.to);
  const size = city === profile.city ? 1 : counties / NANYANG_COUNTIES;
  return Object.fromEntries(
    Object.entries(profile.targets).map(([name, value]) => [name, Math.round(value * days * size * scale)]),
  ) as unknown as Targets;
}

/** Both ends included. */
export function daysOf(from: LocalDate, to: LocalDate): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000 + 1;
}

export function dayAt(from: LocalDate, index: number): LocalDate {
  return addDays(from, index);
}
