import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The report of people asks who signed for what in a period: the hops of an agency by when they were signed for. */
export class AcceptancesByTime1700000000017 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX assignment_accepted_ix ON assignment (agency_id, accepted_at) WHERE accepted_at IS NOT NULL;`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX assignment_accepted_ix;`);
  }
}
