import type { MigrationInterface, QueryRunner } from 'typeorm';

/** 警情: somebody reports having been defrauded. */
export class Incidents1700000000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE incident (
        id uuid CONSTRAINT incident_pk PRIMARY KEY,
        incident_no text NOT NULL CONSTRAINT incident_no_uq UNIQUE,
        city_id integer NOT NULL CONSTRAINT incident_city_fk REFERENCES agency,
        source text NOT NULL,
        source_ref text NOT NULL,
        content_hash bytea NOT NULL,
        reported_at timestamptz(3) NOT NULL,
        received_at timestamptz(3) NOT NULL,
        division_code text,
        fraud_type text NOT NULL CONSTRAINT incident_fraud_type_fk REFERENCES fraud_type,
        victim_kind text NOT NULL CONSTRAINT incident_victim_kind_ck CHECK (victim_kind IN ('person', 'organisation')),
        phone_ix bytea,
        identity_ix bytea,
        sealed bytea NOT NULL,
        loss_fen bigint NOT NULL CONSTRAINT incident_loss_ck CHECK (loss_fen BETWEEN 0 AND 9007199254740991),
        status text NOT NULL CONSTRAINT incident_status_ck CHECK (status IN ('reported', 'filed')),
        case_no text,
        filed_at timestamptz(3),
        filed_by uuid,
        agency_id integer NOT NULL CONSTRAINT incident_agency_fk REFERENCES agency,
        credited_id integer NOT NULL CONSTRAINT incident_credited_fk REFERENCES agency,
        held_by integer[] NOT NULL,
        stop_due_at timestamptz(3) NOT NULL,
        stop_met_at timestamptz(3),
        version integer NOT NULL DEFAULT 1,
        event_seq integer NOT NULL,
        event_hash bytea NOT NULL,
        CONSTRAINT incident_source_ref_uq UNIQUE (source_ref, source, city_id),
        CONSTRAINT incident_filed_ck CHECK ((status = 'filed') = (filed_at IS NOT NULL) AND (filed_at IS NULL) = (case_no IS NULL)),
        CONSTRAINT incident_held_ck CHECK (agency_id = ANY (held_by))
      );
      COMMENT ON COLUMN incident.identity_ix IS 'Of the identity number, or of an organisation''s credit code.';
      COMMENT ON COLUMN incident.credited_id IS 'The agency that it was reported to: whose figures it counts in, wherever it goes later.';
      CREATE INDEX incident_phone_ix ON incident (phone_ix, city_id) WHERE phone_ix IS NOT NULL;
      CREATE INDEX incident_identity_ix ON incident (identity_ix, city_id) WHERE identity_ix IS NOT NULL;
      CREATE INDEX incident_city_ix ON incident (city_id, id DESC);
      CREATE INDEX incident_agency_ix ON incident (agency_id, id DESC);
      CREATE INDEX incident_credited_ix ON incident (credited_id, reported_at);
      CREATE INDEX incident_held_by_ix ON incident USING gin (held_by);
      GRANT SELECT, INSERT, UPDATE ON incident TO sanji_app;

      -- The victim's transfers, numbered as they were reported. Account numbers are sealed; their blind indexes find them.
      CREATE TABLE incident_transfer (
        incident_id uuid NOT NULL CONSTRAINT incident_transfer_incident_fk REFERENCES incident,
        no smallint NOT NULL CONSTRAINT incident_transfer_no_ck CHECK (no > 0),
        at timestamptz(3) NOT NULL,
        amount_fen bigint NOT NULL CONSTRAINT incident_transfer_amount_ck CHECK (amount_fen BETWEEN 1 AND 9007199254740991),
        from_ix bytea,
        to_ix bytea,
        sealed bytea NOT NULL,
        CONSTRAINT incident_transfer_pk PRIMARY KEY (incident_id, no)
      );
      CREATE INDEX incident_transfer_to_ix ON incident_transfer (to_ix, incident_id) WHERE to_ix IS NOT NULL;
      GRANT SELECT, INSERT, UPDATE (sealed) ON incident_transfer TO sanji_app;

      -- Warnings of the same person.
      CREATE TABLE incident_alert (
        incident_id uuid NOT NULL CONSTRAINT incident_alert_incident_fk REFERENCES incident,
        alert_id uuid NOT NULL CONSTRAINT incident_alert_alert_fk REFERENCES alert,
        how text NOT NULL CONSTRAINT incident_alert_how_ck CHECK (how IN ('person', 'outcome', 'follow-up')),
        warned boolean NOT NULL,
        linked_at timestamptz(3) NOT NULL,
        CONSTRAINT incident_alert_pk PRIMARY KEY (incident_id, alert_id)
      );
      COMMENT ON COLUMN incident_alert.warned IS 'Somebody had been given the alert when it was linked: the fraud is a failure of the warning.';
      CREATE INDEX incident_alert_alert_ix ON incident_alert (alert_id);
      GRANT SELECT, INSERT ON incident_alert TO sanji_app;

      DROP INDEX audit_entry_reveal_ix;
      CREATE INDEX audit_entry_reveal_ix ON audit_entry (actor_id, at)
        WHERE action IN ('alert.revealed', 'incident.revealed', 'return.revealed');

      ALTER TABLE import_job ADD COLUMN subject text NOT NULL DEFAULT 'alerts'
        CONSTRAINT import_job_subject_ck CHECK (subject IN ('alerts', 'incidents'));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE import_job DROP COLUMN subject;
      DROP INDEX audit_entry_reveal_ix;
      CREATE INDEX audit_entry_reveal_ix ON audit_entry (actor_id, at) WHERE action = 'alert.revealed';
      DROP TABLE incident_alert, incident_transfer, incident;
    `);
  }
}
