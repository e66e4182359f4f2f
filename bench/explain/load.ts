import pg from 'pg';
import { IDENTITY_FIELD, PHONE_FIELD } from '../../src/alert/person.rules.js';
import type { Agency } from '../../src/organization/agency.js';
import type { OrganizationSnapshot } from '../../src/organization/organization.snapshot.js';
import type { BlindIndex } from '../../src/platform/crypto/keyring.js';
import { alertsSql, FOLLOWING, helpersSql, type Year } from './generated.js';
import { withoutIndexes } from './indexes.js';

export const KNOWN_PHONE = '13900008848';
export const KNOWN_IDENTITY = '411322196501011234';

const TABLES = ['alert', 'assignment', 'event', 'attempt', 'outcome', 'follow_up'];

/** Fills a migrated database that has a city with a year of its alerts. @returns how many seconds it took */
export async function loadYear(
  url: string,
  count: number,
  organization: OrganizationSnapshot,
  city: Agency,
  blindIndex: BlindIndex,
): Promise<number> {
  const began = performance.now();
  const year = yearOf(count, organization, city, blindIndex);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // Sorting a million keys in memory: only for this connection, only to make indexes.
    await client.query(`SET maintenance_work_mem = '512MB'; SET timezone = 'UTC'`);
    await client.query(helpersSql(year));
    await withoutIndexes(client, TABLES, () => fill(client, year));
    await client.query(`VACUUM (ANALYZE) ${TABLES.join(', ')}`);
    await client.query('CHECKPOINT');
  } finally {
    await client.end();
  }
  return (performance.now() - began) / 1_000;
}

async function fill(client: pg.Client, year: Year): Promise<void> {
  const { cityId, townships, known, end } = year;
  const now = new Date(end).toISOString();
  await client.query(alertsSql(year), [
    cityId,
    townships.ids,
    townships.countyIds,
    townships.codes,
    known.phoneIx,
    known.identityIx,
    now,
  ]);
  for (const text of FOLLOWING) await client.query(text, text.includes('$1') ? [now] : []);
}

function yearOf(count: number, organization: OrganizationSnapshot, city: Agency, blindIndex: BlindIndex): Year {
  const townships = organization.subtree(city).filter(({ tier }) => tier === 'township');
  return {
    count,
    end: Date.now(),
    cityId: city.id,
    townships: {
      ids: townships.map(({ id }) => id),
      countyIds: townships.map(({ parentId }) => parentId!),
      codes: townships.map(({ code }) => code),
    },
    known: {
      phoneIx: blindIndex.of(PHONE_FIELD, KNOWN_PHONE),
      identityIx: blindIndex.of(IDENTITY_FIELD, KNOWN_IDENTITY),
    },
  };
}
