import type { MigrationInterface, QueryRunner } from 'typeorm';

/** 导出: files that are made in the background, and kept for a while for whoever asked. */
export class Exports1700000000015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE export_job (
        id uuid CONSTRAINT export_job_pk PRIMARY KEY,
        agency_id integer NOT NULL CONSTRAINT export_job_agency_fk REFERENCES agency,
        caller_kind text NOT NULL CONSTRAINT export_job_caller_kind_ck CHECK (caller_kind IN ('user', 'key')),
        created_by uuid NOT NULL,
        report text NOT NULL,
        sealed_query bytea NOT NULL,
        format text NOT NULL CONSTRAINT export_job_format_ck CHECK (format IN ('csv', 'xlsx')),
        state text NOT NULL CONSTRAINT export_job_state_ck
          CHECK (state IN ('queued', 'running', 'completed', 'failed', 'expired')),
        attempts integer NOT NULL DEFAULT 0,
        lease uuid,
        lease_until timestamptz(3),
        rows integer NOT NULL DEFAULT 0,
        expected_rows integer,
        file_name text,
        media_type text,
        bytes bigint,
        sha256 bytea,
        failure text,
        created_at timestamptz(3) NOT NULL,
        started_at timestamptz(3),
        finished_at timestamptz(3),
        expires_at timestamptz(3),
        CONSTRAINT export_job_lease_ck CHECK ((state = 'running') = (lease IS NOT NULL AND lease_until IS NOT NULL)),
        CONSTRAINT export_job_failure_ck CHECK ((state = 'failed') = (failure IS NOT NULL)),
        CONSTRAINT export_job_finished_ck CHECK ((state IN ('completed', 'failed', 'expired')) = (finished_at IS NOT NULL)),
        CONSTRAINT export_job_file_ck CHECK (state <> 'completed' OR
          (file_name IS NOT NULL AND media_type IS NOT NULL AND bytes IS NOT NULL AND sha256 IS NOT NULL AND expires_at IS NOT NULL))
      );
      COMMENT ON COLUMN export_job.sealed_query IS 'People are looked for by their numbers.';
      COMMENT ON COLUMN export_job.lease IS 'Whose turn it is: whoever holds another one has lost the job.';
      CREATE INDEX export_job_unfinished_ix ON export_job (id) WHERE state IN ('queued', 'running');
      CREATE INDEX export_job_own_ix ON export_job (created_by, id DESC);
      CREATE INDEX export_job_expiry_ix ON export_job (expires_at) WHERE state = 'completed';
      GRANT SELECT, INSERT, UPDATE, DELETE ON export_job TO sanji_app;

      -- The file in pieces, so that every instance can send it.
      CREATE TABLE export_chunk (
        job_id uuid NOT NULL CONSTRAINT export_chunk_job_fk REFERENCES export_job ON DELETE CASCADE,
        seq integer NOT NULL CONSTRAINT export_chunk_seq_ck CHECK (seq > 0),
        sealed bytea NOT NULL,
        CONSTRAINT export_chunk_pk PRIMARY KEY (job_id, seq)
      );
      ALTER TABLE export_chunk ALTER COLUMN sealed SET STORAGE EXTERNAL;
      GRANT SELECT, INSERT, DELETE ON export_chunk TO sanji_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE export_chunk, export_job`);
  }
}
