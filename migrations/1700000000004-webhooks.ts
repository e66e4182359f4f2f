import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Webhooks: who is told of what happens, and what is still to be told (src/webhook). */
export class Webhooks1700000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE webhook (
        id uuid CONSTRAINT webhook_pk PRIMARY KEY,
        agency_id integer NOT NULL CONSTRAINT webhook_agency_fk REFERENCES agency,
        url text NOT NULL CONSTRAINT webhook_url_ck CHECK (length(url) BETWEEN 1 AND 2048),
        types text[] NOT NULL CONSTRAINT webhook_types_ck CHECK (cardinality(types) > 0),
        active boolean NOT NULL DEFAULT true,
        sealed_secret bytea NOT NULL,
        sealed_old_secret bytea,
        old_secret_until timestamptz(3),
        begin_tx bigint NOT NULL DEFAULT feed_offset() + pg_current_xact_id()::text::bigint,
        failures integer NOT NULL DEFAULT 0 CONSTRAINT webhook_failures_ck CHECK (failures >= 0),
        failing_since timestamptz(3),
        paused_until timestamptz(3),
        created_at timestamptz(3) NOT NULL,
        created_by uuid,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT webhook_old_secret_ck CHECK ((sealed_old_secret IS NULL) = (old_secret_until IS NULL)),
        CONSTRAINT webhook_failing_ck CHECK ((failures > 0) = (failing_since IS NOT NULL))
      );
      COMMENT ON COLUMN webhook.begin_tx IS 'It is told of what later transactions wrote: those since it was made, or made active again.';
      COMMENT ON COLUMN webhook.failures IS 'Attempts that failed since the last one that did not.';
      CREATE INDEX webhook_agency_ix ON webhook (agency_id);
      GRANT SELECT, INSERT, UPDATE, DELETE ON webhook TO sanji_app;

      CREATE TABLE webhook_cursor (
        single boolean CONSTRAINT webhook_cursor_pk PRIMARY KEY DEFAULT true CONSTRAINT webhook_cursor_single_ck CHECK (single),
        tx bigint NOT NULL,
        case_id uuid NOT NULL,
        seq integer NOT NULL
      );
      COMMENT ON TABLE webhook_cursor IS 'How far the feed has been turned into deliveries: moved in the transaction that inserts them.';
      INSERT INTO webhook_cursor (tx, case_id, seq)
        VALUES (feed_offset() + pg_current_xact_id()::text::bigint, '00000000-0000-0000-0000-000000000000', 0);
      GRANT SELECT, UPDATE ON webhook_cursor TO sanji_app;

      CREATE TABLE webhook_delivery (
        webhook_id uuid NOT NULL CONSTRAINT webhook_delivery_webhook_fk REFERENCES webhook ON DELETE CASCADE,
        id uuid NOT NULL,
        case_id uuid NOT NULL,
        seq integer NOT NULL,
        type text NOT NULL,
        body text NOT NULL,
        status text NOT NULL CONSTRAINT webhook_delivery_status_ck CHECK (status IN ('pending', 'delivered', 'parked')),
        created_at timestamptz(3) NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        first_attempt_at timestamptz(3),
        last_attempt_at timestamptz(3),
        next_attempt_at timestamptz(3) NOT NULL,
        lease uuid,
        lease_until timestamptz(3),
        last_result text,
        ended_at timestamptz(3),
        CONSTRAINT webhook_delivery_pk PRIMARY KEY (webhook_id, id),
        CONSTRAINT webhook_delivery_event_uq UNIQUE (webhook_id, case_id, seq),
        CONSTRAINT webhook_delivery_ended_ck CHECK ((status = 'pending') = (ended_at IS NULL)),
        CONSTRAINT webhook_delivery_lease_ck CHECK ((lease IS NULL) = (lease_until IS NULL)),
        CONSTRAINT webhook_delivery_leased_ck CHECK (status = 'pending' OR lease IS NULL)
      );
      COMMENT ON COLUMN webhook_delivery.body IS 'The bytes that are signed and sent, every time the same. No personal data.';
      CREATE INDEX webhook_delivery_pending_ix ON webhook_delivery (webhook_id, next_attempt_at, id) WHERE status = 'pending';
      CREATE INDEX webhook_delivery_lane_ix ON webhook_delivery (webhook_id, case_id, seq) WHERE status = 'pending';
      CREATE INDEX webhook_delivery_age_ix ON webhook_delivery (created_at) WHERE status = 'pending';
      CREATE INDEX webhook_delivery_leased_ix ON webhook_delivery (webhook_id) WHERE lease IS NOT NULL;
      CREATE INDEX webhook_delivery_parked_ix ON webhook_delivery (webhook_id, id) WHERE status = 'parked';
      CREATE INDEX webhook_delivery_delivered_ix ON webhook_delivery (ended_at) WHERE status = 'delivered';
      GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_delivery TO sanji_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE webhook_delivery, webhook_cursor, webhook');
  }
}
