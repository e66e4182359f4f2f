import type { Agency, Tier } from '../../src/organization/agency.js';
import type { FraudType } from '../../src/organization/fraud-type.js';
import { OrganizationSnapshot, type Area } from '../../src/organization/organization.snapshot.js';

/**
 * A small country by paths: `4113`, `4113/411322`, `4113/411322/411322-S01` … each with what it covers.
 * Agencies named in `closed` are not active.
 */
export function snapshotOf(
  areas: Record<string, string[]>,
  closed: string[] = [],
  types: FraudType[] = [],
): OrganizationSnapshot {
  const tiers: Tier[] = ['city', 'county', 'township'];
  const ids = new Map(Object.keys(areas).map((path, index) => [path, index + 1]));
  const agencies = [...ids].map(([path, id]): Agency => {
    const codes = path.split('/');
    return {
      id,
      code: codes.at(-1)!,
      name: `单位${codes.at(-1)}`,
      tier: tiers[codes.length - 1]!,
      kind: 'bureau',
      parentId: ids.get(codes.slice(0, -1).join('/')) ?? null,
      cityId: ids.get(codes[0]!)!,
      path,
      active: !closed.includes(codes.at(-1)!),
      version: 1,
    };
  });
  const covered = [...ids].flatMap(([path, agencyId]) =>
    areas[path]!.map((divisionCode): Area => ({ agencyId, divisionCode })),
  );
  return new OrganizationSnapshot(agencies, covered, types);
}

/** Two counties of Nanyang with townships and two stations, and one county of Zhumadian. */
export const NANYANG = {
  '4113': ['4113'],
  '4113/411322': ['411322'],
  '4113/411322/411322101': ['411322101'],
  '4113/411322/411322102': ['411322102'],
  '4113/411322/411322-S01': ['411322001', '411322002', '411322101005'],
  '4113/411322/411322-S02': ['411322101006'],
  '4113/411327': ['411327'],
  '4113/411327/411327100': ['411327100'],
  '4117': ['4117'],
  '4117/411722': ['411722'],
};
