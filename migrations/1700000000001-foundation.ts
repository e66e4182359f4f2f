import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The application's role, the key ring, idempotency, organisation and identity.
 * Tables belong to whoever migrates; the application acts as `sanji_app` and is granted what each table allows.
 */
export class Foundation1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sanji_app') THEN
          CREATE ROLE sanji_app NOLOGIN;
        END IF;
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
      END $$;
      -- Where an administrator made the role beforehand and granted it, there is nothing to do, nor the right to do it.
      DO $$ BEGIN
        SET LOCAL ROLE sanji_app;
        RESET ROLE;
      EXCEPTION WHEN insufficient_privilege THEN
        GRANT sanji_app TO CURRENT_USER;
      END $$;
      GRANT USAGE ON SCHEMA public TO sanji_app;
      GRANT SELECT ON schema_migration TO sanji_app;

      CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
      END $$;

      CREATE TABLE key_ring (
        purpose text CONSTRAINT key_ring_pk PRIMARY KEY,
        sealed bytea NOT NULL,
        created_at timestamptz(3) NOT NULL
      );
      GRANT SELECT, INSERT, UPDATE ON key_ring TO sanji_app;

      CREATE TABLE idempotency (
        caller text NOT NULL,
        key text NOT NULL,
        sealed_hash bytea NOT NULL,
        status smallint NOT NULL,
        sealed bytea NOT NULL,
        created_at timestamptz(3) NOT NULL,
        CONSTRAINT idempotency_pk PRIMARY KEY (caller, key)
      );
      CREATE INDEX idempotency_created_ix ON idempotency (created_at);
      GRANT SELECT, INSERT, DELETE ON idempotency TO sanji_app;

      CREATE TABLE serial_counter (
        scope text CONSTRAINT serial_counter_pk PRIMARY KEY,
        last bigint NOT NULL
      );
      GRANT SELECT, INSERT, UPDATE ON serial_counter TO sanji_app;

      CREATE TABLE agency (
        id integer GENERATED ALWAYS AS IDENTITY CONSTRAINT agency_pk PRIMARY KEY,
        code text NOT NULL,
        name text NOT NULL,
        tier text NOT NULL CONSTRAINT agency_tier_ck CHECK (tier IN ('city', 'county', 'township')),
        kind text NOT NULL CONSTRAINT agency_kind_ck CHECK (kind IN ('bureau', 'branch', 'station', 'government', 'centre')),
        parent_id integer CONSTRAINT agency_parent_fk REFERENCES agency,
        city_id integer NOT NULL CONSTRAINT agency_city_fk REFERENCES agency,
        path text NOT NULL,
        active boolean NOT NULL DEFAULT true,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT agency_code_uq UNIQUE (code),
        CONSTRAINT agency_top_ck CHECK ((tier = 'city') = (parent_id IS NULL))
      );
      CREATE INDEX agency_parent_ix ON agency (parent_id);
      CREATE INDEX agency_city_ix ON agency (city_id);
      GRANT SELECT, INSERT, UPDATE ON agency TO sanji_app;
      -- A city is its own city: its id is drawn before its row is written.
      GRANT USAGE ON SEQUENCE agency_id_seq TO sanji_app;

      CREATE TABLE agency_area (
        division_code text NOT NULL CONSTRAINT agency_area_code_ck CHECK (division_code ~ '^[0-9]{4,12}$'),
        tier text NOT NULL,
        agency_id integer NOT NULL CONSTRAINT agency_area_agency_fk REFERENCES agency,
        CONSTRAINT agency_area_pk PRIMARY KEY (division_code, tier)
      );
      CREATE INDEX agency_area_agency_ix ON agency_area (agency_id);
      GRANT SELECT, INSERT, DELETE ON agency_area TO sanji_app;

      CREATE TABLE fraud_type (
        code text CONSTRAINT fraud_type_pk PRIMARY KEY,
        name_zh text NOT NULL,
        name_en text NOT NULL,
        list_year smallint NOT NULL,
        mps_rank smallint,
        older_labels text[] NOT NULL
      );
      GRANT SELECT, INSERT, UPDATE ON fraud_type TO sanji_app;

      CREATE TABLE policy (
        city_id integer NOT NULL CONSTRAINT policy_city_fk REFERENCES agency,
        kind text NOT NULL CONSTRAINT policy_kind_ck CHECK (kind IN ('clocks', 'ladder', 'review', 'routing')),
        valid_from timestamptz(3) NOT NULL,
        document json NOT NULL,
        set_by uuid,
        set_at timestamptz(3) NOT NULL,
        CONSTRAINT policy_pk PRIMARY KEY (city_id, kind, valid_from)
      );
      GRANT SELECT, INSERT ON policy TO sanji_app;

      CREATE TABLE user_account (
        id uuid CONSTRAINT user_account_pk PRIMARY KEY,
        username text NOT NULL CONSTRAINT user_account_username_ck CHECK (username = lower(username)),
        display_name text NOT NULL,
        agency_id integer NOT NULL CONSTRAINT user_account_agency_fk REFERENCES agency,
        roles text[] NOT NULL,
        password_hash text,
        must_change_password boolean NOT NULL DEFAULT false,
        failed_logins smallint NOT NULL DEFAULT 0,
        locked_until timestamptz(3),
        disabled_at timestamptz(3),
        totp_sealed bytea,
        totp_last_step bigint,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT user_account_username_uq UNIQUE (username),
        CONSTRAINT user_account_one_administrator_ck CHECK (
          (('admin' = ANY (roles))::int + ('security' = ANY (roles))::int + ('auditor' = ANY (roles))::int) <= 1
        ),
        CONSTRAINT user_account_administrators_work_no_cases_ck CHECK (
          NOT (roles && ARRAY['admin', 'security', 'auditor'] AND roles && ARRAY['officer', 'supervisor'])
        )
      );
      CREATE INDEX user_account_agency_ix ON user_account (agency_id);
      GRANT SELECT, INSERT, UPDATE ON user_account TO sanji_app;

      CREATE TABLE login_session (
        id uuid CONSTRAINT login_session_pk PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT login_session_user_fk REFERENCES user_account,
        refresh_hash bytea NOT NULL,
        used_hashes bytea[] NOT NULL DEFAULT '{}',
        created_at timestamptz(3) NOT NULL,
        last_used_at timestamptz(3) NOT NULL,
        ended_at timestamptz(3),
        ended_why text
      );
      CREATE INDEX login_session_user_ix ON login_session (user_id) WHERE ended_at IS NULL;
      CREATE INDEX login_session_refresh_ix ON login_session (refresh_hash);
      GRANT SELECT, INSERT, UPDATE, DELETE ON login_session TO sanji_app;

      CREATE TABLE api_key (
        id uuid CONSTRAINT api_key_pk PRIMARY KEY,
        name text NOT NULL,
        hash bytea NOT NULL,
        hint text NOT NULL,
        agency_id integer NOT NULL CONSTRAINT api_key_agency_fk REFERENCES agency,
        roles text[] NOT NULL,
        sources text[] NOT NULL,
        created_by uuid,
        created_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3),
        revoked_at timestamptz(3),
        CONSTRAINT api_key_hash_uq UNIQUE (hash)
      );
      CREATE INDEX api_key_agency_ix ON api_key (agency_id);
      GRANT SELECT, INSERT, UPDATE ON api_key TO sanji_app;

      CREATE TABLE audit_entry (
        id uuid CONSTRAINT audit_entry_pk PRIMARY KEY,
        at timestamptz(3) NOT NULL,
        action text NOT NULL,
        actor_id uuid,
        actor_name text,
        agency_id integer,
        agency_path text NOT NULL,
        object_kind text,
        object_id text,
        request_id text,
        address text,
        data json NOT NULL
      );
      CREATE INDEX audit_entry_path_ix ON audit_entry (agency_path text_pattern_ops, id);
      CREATE INDEX audit_entry_reveal_ix ON audit_entry (actor_id, at) WHERE action = 'alert.revealed';
      GRANT SELECT, INSERT ON audit_entry TO sanji_app;
      CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    // The role is of the whole server, not of this database: it stays.
    await runner.query(`
      DROP TABLE audit_entry, api_key, login_session, user_account, policy, fraud_type, agency_area, agency,
        serial_counter, idempotency, key_ring;
      DROP FUNCTION refuse_change();
      REVOKE SELECT ON schema_migration FROM sanji_app;
      REVOKE USAGE ON SCHEMA public FROM sanji_app;
    `);
  }
}
