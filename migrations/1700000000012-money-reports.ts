import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the reports on incidents and money need: how many people live where, and a way to the entries of incidents. */
export class MoneyReports1700000000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE agency_population (
        agency_id integer NOT NULL CONSTRAINT agency_population_agency_fk REFERENCES agency,
        year smallint NOT NULL CONSTRAINT agency_population_year_ck CHECK (year BETWEEN 1990 AND 2100),
        population integer NOT NULL CONSTRAINT agency_population_population_ck CHECK (population > 0),
        loaded_at timestamptz(3) NOT NULL,
        CONSTRAINT agency_population_pk PRIMARY KEY (agency_id, year)
      );
      COMMENT ON TABLE agency_population IS 'People living where an agency is responsible, by year: loaded from a file.';
      GRANT SELECT, INSERT, UPDATE (population, loaded_at) ON agency_population TO sanji_app;

      -- Entries of incidents are few beside those of outcomes; their sums are asked for of all time.
      CREATE INDEX ledger_entry_incident_ix ON ledger_entry (agency_id, at) WHERE case_kind = 'incident';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX ledger_entry_incident_ix;
      DROP TABLE agency_population;
    `);
  }
}
