import type { PoolClient } from 'pg';
import { readSignal, type IntakeContext } from '../../src/intake/signal.rules.js';
import type { City } from '../support/city.js';
import { insertCases, insertsOf } from './case.inserts.js';
import { CaseMaker, type CaseRows } from './case.rows.js';
import { sessionOf } from './session.js';
import { Refused } from './transitions.js';

const BY_REFERENCE = {
  name: 'bare.by-reference',
  text: `SELECT id FROM alert WHERE source_ref = $3 AND source = $2 AND city_id + 0 = $1`,
};
const OF_PERSON = {
  name: 'bare.of-person',
  text: `SELECT id, status, ended_at FROM alert WHERE city_id = $1 AND status <> 'merged' AND (phone_ix = $2 OR identity_ix = $3) ORDER BY id`,
};
const ALERT = {
  name: 'bare.alert',
  text: `INSERT INTO alert (id, alert_no, city_id, source, source_ref, content_hash, kind, risk_level, fraud_type, division_code, subject_group,
      phone_ix, identity_ix, sealed, amount_at_risk_fen, detected_at, received_at, status, holder_id, held_by, hop, visit_required, clocks_started_at,
      accept_due_at, call_due_at, visit_due_at, feedback_due_at, next_due_at, event_seq, event_hash)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 'assigned', $18, ARRAY[$18::int], 1, $19, $17, $20, $21, $22,
      $23, $20, 1, $24) ON CONFLICT DO NOTHING`,
};
const HOP = {
  name: 'bare.hop',
  text: `INSERT INTO assignment (alert_id, hop, agency_id, how, first_here, assigned_at, accept_due_at) VALUES ($1, 1, $2, 'intake', true, $3, $4)`,
};
const EVENT = {
  name: 'bare.received',
  text: `INSERT INTO event (case_id, seq, at, type, agency_id, data, hash) VALUES ($1, 1, $2, $3, $4, $5, $6)`,
};

/** Intake without dedupe's consequences: whoever is known already is a fault of the load. */
export class BareIntake {
  private readonly maker: CaseMaker;

  constructor(
    private readonly city: City,
    private readonly context: Omit<IntakeContext, 'now'>,
    scope: string,
  ) {
    this.maker = new CaseMaker(city, scope);
  }

  /** Validation, encryption, three statements. */
  async many(client: PoolClient, body: { alerts: unknown[] }): Promise<unknown> {
    const now = new Date();
    const rows: CaseRows[] = [];
    let before: { phone: string; row: CaseRows } | undefined;
    for (const raw of body.alerts) {
      const signal = this.read(raw, now);
      const { phone } = signal.personal.subject;
      const row = this.maker.make(signal, now, before?.phone === phone ? before.row : undefined);
      rows.push(row);
      before = { phone, row };
    }
    await insertCases(client, insertsOf(rows, this.city.id, now));
    return {
      created: rows.length,
      rejected: 0,
      results: rows.map(({ id, alertNo }, index) => ({ index, outcome: 'created', id, alertNo })),
    };
  }

  /** The statements that the product runs for one signal, in two trips. */
  async one(client: PoolClient, body: unknown): Promise<unknown> {
    const now = new Date();
    const row = this.maker.make(this.read(body, now), now);
    const { signal } = row;
    const opened = client.query(`BEGIN; ${sessionOf({ userId: 'feed', agencyId: this.city.id })}`);
    opened.catch(() => undefined);
    const [byReference, ofPerson] = await Promise.all([
      client.query({ ...BY_REFERENCE, values: [this.city.id, signal.source, signal.sourceRef] }),
      client.query({ ...OF_PERSON, values: [this.city.id, row.phoneIx, row.identityIx] }),
    ]);
    if (byReference.rowCount || ofPerson.rowCount) {
      await client.query('ROLLBACK');
      throw new Refused(409, 'known already');
    }
    const at = now.toISOString();
    const [, , , end] = await Promise.all([
      client.query({
        ...ALERT,
        values: [
          row.id,
          row.alertNo,
          this.city.id,
          signal.source,
          signal.sourceRef,
          row.contentHash,
          signal.kind,
          signal.riskLevel,
          signal.fraudType,
          signal.divisionCode,
          signal.group,
          row.phoneIx,
          row.identityIx,
          row.sealed,
          signal.amountAtRiskFen,
          signal.detectedAt.toISOString(),
          at,
          row.countyId,
          row.visitRequired,
          row.acceptDueAt!.toISOString(),
          row.callDueAt!.toISOString(),
          row.visitDueAt!.toISOString(),
          row.feedbackDueAt!.toISOString(),
          row.eventHash,
        ],
      }),
      client.query({ ...HOP, values: [row.id, row.countyId, at, row.acceptDueAt!.toISOString()] }),
      client.query({ ...EVENT, values: [row.id, at, 'received', this.city.id, row.events[0]!.data, row.eventHash] }),
      client.query('COMMIT'),
    ]);
    if (end.command !== 'COMMIT') throw new Error('rolled back');
    return { id: row.id, alertNo: row.alertNo, status: 'assigned', version: 1 };
  }

  private read(raw: unknown, now: Date): CaseRows['signal'] {
    const read = readSignal(raw, { ...this.context, now });
    if ('faults' in read) throw new Refused(422, JSON.stringify(read.faults));
    return read.signal;
  }
}
