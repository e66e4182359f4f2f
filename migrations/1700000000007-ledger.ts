import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The ledger of money with its accounts, and deadlines that fire by themselves. */
export class Ledger1700000000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE policy DROP CONSTRAINT policy_kind_ck,
        ADD CONSTRAINT policy_kind_ck CHECK (kind IN ('clocks', 'ladder', 'review', 'routing', 'messages', 'funds'));

      -- An account that money went into. Whoever moves its money holds its row: before any case.
      CREATE TABLE fund_account (
        id uuid CONSTRAINT fund_account_pk PRIMARY KEY,
        city_id integer NOT NULL CONSTRAINT fund_account_city_fk REFERENCES agency,
        account_ix bytea NOT NULL,
        sealed bytea NOT NULL,
        CONSTRAINT fund_account_uq UNIQUE (account_ix, city_id)
      );
      COMMENT ON COLUMN fund_account.sealed IS 'The number of the account. Its holder stands with each stop-payment and freeze.';
      GRANT SELECT, INSERT, UPDATE (sealed) ON fund_account TO sanji_app;

      CREATE TABLE ledger_entry (
        id uuid CONSTRAINT ledger_entry_pk PRIMARY KEY,
        city_id integer NOT NULL CONSTRAINT ledger_entry_city_fk REFERENCES agency,
        kind text NOT NULL CONSTRAINT ledger_entry_kind_ck CHECK (kind IN
          ('stopped', 'stop-released', 'frozen', 'freeze-released', 'returned', 'intercepted', 'lost')),
        account_id uuid CONSTRAINT ledger_entry_account_fk REFERENCES fund_account,
        amount_fen bigint NOT NULL CONSTRAINT ledger_entry_amount_ck CHECK (amount_fen BETWEEN 1 AND 9007199254740991),
        at timestamptz(3) NOT NULL,
        case_kind text NOT NULL CONSTRAINT ledger_entry_case_kind_ck CHECK (case_kind IN ('alert', 'incident')),
        case_id uuid NOT NULL,
        agency_id integer NOT NULL CONSTRAINT ledger_entry_agency_fk REFERENCES agency,
        origin_kind text NOT NULL CONSTRAINT ledger_entry_origin_kind_ck
          CHECK (origin_kind IN ('outcome', 'incident', 'stop-payment', 'freeze', 'return-claim')),
        origin_id uuid NOT NULL,
        basis text CONSTRAINT ledger_entry_basis_ck CHECK (basis IN ('dissuasion', 'bank', 'stop-payment')),
        by_user uuid,
        reverses uuid CONSTRAINT ledger_entry_reverses_fk REFERENCES ledger_entry
          CONSTRAINT ledger_entry_reverses_uq UNIQUE,
        recorded_at timestamptz(3) NOT NULL,
        CONSTRAINT ledger_entry_account_given_ck CHECK (account_id IS NOT NULL OR kind IN ('intercepted', 'lost')),
        CONSTRAINT ledger_entry_basis_given_ck CHECK ((kind = 'intercepted') = (basis IS NOT NULL))
      );
      COMMENT ON TABLE ledger_entry IS 'Append-only: a mistake is reversed by a contrary entry. Balances are sums: see src/ledger.';
      CREATE INDEX ledger_entry_account_ix ON ledger_entry (account_id, id) WHERE account_id IS NOT NULL;
      CREATE INDEX ledger_entry_case_ix ON ledger_entry (case_id, id);
      CREATE INDEX ledger_entry_origin_ix ON ledger_entry (origin_id);
      CREATE INDEX ledger_entry_agency_ix ON ledger_entry (agency_id, at);
      CREATE INDEX ledger_entry_city_ix ON ledger_entry (city_id, id DESC);
      GRANT SELECT, INSERT ON ledger_entry TO sanji_app;
      CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE ON ledger_entry
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER ledger_entry_no_truncate BEFORE TRUNCATE ON ledger_entry
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      -- Sums of an account: what was reversed does not count.
      CREATE FUNCTION ledger_balance(account uuid, OUT stopped_fen bigint, OUT frozen_fen bigint) LANGUAGE sql STABLE AS $$
        SELECT coalesce(sum(sign * CASE kind WHEN 'stopped' THEN amount_fen WHEN 'stop-released' THEN -amount_fen ELSE 0 END), 0)::bigint,
          coalesce(sum(sign * CASE kind WHEN 'frozen' THEN amount_fen WHEN 'freeze-released' THEN -amount_fen
            WHEN 'returned' THEN -amount_fen ELSE 0 END), 0)::bigint
        FROM (SELECT kind, amount_fen, CASE WHEN reverses IS NULL THEN 1 ELSE -1 END AS sign
          FROM ledger_entry WHERE account_id = account) entry
      $$;

      -- No balance falls below zero, whoever writes at the same time: entries of an account are made one after the other.
      CREATE FUNCTION guard_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        reversed ledger_entry;
        balance record;
      BEGIN
        IF NEW.account_id IS NOT NULL THEN
          PERFORM FROM fund_account WHERE id = NEW.account_id FOR NO KEY UPDATE;
        END IF;
        IF NEW.reverses IS NOT NULL THEN
          SELECT * INTO reversed FROM ledger_entry WHERE id = NEW.reverses;
          IF reversed.reverses IS NOT NULL OR (reversed.kind, reversed.amount_fen, reversed.case_id, reversed.origin_id, reversed.city_id, reversed.agency_id)
              <> (NEW.kind, NEW.amount_fen, NEW.case_id, NEW.origin_id, NEW.city_id, NEW.agency_id)
              OR reversed.account_id IS DISTINCT FROM NEW.account_id OR reversed.basis IS DISTINCT FROM NEW.basis THEN
            RAISE EXCEPTION 'a reversal is the contrary of the entry that it names'
              USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_reversal_ck';
          END IF;
        END IF;
        IF NEW.account_id IS NOT NULL THEN
          SELECT * INTO balance FROM ledger_balance(NEW.account_id);
          IF balance.stopped_fen < 0 OR balance.frozen_fen < 0 THEN
            RAISE EXCEPTION 'the balance of an account would fall below zero'
              USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_balance_ck';
          END IF;
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER ledger_entry_guard AFTER INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION guard_ledger();

      -- What approved outcomes said before there was a ledger.
      INSERT INTO ledger_entry (id, city_id, kind, amount_fen, at, case_kind, case_id, agency_id, origin_kind, origin_id, basis,
        by_user, recorded_at)
      SELECT gen_random_uuid(), a.city_id, m.kind, m.amount_fen, o.decided_at, 'alert', o.alert_id, o.agency_id, 'outcome', o.id,
        CASE WHEN m.kind = 'intercepted' THEN CASE WHEN o.intercepted_basis = 'bank-blocked' THEN 'bank' ELSE 'dissuasion' END END,
        coalesce(o.decided_by, o.submitted_by), o.decided_at
      FROM outcome o JOIN alert a ON a.id = o.alert_id
        CROSS JOIN LATERAL (VALUES ('intercepted', o.intercepted_fen), ('lost', o.loss_fen)) m(kind, amount_fen)
      WHERE o.decision = 'approve' AND o.voided_at IS NULL AND m.amount_fen > 0;

      -- What is due by itself: an alarm, or the end of what the law allows for a time. Fired once.
      CREATE TABLE deadline (
        id uuid CONSTRAINT deadline_pk PRIMARY KEY,
        kind text NOT NULL,
        subject_id uuid NOT NULL,
        case_id uuid NOT NULL,
        due_at timestamptz(3) NOT NULL,
        fired_at timestamptz(3),
        cancelled_at timestamptz(3),
        CONSTRAINT deadline_ended_ck CHECK (fired_at IS NULL OR cancelled_at IS NULL)
      );
      CREATE UNIQUE INDEX deadline_running_uq ON deadline (subject_id, kind) WHERE fired_at IS NULL AND cancelled_at IS NULL;
      CREATE INDEX deadline_due_ix ON deadline (due_at, id) WHERE fired_at IS NULL AND cancelled_at IS NULL;
      CREATE INDEX deadline_case_ix ON deadline (case_id);
      GRANT SELECT, INSERT, UPDATE (fired_at, cancelled_at) ON deadline TO sanji_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE deadline, ledger_entry, fund_account;
      DROP FUNCTION guard_ledger();
      DROP FUNCTION ledger_balance(uuid);
      DELETE FROM policy WHERE kind = 'funds';
      ALTER TABLE policy DROP CONSTRAINT policy_kind_ck,
        ADD CONSTRAINT policy_kind_ck CHECK (kind IN ('clocks', 'ladder', 'review', 'routing', 'messages'));
    `);
  }
}
