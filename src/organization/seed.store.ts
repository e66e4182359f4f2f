import { Injectable } from '@nestjs/common';
import { statement, type Tx } from '../platform/database/database.js';
import type { FraudType } from './fraud-type.js';
import { DEFAULT_POLICIES, POLICY_KINDS } from './policy.js';
import type { PlannedAgency } from './seed.rules.js';

// Two seeds at once would each find the other's rows missing.
const LOCK = statement('seed.lock', `SELECT pg_advisory_xact_lock(hashtextextended('sanji seed', 0))`);
// A city is its own city, so its id must be known before the row is there.
const INSERT_CITY = statement(
  'seed.insertCity',
  `INSERT INTO agency (id, code, name, tier, kind, parent_id, city_id, path, created_at, updated_at)
   OVERRIDING SYSTEM VALUE
   SELECT fresh.id, $1, $2, 'city', $3, NULL, fresh.id, $4, $5, $5
   FROM (SELECT nextval(pg_get_serial_sequence('agency', 'id'))::integer AS id) fresh
   WHERE NOT EXISTS (SELECT FROM agency WHERE code = $1)
   RETURNING code`,
);
const INSERT_BELOW = statement(
  'seed.insertBelow',
  `INSERT INTO agency (code, name, tier, kind, parent_id, city_id, path, created_at, updated_at)
   SELECT plan.code, plan.name, plan.tier, plan.kind, parent.id, parent.city_id, plan.path, $7, $7
   FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
     AS plan (code, name, tier, kind, parent, path)
   JOIN agency parent ON parent.code = plan.parent
   WHERE NOT EXISTS (SELECT FROM agency WHERE agency.code = plan.code)
   ORDER BY plan.code
   RETURNING code`,
);
const INSERT_AREAS = statement(
  'seed.insertAreas',
  `INSERT INTO agency_area (division_code, tier, agency_id)
   SELECT plan.division, agency.tier, agency.id
   FROM unnest($1::text[], $2::text[]) AS plan (code, division) JOIN agency ON agency.code = plan.code
   ON CONFLICT ON CONSTRAINT agency_area_pk DO NOTHING`,
);
const MISPLACED = statement(
  'seed.misplaced',
  `SELECT agency.code FROM unnest($1::text[], $2::text[]) AS plan (code, path) JOIN agency ON agency.code = plan.code
   WHERE agency.path <> plan.path ORDER BY agency.code LIMIT 5`,
);
const INSERT_POLICIES = statement(
  'seed.insertPolicies',
  `INSERT INTO policy (city_id, kind, valid_from, document, set_by, set_at)
   SELECT agency.id, plan.kind, $4, plan.document::json, NULL, $5
   FROM agency CROSS JOIN unnest($2::text[], $3::text[]) AS plan (kind, document)
   WHERE agency.code = $1
   ON CONFLICT ON CONSTRAINT policy_pk DO NOTHING`,
);
const UPSERT_FRAUD_TYPE = statement(
  'seed.upsertFraudType',
  `INSERT INTO fraud_type AS known (code, name_zh, name_en, list_year, mps_rank, older_labels)
   VALUES ($1, $2, $3, $4, $5, $6)
   ON CONFLICT ON CONSTRAINT fraud_type_pk DO UPDATE SET name_zh = excluded.name_zh, name_en = excluded.name_en,
     list_year = excluded.list_year, mps_rank = excluded.mps_rank, older_labels = excluded.older_labels
   WHERE (known.name_zh, known.name_en, known.list_year, known.mps_rank, known.older_labels)
     IS DISTINCT FROM (excluded.name_zh, excluded.name_en, excluded.list_year, excluded.mps_rank, excluded.older_labels)`,
);

/** Default policies hold from the beginning of time: an alert of last year that is replayed finds its limits. */
const FROM_THE_BEGINNING = new Date(0);

/** Statements of the seed. Each leaves alone what is there: an admin may have renamed, moved areas or closed it. */
@Injectable()
export class SeedStore {
  async lock(tx: Tx): Promise<void> {
    await tx.run(LOCK);
  }

  /** @returns codes of the agencies that were not there */
  async insertCity(tx: Tx, { code, name, kind, path }: PlannedAgency): Promise<string[]> {
    return codesOf(await tx.rows(INSERT_CITY, [code, name, kind, path, tx.now]));
  }

  /** Agencies of one tier, whose parents are there. @returns codes of those that were not there */
  async insertBelow(tx: Tx, plan: readonly PlannedAgency[]): Promise<string[]> {
    const column = (name: keyof PlannedAgency): unknown[] => plan.map((agency) => agency[name]);
    const values = (['code', 'name', 'tier', 'kind', 'parent', 'path'] as const).map(column);
    return codesOf(await tx.rows(INSERT_BELOW, [...values, tx.now]));
  }

  /** What new agencies cover; a division that another agency of the tier covers already stays with that one. */
  async insertAreas(tx: Tx, plan: readonly PlannedAgency[]): Promise<void> {
    const pairs = plan.flatMap(({ code, areas }) => areas.map((area) => [code, area] as const));
    await tx.run(INSERT_AREAS, [pairs.map(([code]) => code), pairs.map(([, area]) => area)]);
  }

  /** @returns codes (five at most) of agencies that stand elsewhere in the organisation than the divisions say */
  async misplaced(tx: Tx, plan: readonly PlannedAgency[]): Promise<string[]> {
    return codesOf(await tx.rows(MISPLACED, [plan.map(({ code }) => code), plan.map(({ path }) => path)]));
  }

  /** @returns how many kinds had no version from the beginning */
  async insertPolicies(tx: Tx, cityCode: string): Promise<number> {
    const documents = POLICY_KINDS.map((kind) => JSON.stringify(DEFAULT_POLICIES[kind]));
    return tx.run(INSERT_POLICIES, [cityCode, POLICY_KINDS, documents, FROM_THE_BEGINNING, tx.now]);
  }

  /** @returns how many types were new or have changed: the list is the product's, not the city's */
  async upsertFraudTypes(tx: Tx, types: readonly FraudType[]): Promise<number> {
    const touched = await Promise.all(
      types.map((type) =>
        tx.run(UPSERT_FRAUD_TYPE, [type.code, type.nameZh, type.nameEn, type.listYear, type.mpsRank, type.olderLabels]),
      ),
    );
    return touched.reduce((sum, count) => sum + count, 0);
  }
}

function codesOf(rows: { code: string }[]): string[] {
  return rows.map(({ code }) => code);
}
