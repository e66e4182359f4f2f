import type { MigrationInterface, QueryRunner } from 'typeorm';

/** 排名, 通报, 红黄牌: what is published about units and institutions, and can never be changed afterwards. */
export class Rankings1700000000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE policy DROP CONSTRAINT policy_kind_ck,
        ADD CONSTRAINT policy_kind_ck
          CHECK (kind IN ('clocks', 'ladder', 'review', 'routing', 'messages', 'funds', 'ranking'));

      -- 通报: one row an edition. The content is the bytes that the hash is of; the database computes it once more.
      CREATE TABLE published_edition (
        id uuid CONSTRAINT published_edition_pk PRIMARY KEY,
        city_id integer NOT NULL CONSTRAINT published_edition_city_fk REFERENCES agency,
        kind text NOT NULL CONSTRAINT published_edition_kind_ck CHECK (kind IN ('ranking', 'tier')),
        tier text NOT NULL CONSTRAINT published_edition_tier_ck CHECK (tier IN ('city', 'county', 'township')),
        month text NOT NULL CONSTRAINT published_edition_month_ck CHECK (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
        edition integer NOT NULL CONSTRAINT published_edition_edition_ck CHECK (edition > 0),
        content bytea NOT NULL,
        hash bytea NOT NULL CONSTRAINT published_edition_hash_ck CHECK (hash = sha256(content)),
        as_of timestamptz(3) NOT NULL,
        published_at timestamptz(3) NOT NULL,
        published_by uuid NOT NULL,
        published_by_name text NOT NULL,
        note text NOT NULL,
        CONSTRAINT published_edition_uq UNIQUE (city_id, kind, tier, month, edition)
      );
      COMMENT ON TABLE published_edition IS 'Append-only: a correction is a new edition of the same month.';
      CREATE INDEX published_edition_city_ix ON published_edition (city_id, id DESC);
      GRANT SELECT, INSERT ON published_edition TO sanji_app;
      CREATE TRIGGER published_edition_append_only BEFORE UPDATE OR DELETE ON published_edition
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER published_edition_no_truncate BEFORE TRUNCATE ON published_edition
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      -- 红黄牌: at most one of a kind for a unit and month, whatever becomes of it.
      CREATE TABLE card (
        id uuid CONSTRAINT card_pk PRIMARY KEY,
        city_id integer NOT NULL CONSTRAINT card_city_fk REFERENCES agency,
        agency_id integer NOT NULL CONSTRAINT card_agency_fk REFERENCES agency,
        month text NOT NULL CONSTRAINT card_month_ck CHECK (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
        kind text NOT NULL CONSTRAINT card_kind_ck
          CHECK (kind IN ('notice', 'yellow', 'red', 'talk', 'listed', 'delisted')),
        status text NOT NULL CONSTRAINT card_status_ck
          CHECK (status IN ('proposed', 'confirmed', 'dismissed', 'answered', 'closed')),
        grounds json NOT NULL,
        rests_on uuid[] NOT NULL,
        proposed_at timestamptz(3) NOT NULL,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT card_once_uq UNIQUE (agency_id, month, kind)
      );
      COMMENT ON COLUMN card.rests_on IS 'Earlier cards of the unit that this one comes of.';
      CREATE INDEX card_city_ix ON card (city_id, id DESC);
      GRANT SELECT, INSERT, UPDATE (status, version) ON card TO sanji_app;

      CREATE TABLE card_event (
        card_id uuid NOT NULL CONSTRAINT card_event_card_fk REFERENCES card,
        seq integer NOT NULL CONSTRAINT card_event_seq_ck CHECK (seq > 0),
        at timestamptz(3) NOT NULL,
        action text NOT NULL CONSTRAINT card_event_action_ck
          CHECK (action IN ('proposed', 'confirmed', 'dismissed', 'answered', 'closed')),
        actor_id uuid,
        actor_name text NOT NULL,
        agency_id integer NOT NULL CONSTRAINT card_event_agency_fk REFERENCES agency,
        text text NOT NULL,
        CONSTRAINT card_event_pk PRIMARY KEY (card_id, seq)
      );
      GRANT SELECT, INSERT ON card_event TO sanji_app;
      CREATE TRIGGER card_event_append_only BEFORE UPDATE OR DELETE ON card_event
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER card_event_no_truncate BEFORE TRUNCATE ON card_event
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      -- Institutions that were warned or suspended: banks' outlets, operators.
      CREATE TABLE institution_notice (
        id uuid CONSTRAINT institution_notice_pk PRIMARY KEY,
        city_id integer NOT NULL CONSTRAINT institution_notice_city_fk REFERENCES agency,
        kind text NOT NULL CONSTRAINT institution_notice_kind_ck CHECK (kind IN ('bank', 'operator', 'other')),
        institution text NOT NULL,
        measure text NOT NULL CONSTRAINT institution_notice_measure_ck CHECK (measure IN ('warned', 'suspended')),
        reason text NOT NULL,
        from_day date NOT NULL,
        until_day date CONSTRAINT institution_notice_until_ck CHECK (until_day >= from_day),
        lifted_at timestamptz(3)
      );
      CREATE INDEX institution_notice_city_ix ON institution_notice (city_id, id DESC);
      GRANT SELECT, INSERT, UPDATE (lifted_at) ON institution_notice TO sanji_app;

      CREATE TABLE institution_notice_event (
        notice_id uuid NOT NULL CONSTRAINT institution_notice_event_notice_fk REFERENCES institution_notice,
        at timestamptz(3) NOT NULL,
        action text NOT NULL CONSTRAINT institution_notice_event_action_ck CHECK (action IN ('issued', 'lifted')),
        actor_id uuid NOT NULL,
        actor_name text NOT NULL,
        text text NOT NULL,
        CONSTRAINT institution_notice_event_pk PRIMARY KEY (notice_id, action)
      );
      GRANT SELECT, INSERT ON institution_notice_event TO sanji_app;
      CREATE TRIGGER institution_notice_event_append_only BEFORE UPDATE OR DELETE ON institution_notice_event
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER institution_notice_event_no_truncate BEFORE TRUNCATE ON institution_notice_event
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE institution_notice_event, institution_notice, card_event, card, published_edition;
      DELETE FROM policy WHERE kind = 'ranking';
      ALTER TABLE policy DROP CONSTRAINT policy_kind_ck,
        ADD CONSTRAINT policy_kind_ck CHECK (kind IN ('clocks', 'ladder', 'review', 'routing', 'messages', 'funds'));
    `);
  }
}
