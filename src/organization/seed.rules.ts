import type { AgencyKind, Tier } from './agency.js';
import type { Division, DivisionCatalogue } from './division.catalogue.js';

/** An agency that a city's divisions call for. */
export interface PlannedAgency {
  readonly code: string;
  readonly name: string;
  readonly tier: Tier;
  readonly kind: AgencyKind;
  /** Code of the agency above; null for the city. */
  readonly parent: string | null;
  readonly path: string;
  readonly areas: readonly string[];
}

export interface CityPlan {
  readonly city: PlannedAgency;
  readonly counties: readonly PlannedAgency[];
  readonly townships: readonly PlannedAgency[];
}

/** Rows of level city that are no cities: the districts of a municipality, and (Chongqing) its counties. */
const OF_MUNICIPALITY = /^(市辖区|县)$/;
/** Rows of level city that gather counties and towns which answer to the province. */
const OF_PROVINCE = /直辖县级行政区划$/;

/**
 * The three tiers of a city. A municipality is one city whatever rows it has: Chongqing's 5001 (districts) and 5002
 * (counties) are one centre, 5001, and both codes plan it.
 * @returns undefined where the code is of no city
 */
export function planCity(catalogue: DivisionCatalogue, cityCode: string): CityPlan | undefined {
  const row = catalogue.find(cityCode);
  const province = row && catalogue.find(row.parentCode);
  if (row?.level !== 'city' || !province) return undefined;
  const rows = OF_MUNICIPALITY.test(row.name)
    ? catalogue.below(province.code).filter(({ name }) => OF_MUNICIPALITY.test(name))
    : [row];
  const code = rows[0]!.code;
  const city: PlannedAgency = {
    code,
    name: `${placeOf(rows[0]!, province)}反诈中心`,
    tier: 'city',
    kind: 'centre',
    parent: null,
    path: code,
    areas: rows.map((each) => each.code),
  };
  const counties = rows.flatMap((each) => catalogue.below(each.code)).map((county) => planCounty(city, county));
  const townships = counties.flatMap((county) =>
    catalogue.below(county.code).map((town) => planTownship(county, town)),
  );
  return { city, counties, townships };
}

/** What people call the place that a row of level city stands for. */
function placeOf(city: Division, province: Division): string {
  if (OF_MUNICIPALITY.test(city.name)) return province.name;
  return OF_PROVINCE.test(city.name) ? `${province.name}直辖县级行政区` : city.name;
}

/** Counties, banners and cities of county level have a bureau (公安局); districts and zones a branch of the city's (分局). */
function planCounty(city: PlannedAgency, { code, name }: Division): PlannedAgency {
  const bureau = /[县市旗]$|林区$|特区$/.test(name);
  const place = name.replace(/(管委会|行政委员会)$/, '');
  return {
    code,
    name: `${place}${bureau ? '公安局' : '公安分局'}`,
    tier: 'county',
    kind: bureau ? 'bureau' : 'branch',
    parent: city.code,
    path: `${city.path}/${code}`,
    areas: [code],
  };
}

/** The township itself, whose cadres and grid workers knock; police stations are added beside it by the admin. */
function planTownship(county: PlannedAgency, { code, name }: Division): PlannedAgency {
  return {
    code,
    name,
    tier: 'township',
    kind: 'government',
    parent: county.code,
    path: `${county.path}/${code}`,
    areas: [code],
  };
}
