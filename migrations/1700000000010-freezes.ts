import type { MigrationInterface, QueryRunner } from 'typeorm';

/** 冻结: asked for, approved by another person, held by the bank, renewed, ended. */
export class Freezes1700000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE fund_freeze (
        id uuid CONSTRAINT fund_freeze_pk PRIMARY KEY,
        incident_id uuid NOT NULL CONSTRAINT fund_freeze_incident_fk REFERENCES incident,
        city_id integer NOT NULL CONSTRAINT fund_freeze_city_fk REFERENCES agency,
        account_id uuid NOT NULL CONSTRAINT fund_freeze_account_fk REFERENCES fund_account,
        stop_id uuid CONSTRAINT fund_freeze_stop_fk REFERENCES stop_payment,
        bank text NOT NULL,
        sealed bytea,
        amount_fen bigint NOT NULL CONSTRAINT fund_freeze_amount_ck CHECK (amount_fen BETWEEN 1 AND 9007199254740991),
        from_on date NOT NULL,
        until_on date NOT NULL,
        agency_id integer NOT NULL CONSTRAINT fund_freeze_agency_fk REFERENCES agency,
        held_by integer[] NOT NULL,
        requested_at timestamptz(3) NOT NULL,
        requested_by uuid,
        approver_tier text NOT NULL CONSTRAINT fund_freeze_approver_tier_ck CHECK (approver_tier IN ('county', 'city')),
        named_approver uuid,
        status text NOT NULL CONSTRAINT fund_freeze_status_ck CHECK (status IN
          ('requested', 'rejected', 'approved', 'waiting', 'refused', 'effective', 'lapsed', 'released')),
        approved_at timestamptz(3),
        approved_by uuid,
        waiting_since timestamptz(3),
        effective_at timestamptz(3),
        frozen_fen bigint CONSTRAINT fund_freeze_frozen_fen_ck CHECK (frozen_fen BETWEEN 0 AND 9007199254740991),
        unrelated_at timestamptz(3),
        release_due_at timestamptz(3),
        ended_at timestamptz(3),
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT fund_freeze_period_ck CHECK (until_on >= from_on),
        CONSTRAINT fund_freeze_four_eyes_ck CHECK (approved_by <> requested_by AND named_approver <> requested_by),
        -- A request that nobody decided lapses with its last day.
        CONSTRAINT fund_freeze_approved_ck CHECK ((approved_at IS NULL OR status NOT IN ('requested', 'rejected'))
          AND (approved_at IS NOT NULL OR status IN ('requested', 'rejected', 'lapsed'))),
        CONSTRAINT fund_freeze_effective_ck CHECK ((effective_at IS NULL) = (frozen_fen IS NULL)
          AND (status <> 'effective' OR effective_at IS NOT NULL)),
        CONSTRAINT fund_freeze_ended_ck CHECK ((status IN ('rejected', 'refused', 'lapsed', 'released')) = (ended_at IS NOT NULL)),
        CONSTRAINT fund_freeze_unrelated_ck CHECK ((unrelated_at IS NULL) = (release_due_at IS NULL))
      );
      COMMENT ON COLUMN fund_freeze.sealed IS 'The holder''s name.';
      COMMENT ON COLUMN fund_freeze.until_on IS 'The last local day of the freeze: it lapses when the next one begins.';
      COMMENT ON COLUMN fund_freeze.held_by IS 'Agencies that see it beside those of its incident: those whose victims claim from it.';
      -- One freeze at a time holds an account; others wait in line.
      CREATE UNIQUE INDEX fund_freeze_effective_uq ON fund_freeze (account_id) WHERE status = 'effective';
      -- One freeze follows a stop-payment; what ended before it held anything does not count.
      CREATE UNIQUE INDEX fund_freeze_stop_uq ON fund_freeze (stop_id)
        WHERE stop_id IS NOT NULL AND (ended_at IS NULL OR effective_at IS NOT NULL);
      CREATE INDEX fund_freeze_waiting_ix ON fund_freeze (account_id, waiting_since, id) WHERE status = 'waiting';
      CREATE INDEX fund_freeze_incident_ix ON fund_freeze (incident_id, id);
      CREATE INDEX fund_freeze_city_ix ON fund_freeze (city_id, id DESC);
      CREATE INDEX fund_freeze_agency_ix ON fund_freeze (agency_id, effective_at);
      CREATE INDEX fund_freeze_until_ix ON fund_freeze (city_id, until_on, id) WHERE status = 'effective';
      CREATE INDEX fund_freeze_requested_ix ON fund_freeze (city_id, id) WHERE status = 'requested';
      GRANT SELECT, INSERT, UPDATE (from_on, until_on, held_by, approver_tier, status, approved_at, approved_by, waiting_since, effective_at,
        frozen_fen, unrelated_at, release_due_at, ended_at, version, sealed) ON fund_freeze TO sanji_app;

      CREATE TABLE freeze_renewal (
        id uuid CONSTRAINT freeze_renewal_pk PRIMARY KEY,
        freeze_id uuid NOT NULL CONSTRAINT freeze_renewal_freeze_fk REFERENCES fund_freeze,
        from_on date NOT NULL,
        until_on date NOT NULL,
        asked_at timestamptz(3) NOT NULL,
        asked_by uuid,
        approver_tier text NOT NULL CONSTRAINT freeze_renewal_tier_ck CHECK (approver_tier IN ('county', 'city')),
        decision text CONSTRAINT freeze_renewal_decision_ck CHECK (decision IN ('approve', 'reject', 'late')),
        decided_at timestamptz(3),
        decided_by uuid,
        CONSTRAINT freeze_renewal_decided_ck CHECK ((decision IS NULL) = (decided_at IS NULL)),
        CONSTRAINT freeze_renewal_four_eyes_ck CHECK (decided_by <> asked_by),
        CONSTRAINT freeze_renewal_period_ck CHECK (until_on >= from_on)
      );
      CREATE UNIQUE INDEX freeze_renewal_waiting_uq ON freeze_renewal (freeze_id) WHERE decision IS NULL;
      CREATE INDEX freeze_renewal_freeze_ix ON freeze_renewal (freeze_id, id);
      GRANT SELECT, INSERT, UPDATE (decision, decided_at, decided_by) ON freeze_renewal TO sanji_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE freeze_renewal, fund_freeze`);
  }
}
