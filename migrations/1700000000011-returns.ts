import type { MigrationInterface, QueryRunner } from 'typeorm';

/** 返还: frozen money back to those it was taken from, and the working days that the bank has for it. */
export class Returns1700000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE holiday (
        day date CONSTRAINT holiday_pk PRIMARY KEY,
        working boolean NOT NULL,
        name text NOT NULL
      );
      COMMENT ON TABLE holiday IS 'Days that differ from the week: public holidays, and weekends that are worked.';
      GRANT SELECT, INSERT, UPDATE, DELETE ON holiday TO sanji_app;

      CREATE TABLE fund_return (
        id uuid CONSTRAINT fund_return_pk PRIMARY KEY,
        freeze_id uuid NOT NULL CONSTRAINT fund_return_freeze_fk REFERENCES fund_freeze,
        incident_id uuid NOT NULL CONSTRAINT fund_return_incident_fk REFERENCES incident,
        account_id uuid NOT NULL CONSTRAINT fund_return_account_fk REFERENCES fund_account,
        city_id integer NOT NULL CONSTRAINT fund_return_city_fk REFERENCES agency,
        agency_id integer NOT NULL CONSTRAINT fund_return_agency_fk REFERENCES agency,
        held_by integer[] NOT NULL,
        status text NOT NULL CONSTRAINT fund_return_status_ck CHECK (status IN
          ('applied', 'proposed', 'returned', 'refused', 'approved', 'notice', 'payable', 'at-bank', 'paid', 'lapsed')),
        proposed_method text NOT NULL CONSTRAINT fund_return_proposed_ck CHECK (proposed_method IN ('direct-single', 'direct-timestamp', 'pro-rata')),
        method text CONSTRAINT fund_return_method_ck CHECK (method IN ('direct-single', 'direct-timestamp', 'pro-rata')),
        frozen_fen bigint NOT NULL CONSTRAINT fund_return_frozen_ck CHECK (frozen_fen BETWEEN 0 AND 9007199254740991),
        inflow_fen bigint NOT NULL CONSTRAINT fund_return_inflow_ck CHECK (inflow_fen BETWEEN 1 AND 9007199254740991),
        residual_fen bigint NOT NULL CONSTRAINT fund_return_residual_ck CHECK (residual_fen BETWEEN 0 AND 9007199254740991),
        round smallint NOT NULL DEFAULT 1,
        applied_at timestamptz(3) NOT NULL,
        applied_by uuid,
        proposed_at timestamptz(3),
        proposed_by uuid,
        decided_at timestamptz(3),
        decided_by uuid,
        published_on date,
        payable_from timestamptz(3),
        officer_one uuid,
        officer_two uuid,
        at_bank_at timestamptz(3),
        payment_due_at timestamptz(3),
        ended_at timestamptz(3),
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT fund_return_four_eyes_ck CHECK (decided_by <> proposed_by),
        CONSTRAINT fund_return_two_officers_ck CHECK (officer_one <> officer_two AND (officer_one IS NULL) = (officer_two IS NULL)
          AND (officer_one IS NULL) = (at_bank_at IS NULL)),
        CONSTRAINT fund_return_notice_ck CHECK (method IS DISTINCT FROM 'pro-rata' OR status NOT IN ('payable', 'at-bank', 'paid')
          OR published_on IS NOT NULL),
        CONSTRAINT fund_return_payable_ck CHECK (status NOT IN ('payable', 'at-bank', 'paid') OR payable_from IS NOT NULL),
        CONSTRAINT fund_return_ended_ck CHECK ((status IN ('refused', 'paid', 'lapsed')) = (ended_at IS NOT NULL))
      );
      CREATE INDEX fund_return_freeze_ix ON fund_return (freeze_id, id);
      CREATE INDEX fund_return_account_ix ON fund_return (account_id) WHERE ended_at IS NULL;
      CREATE INDEX fund_return_incident_ix ON fund_return (incident_id, id);
      CREATE INDEX fund_return_city_ix ON fund_return (city_id, id DESC);
      CREATE INDEX fund_return_open_ix ON fund_return (city_id, status, id) WHERE ended_at IS NULL;
      GRANT SELECT, INSERT, UPDATE ON fund_return TO sanji_app;

      CREATE TABLE return_claim (
        id uuid CONSTRAINT return_claim_pk PRIMARY KEY,
        return_id uuid NOT NULL CONSTRAINT return_claim_return_fk REFERENCES fund_return,
        no smallint NOT NULL CONSTRAINT return_claim_no_ck CHECK (no > 0),
        incident_id uuid NOT NULL CONSTRAINT return_claim_incident_fk REFERENCES incident,
        transfer_nos smallint[] NOT NULL,
        first_transfer_at timestamptz(3) NOT NULL,
        claim_fen bigint NOT NULL CONSTRAINT return_claim_claim_ck CHECK (claim_fen BETWEEN 1 AND 9007199254740991),
        refunded_fen bigint NOT NULL CONSTRAINT return_claim_refunded_ck CHECK (refunded_fen >= 0 AND refunded_fen < claim_fen),
        return_fen bigint NOT NULL CONSTRAINT return_claim_return_ck CHECK (return_fen BETWEEN 0 AND claim_fen - refunded_fen),
        person_ix bytea NOT NULL,
        payee_ix bytea NOT NULL,
        bank text NOT NULL,
        sealed bytea NOT NULL,
        paid_at timestamptz(3),
        receipt_no text,
        paid_by uuid,
        withdrawn_at timestamptz(3),
        CONSTRAINT return_claim_paid_ck CHECK (num_nulls(paid_at, receipt_no) IN (0, 2)),
        CONSTRAINT return_claim_withdrawn_ck CHECK (withdrawn_at IS NULL OR paid_at IS NULL)
      );
      COMMENT ON COLUMN return_claim.withdrawn_at IS 'Amended: other claims of the return took its place. The ledger may name it.';
      COMMENT ON COLUMN return_claim.sealed IS 'The account that the victim is paid to.';
      COMMENT ON COLUMN return_claim.person_ix IS 'Whose claim it is: distinct victims are counted by it.';
      CREATE UNIQUE INDEX return_claim_no_uq ON return_claim (return_id, no) WHERE withdrawn_at IS NULL;
      CREATE INDEX return_claim_incident_ix ON return_claim (incident_id);
      GRANT SELECT, INSERT, UPDATE (return_fen, paid_at, receipt_no, paid_by, withdrawn_at, sealed) ON return_claim TO sanji_app;

      CREATE TABLE return_objection (
        id uuid CONSTRAINT return_objection_pk PRIMARY KEY,
        return_id uuid NOT NULL CONSTRAINT return_objection_return_fk REFERENCES fund_return,
        round smallint NOT NULL,
        sealed bytea NOT NULL,
        raised_at timestamptz(3) NOT NULL,
        recorded_by uuid,
        decision text CONSTRAINT return_objection_decision_ck CHECK (decision IN ('upheld', 'dismissed')),
        decided_at timestamptz(3),
        decided_by uuid,
        CONSTRAINT return_objection_decided_ck CHECK ((decision IS NULL) = (decided_at IS NULL))
      );
      COMMENT ON COLUMN return_objection.sealed IS 'Who objects, and why.';
      CREATE INDEX return_objection_return_ix ON return_objection (return_id, id);
      GRANT SELECT, INSERT, UPDATE (decision, decided_at, decided_by, sealed) ON return_objection TO sanji_app;

      -- Nothing is paid too early, over what was allotted, or while somebody objects, whatever the program does.
      CREATE FUNCTION guard_return() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        claim return_claim;
        owner fund_return;
        paid bigint;
      BEGIN
        IF NEW.kind <> 'returned' OR NEW.reverses IS NOT NULL THEN RETURN NULL; END IF;
        SELECT * INTO claim FROM return_claim WHERE id = NEW.origin_id;
        SELECT * INTO owner FROM fund_return WHERE id = claim.return_id FOR NO KEY UPDATE;
        IF owner.id IS NULL OR claim.withdrawn_at IS NOT NULL OR owner.status NOT IN ('at-bank', 'paid') OR owner.account_id <> NEW.account_id
            OR NEW.at < owner.payable_from OR NEW.at < owner.at_bank_at
            OR EXISTS (SELECT FROM return_objection WHERE return_id = owner.id AND decision IS NULL) THEN
          RAISE EXCEPTION 'this return may not be paid' USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_return_ck';
        END IF;
        SELECT coalesce(sum(CASE WHEN reverses IS NULL THEN amount_fen ELSE -amount_fen END), 0) INTO paid
          FROM ledger_entry WHERE origin_id = claim.id AND kind = 'returned';
        IF paid > claim.return_fen THEN
          RAISE EXCEPTION 'more than was allotted' USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_return_ck';
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER ledger_entry_return AFTER INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION guard_return();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER ledger_entry_return ON ledger_entry;
      DROP FUNCTION guard_return();
      DROP TABLE return_objection, return_claim, fund_return, holiday;
    `);
  }
}
