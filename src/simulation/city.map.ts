import type { Random } from './random.js';

/** An agency as those who play need to know it. */
export interface Place {
  readonly code: string;
  readonly name: string;
}

/** A city as its officers know it: its counties with their townships, and the fraud types, the most frequent first. */
export interface CityMap {
  readonly code: string;
  readonly counties: readonly (Place & { readonly townships: readonly Place[] })[];
  readonly fraudTypes: readonly string[];
}

/** Where somebody lives: codes of the agencies. */
export interface Home {
  readonly county: string;
  readonly township: string;
}

const HOUR_MS = 3_600_000;
/** Signals by hour of the day, from midnight on: people are called when they are at home or at work, not asleep. */
const HOURS = [7, 5, 3, 3, 3, 5, 13, 25, 46, 74, 88, 82, 56, 52, 66, 76, 76, 66, 52, 58, 66, 52, 32, 15];
/** Residents of Nanyang's counties, in 10,000; counties that are not listed count as small ones. */
const RESIDENTS: Readonly<Record<string, number>> = {
  '411302': 86, '411303': 107, '411321': 55, '411322': 90, '411323': 44, '411324': 85, '411325': 58, '411326': 55,
  '411327': 59, '411328': 110, '411329': 63, '411330': 38, '411371': 21, '411372': 25, '411381': 128,
}; // prettier-ignore
const SMALL = 20;

export function homeIn(map: CityMap, random: Random): Home {
  const county = random.weighted(map.counties.map((each) => [each, weightOf(each)] as const));
  const township = random.pick(county.townships);
  return { county: county.code, township: township.code };
}

/** How many people live in a county against the others. */
export function weightOf(county: Place): number {
  return RESIDENTS[county.code] ?? SMALL;
}

/** Milliseconds from midnight. */
export function momentOfDay(random: Random): number {
  const hour = random.weighted(HOURS.map((weight, at) => [at, weight] as const));
  return Math.floor((hour + random.next()) * HOUR_MS);
}
