import type { MigrationInterface, QueryRunner } from 'typeorm';

/** 紧急止付 of suspects' accounts, and 保护性止付 of the potential victim's own. */
export class StopPayments1700000000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE stop_payment (
        id uuid CONSTRAINT stop_payment_pk PRIMARY KEY,
        incident_id uuid NOT NULL CONSTRAINT stop_payment_incident_fk REFERENCES incident,
        city_id integer NOT NULL CONSTRAINT stop_payment_city_fk REFERENCES agency,
        parent_id uuid CONSTRAINT stop_payment_parent_fk REFERENCES stop_payment,
        level smallint NOT NULL CONSTRAINT stop_payment_level_ck CHECK (level > 0),
        account_id uuid NOT NULL CONSTRAINT stop_payment_account_fk REFERENCES fund_account,
        ordinal smallint CONSTRAINT stop_payment_ordinal_ck CHECK (ordinal BETWEEN 1 AND 2),
        bank text NOT NULL,
        sealed bytea NOT NULL,
        transfer_fen bigint NOT NULL CONSTRAINT stop_payment_transfer_ck CHECK (transfer_fen BETWEEN 1 AND 9007199254740991),
        transfer_at timestamptz(3) NOT NULL,
        agency_id integer NOT NULL CONSTRAINT stop_payment_agency_fk REFERENCES agency,
        requested_at timestamptz(3) NOT NULL,
        requested_by uuid,
        status text NOT NULL CONSTRAINT stop_payment_status_ck
          CHECK (status IN ('requested', 'effective', 'refused', 'expired', 'frozen', 'released')),
        stopped_at timestamptz(3),
        stopped_fen bigint CONSTRAINT stop_payment_stopped_fen_ck CHECK (stopped_fen BETWEEN 0 AND 9007199254740991),
        expires_at timestamptz(3),
        ended_at timestamptz(3),
        released_to text CONSTRAINT stop_payment_released_to_ck CHECK (released_to IN ('payer', 'holder')),
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT stop_payment_level_parent_ck CHECK ((level = 1) = (parent_id IS NULL)),
        CONSTRAINT stop_payment_ordinal_given_ck CHECK ((ordinal IS NULL) = (status = 'refused')),
        CONSTRAINT stop_payment_stopped_ck CHECK (num_nulls(stopped_at, stopped_fen, expires_at) = CASE WHEN status IN ('requested', 'refused') THEN 3 ELSE 0 END),
        -- 48 hours as hours, whatever the calendar says.
        CONSTRAINT stop_payment_length_ck CHECK (expires_at <= stopped_at + interval '48 hours'),
        CONSTRAINT stop_payment_ended_ck CHECK ((status IN ('requested', 'effective')) = (ended_at IS NULL)),
        CONSTRAINT stop_payment_released_ck CHECK ((status = 'released') = (released_to IS NOT NULL))
      );
      COMMENT ON COLUMN stop_payment.sealed IS 'The holder''s name.';
      -- The same account at most twice.
      CREATE UNIQUE INDEX stop_payment_ordinal_uq ON stop_payment (account_id, ordinal) WHERE ordinal IS NOT NULL;
      CREATE INDEX stop_payment_incident_ix ON stop_payment (incident_id, id);
      CREATE INDEX stop_payment_parent_ix ON stop_payment (parent_id) WHERE parent_id IS NOT NULL;
      CREATE INDEX stop_payment_agency_ix ON stop_payment (agency_id, stopped_at);
      CREATE INDEX stop_payment_city_ix ON stop_payment (city_id, id DESC);
      CREATE INDEX stop_payment_expiring_ix ON stop_payment (city_id, expires_at, id) WHERE status = 'effective';
      GRANT SELECT, INSERT, UPDATE (ordinal, status, stopped_at, stopped_fen, expires_at, ended_at, released_to, version, sealed)
        ON stop_payment TO sanji_app;

      CREATE TABLE protection (
        id uuid CONSTRAINT protection_pk PRIMARY KEY,
        alert_id uuid NOT NULL CONSTRAINT protection_alert_fk REFERENCES alert,
        account_ix bytea NOT NULL,
        bank text NOT NULL,
        sealed bytea NOT NULL,
        agency_id integer NOT NULL CONSTRAINT protection_agency_fk REFERENCES agency,
        requested_by uuid,
        status text NOT NULL CONSTRAINT protection_status_ck CHECK (status IN ('effective', 'released', 'expired')),
        starts_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        extended_at timestamptz(3),
        owner_asked_at timestamptz(3),
        owner_due_at timestamptz(3),
        owner_answered_at timestamptz(3),
        owner_answer text CONSTRAINT protection_owner_answer_ck CHECK (owner_answer IN ('release', 'keep')),
        ended_at timestamptz(3),
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT protection_ended_ck CHECK ((status = 'effective') = (ended_at IS NULL)),
        CONSTRAINT protection_length_ck CHECK (expires_at <= starts_at + interval '72 hours'),
        CONSTRAINT protection_owner_ck CHECK ((owner_asked_at IS NULL) = (owner_due_at IS NULL)
          AND (owner_answered_at IS NULL) = (owner_answer IS NULL))
      );
      COMMENT ON COLUMN protection.sealed IS 'The number of the account, and the owner''s reason to ask for its release.';
      CREATE UNIQUE INDEX protection_effective_uq ON protection (alert_id, account_ix) WHERE status = 'effective';
      CREATE INDEX protection_alert_ix ON protection (alert_id, id);
      GRANT SELECT, INSERT, UPDATE (status, expires_at, extended_at, owner_asked_at, owner_due_at, owner_answered_at, owner_answer,
        ended_at, version, sealed) ON protection TO sanji_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE protection, stop_payment`);
  }
}
