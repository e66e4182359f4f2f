import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Messages to people: whom they reach, what is to be said, and the first SMS to the warned person. */
export class Messages1700000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE policy DROP CONSTRAINT policy_kind_ck,
        ADD CONSTRAINT policy_kind_ck CHECK (kind IN ('clocks', 'ladder', 'review', 'routing', 'messages'));

      -- How far the feed is read. Whoever holds the row plans; any instance can take over.
      CREATE TABLE message_cursor (
        reader text CONSTRAINT message_cursor_pk PRIMARY KEY,
        position text NOT NULL,
        moved_at timestamptz(3) NOT NULL
      );
      GRANT SELECT, INSERT, UPDATE ON message_cursor TO sanji_app;

      CREATE TABLE message_contact (
        id uuid CONSTRAINT message_contact_pk PRIMARY KEY,
        user_id uuid CONSTRAINT message_contact_user_fk REFERENCES user_account,
        agency_id integer CONSTRAINT message_contact_agency_fk REFERENCES agency,
        channel text,
        sealed bytea,
        updated_at timestamptz(3) NOT NULL,
        CONSTRAINT message_contact_user_uq UNIQUE (user_id),
        CONSTRAINT message_contact_agency_uq UNIQUE (agency_id),
        CONSTRAINT message_contact_owner_ck CHECK (num_nonnulls(user_id, agency_id) = 1),
        CONSTRAINT message_contact_given_ck CHECK ((channel IS NULL) = (sealed IS NULL))
      );
      COMMENT ON COLUMN message_contact.sealed IS 'The address. Without it the contact was given up.';
      GRANT SELECT, INSERT, UPDATE ON message_contact TO sanji_app;

      CREATE TABLE message (
        id uuid CONSTRAINT message_pk PRIMARY KEY,
        contact_id uuid NOT NULL CONSTRAINT message_contact_fk REFERENCES message_contact,
        agency_id integer NOT NULL CONSTRAINT message_agency_fk REFERENCES agency,
        channel text NOT NULL,
        status text NOT NULL CONSTRAINT message_status_ck CHECK (status IN ('waiting', 'delivered', 'failed')),
        tries smallint NOT NULL DEFAULT 0,
        next_at timestamptz(3),
        reason text,
        reference text,
        created_at timestamptz(3) NOT NULL,
        ended_at timestamptz(3),
        CONSTRAINT message_waiting_ck CHECK ((status = 'waiting') = (next_at IS NOT NULL)),
        CONSTRAINT message_ended_ck CHECK ((status = 'waiting') = (ended_at IS NULL))
      );
      COMMENT ON COLUMN message.next_at IS 'When it is tried next; while a try is under way, when another instance may think it lost.';
      CREATE INDEX message_next_ix ON message (next_at) WHERE next_at IS NOT NULL;
      CREATE INDEX message_throttle_ix ON message (contact_id, created_at);
      CREATE INDEX message_ended_ix ON message (ended_at) WHERE ended_at IS NOT NULL;
      GRANT SELECT, INSERT, UPDATE, DELETE ON message TO sanji_app;

      -- One thing that somebody is to be told. Several become one message.
      CREATE TABLE message_line (
        contact_id uuid NOT NULL CONSTRAINT message_line_contact_fk REFERENCES message_contact,
        case_id uuid NOT NULL,
        seq integer NOT NULL,
        agency_id integer NOT NULL CONSTRAINT message_line_agency_fk REFERENCES agency,
        alert_no text NOT NULL,
        type text NOT NULL,
        clock text,
        due_at timestamptz(3),
        planned_at timestamptz(3) NOT NULL,
        message_id uuid CONSTRAINT message_line_message_fk REFERENCES message ON DELETE CASCADE,
        CONSTRAINT message_line_pk PRIMARY KEY (contact_id, case_id, seq),
        CONSTRAINT message_line_event_fk FOREIGN KEY (case_id, seq) REFERENCES event
      );
      CREATE INDEX message_line_waiting_ix ON message_line (contact_id, planned_at) WHERE message_id IS NULL;
      CREATE INDEX message_line_message_ix ON message_line (message_id) WHERE message_id IS NOT NULL;
      GRANT SELECT, INSERT, UPDATE, DELETE ON message_line TO sanji_app;

      -- The first SMS to the warned person, once an alert. The number and the text are never here.
      CREATE TABLE first_sms (
        alert_id uuid CONSTRAINT first_sms_pk PRIMARY KEY CONSTRAINT first_sms_alert_fk REFERENCES alert,
        status text NOT NULL CONSTRAINT first_sms_status_ck CHECK (status IN ('planned', 'claimed', 'recorded', 'skipped')),
        planned_at timestamptz(3) NOT NULL,
        claimed_at timestamptz(3),
        agency_id integer CONSTRAINT first_sms_agency_fk REFERENCES agency,
        hop smallint,
        delivered boolean,
        reason text,
        reference text,
        ended_at timestamptz(3),
        CONSTRAINT first_sms_claimed_ck CHECK (status NOT IN ('claimed', 'recorded') OR (claimed_at IS NOT NULL AND agency_id IS NOT NULL AND hop IS NOT NULL)),
        CONSTRAINT first_sms_recorded_ck CHECK ((status = 'recorded') = (delivered IS NOT NULL)),
        CONSTRAINT first_sms_ended_ck CHECK ((status IN ('recorded', 'skipped')) = (ended_at IS NOT NULL))
      );
      COMMENT ON COLUMN first_sms.agency_id IS 'Who held the case when it was sent: the attempt is credited there.';
      CREATE INDEX first_sms_planned_ix ON first_sms (planned_at) WHERE status = 'planned';
      CREATE INDEX first_sms_claimed_ix ON first_sms (claimed_at) WHERE status = 'claimed';
      CREATE INDEX first_sms_ended_ix ON first_sms (ended_at) WHERE ended_at IS NOT NULL;
      GRANT SELECT, INSERT, UPDATE, DELETE ON first_sms TO sanji_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE first_sms, message_line, message, message_contact, message_cursor;
      DELETE FROM policy WHERE kind = 'messages';
      ALTER TABLE policy DROP CONSTRAINT policy_kind_ck,
        ADD CONSTRAINT policy_kind_ck CHECK (kind IN ('clocks', 'ladder', 'review', 'routing'));
    `);
  }
}
