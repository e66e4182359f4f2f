import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tier report counts planned follow-ups by their time, made or not; nothing reads along when they were made. */
export class FollowUpsByDueTime1700000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX follow_up_done_ix;
      CREATE INDEX follow_up_planned_ix ON follow_up (agency_id, due_at) WHERE due_at IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX follow_up_planned_ix;
      CREATE INDEX follow_up_done_ix ON follow_up (agency_id, done_at) WHERE done_at IS NOT NULL;
    `);
  }
}
