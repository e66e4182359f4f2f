import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far a replay of published figures is: a database that holds one holds nothing else. */
export class Replay1700000000016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE replay (
        id smallint CONSTRAINT replay_pk PRIMARY KEY CONSTRAINT replay_one_ck CHECK (id = 1),
        city_code text NOT NULL,
        from_day date NOT NULL,
        to_day date NOT NULL CONSTRAINT replay_period_ck CHECK (to_day >= from_day),
        scale double precision NOT NULL CONSTRAINT replay_scale_ck CHECK (scale > 0 AND scale <= 1),
        seed text NOT NULL,
        next_day date NOT NULL
      );
      COMMENT ON COLUMN replay.next_day IS 'The first day that has not been played to its end.';
      GRANT SELECT, INSERT, UPDATE (next_day) ON replay TO sanji_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE replay');
  }
}
