import type { CityMap, Home } from '../simulation/city.map.js';
import { resident } from '../simulation/people.js';
import type { Random } from '../simulation/random.js';

/** Beginnings of mobile numbers, and as many numbers as each has. */
const PREFIXES = [
  '135',
  '136',
  '137',
  '138',
  '139',
  '150',
  '151',
  '157',
  '158',
  '159',
  '175',
  '182',
  '183',
  '187',
  '188',
  '199',
];
const NUMBERS = 100_000_000;
/** Coprime to the number of numbers: every serial has a number of its own, and neighbours are far apart. */
const STRIDE = 48_271_111n;

/** Serials of people: who reports, who is warned, and for each day whom its desks warn. */
export const SERIALS = { warned: 0, victims: 1_000_000, desks: 2_000_000, deskDay: 1_000_000 };

/** Nobody has another's phone: a signal joins the case that it is meant to join, and no other. */
export function phoneOf(serial: number): string {
  const number = (BigInt(Math.floor(serial / PREFIXES.length)) * STRIDE) % BigInt(NUMBERS);
  return PREFIXES[serial % PREFIXES.length]! + String(number).padStart(8, '0');
}

/** Somebody who lives in a township. */
export function residentOf(
  map: CityMap,
  home: Home,
  serial: number,
  random: Random,
  year: number,
): ReturnType<typeof resident> {
  const county = map.counties.find(({ code }) => code === home.county)!;
  const township = county.townships.find(({ code }) => code === home.township);
  const place = county.name.replace(/公安(?:分)?局$/, '') + (township?.name ?? '');
  return { ...resident(random, home.county, place, year), phone: phoneOf(serial) };
}
