import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Prepared figures: what reports read, kept by a loop of the server from what happened; nothing that exists only here. */
export class ReportCells1700000000014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- One row for each set of cells: the one that reports read, one that is being built, ones that are no longer needed.
      CREATE TABLE report_generation (
        generation integer CONSTRAINT report_generation_pk PRIMARY KEY,
        state text NOT NULL CONSTRAINT report_generation_state_ck CHECK (state IN ('building', 'current', 'old')),
        layout integer NOT NULL,
        time_zone text NOT NULL,
        -- Events up to here are in the cells.
        feed_tx bigint NOT NULL,
        feed_case uuid NOT NULL,
        feed_seq integer NOT NULL,
        -- While it is being built: cases with a lower id are in.
        built_to uuid,
        as_of timestamptz(3) NOT NULL,
        whole boolean NOT NULL,
        begun_at timestamptz(3) NOT NULL,
        ready_at timestamptz(3)
      );
      COMMENT ON COLUMN report_generation.whole IS 'All of the figures are of as_of; otherwise some are of later.';
      COMMENT ON COLUMN report_generation.layout IS 'Of the cells: another program may count other things.';
      CREATE UNIQUE INDEX report_generation_current_uq ON report_generation (state) WHERE state = 'current';
      CREATE UNIQUE INDEX report_generation_building_uq ON report_generation (state) WHERE state = 'building';
      GRANT SELECT, INSERT, UPDATE, DELETE ON report_generation TO sanji_app;

      CREATE TABLE report_case (
        generation integer NOT NULL,
        alert_id uuid NOT NULL,
        image text NOT NULL,
        flip_at timestamptz(3),
        CONSTRAINT report_case_pk PRIMARY KEY (generation, alert_id)
      );
      COMMENT ON COLUMN report_case.image IS 'What the case counts for: see src/report/cells/case.image.ts.';
      COMMENT ON COLUMN report_case.flip_at IS 'When it counts for something else by itself, because a limit runs out.';
      CREATE INDEX report_case_flip_ix ON report_case (generation, flip_at) WHERE flip_at IS NOT NULL;
      GRANT SELECT, INSERT, UPDATE, DELETE ON report_case TO sanji_app;

      CREATE TABLE report_cell (
        generation integer NOT NULL,
        part text NOT NULL CONSTRAINT report_cell_part_ck CHECK (part IN ('row', 'held', 'overlap-county', 'overlap-township')),
        agency_id integer NOT NULL,
        grain text NOT NULL CONSTRAINT report_cell_grain_ck CHECK (grain IN ('day', 'third', 'month', 'year')),
        first_day integer NOT NULL,
        last_day integer NOT NULL,
        received integer NOT NULL,
        accept_on_time_rate_numerator integer NOT NULL,
        accept_on_time_rate_denominator integer NOT NULL,
        contact_on_time_rate_numerator integer NOT NULL,
        contact_on_time_rate_denominator integer NOT NULL,
        visit_rate_numerator integer NOT NULL,
        visit_rate_denominator integer NOT NULL,
        visit_on_time_rate_numerator integer NOT NULL,
        visit_on_time_rate_denominator integer NOT NULL,
        feedback_on_time_rate_numerator integer NOT NULL,
        feedback_on_time_rate_denominator integer NOT NULL,
        dissuasion_rate_numerator integer NOT NULL,
        dissuasion_rate_denominator integer NOT NULL,
        success_rate_numerator integer NOT NULL,
        success_rate_denominator integer NOT NULL,
        defrauded_after_rate_numerator integer NOT NULL,
        defrauded_after_rate_denominator integer NOT NULL,
        fund_success_rate_numerator integer NOT NULL,
        fund_success_rate_denominator integer NOT NULL,
        return_rate_numerator integer NOT NULL,
        return_rate_denominator integer NOT NULL,
        results_dissuaded integer NOT NULL,
        results_partial_loss integer NOT NULL,
        results_already_defrauded integer NOT NULL,
        results_defrauded_after_warning integer NOT NULL,
        results_false_alarm integer NOT NULL,
        results_unreachable integer NOT NULL,
        results_refused integer NOT NULL,
        joined integer NOT NULL,
        attempts_sms integer NOT NULL,
        attempts_call integer NOT NULL,
        attempts_visit integer NOT NULL,
        attempts_visit_reached integer NOT NULL,
        urges_made integer NOT NULL,
        urges_in_time integer NOT NULL,
        urges_ended integer NOT NULL,
        follow_ups_due integer NOT NULL,
        follow_ups_done integer NOT NULL,
        follow_ups_overdue integer NOT NULL,
        follow_ups_in_time integer NOT NULL,
        follow_ups_ended integer NOT NULL,
        held_open integer NOT NULL,
        held_overdue integer NOT NULL,
        held_urged integer NOT NULL,
        fen_dissuasion bigint NOT NULL,
        fen_bank bigint NOT NULL,
        fen_loss bigint NOT NULL,
        durations bytea,
        CONSTRAINT report_cell_pk PRIMARY KEY (generation, part, agency_id, grain, first_day, last_day)
      ) WITH (fillfactor = 80);
      COMMENT ON COLUMN report_cell.first_day IS 'Local day as a number, 20230601; 0 where there is none.';
      COMMENT ON COLUMN report_cell.durations IS 'How often which durations occurred: see src/report/cells/durations.rules.ts.';
      GRANT SELECT, INSERT, UPDATE, DELETE ON report_cell TO sanji_app;

      CREATE INDEX urge_alert_ix ON urge (alert_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX urge_alert_ix;
      DROP TABLE report_cell, report_case, report_generation;
    `);
  }
}
