import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import { newId } from '../../src/platform/clock/id.js';
import { sessionOf } from './session.js';

interface Row {
  status: string;
  version: number;
  holder_id: number;
  city_id: number;
  hop: number;
  held_by: number[];
  alert_no: string;
  detected_at: Date;
  call_due_at: Date | null;
  call_met_at: Date | null;
  visit_due_at: Date | null;
  feedback_due_at: Date | null;
  event_seq: number;
  event_hash: Buffer;
}

const MINUTE = 60_000;
const LOCK = {
  name: 'bare.lock',
  text: `SELECT status, version, holder_id, city_id, hop, held_by, alert_no, detected_at, call_due_at, call_met_at, visit_due_at, feedback_due_at,
    event_seq, event_hash FROM alert WHERE id = $1 FOR NO KEY UPDATE`,
};
const EVENT = {
  name: 'bare.event',
  text: `INSERT INTO event (case_id, seq, at, type, actor_id, agency_id, data, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
};
const ACCEPT_HOP = {
  name: 'bare.accept-hop',
  text: `UPDATE assignment SET accepted_at = greatest($3, assigned_at), accepted_by = $4 WHERE alert_id = $1 AND hop = $2 AND ended_at IS NULL`,
};
const ACCEPT = {
  name: 'bare.accept',
  text: `UPDATE alert SET version = $3, status = 'in_progress', accept_due_at = NULL, next_due_at = $4, event_seq = $5, event_hash = $6 WHERE id = $1 AND version = $2`,
};
const ATTEMPT = {
  name: 'bare.attempt',
  text: `INSERT INTO attempt (id, alert_id, agency_id, hop, method, at, reached, participant_kinds, recorded_at, recorded_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
};
const COUNT = {
  name: 'bare.count',
  text: `UPDATE alert SET version = $3, call_attempts = call_attempts + 1, call_met_at = $4, call_met_by = $5, next_due_at = $6, event_seq = $7,
    event_hash = $8 WHERE id = $1 AND version = $2`,
};
const END_HOP = {
  name: 'bare.end-hop',
  text: `UPDATE assignment SET ended_at = greatest($3, assigned_at), ended_how = 'forward' WHERE alert_id = $1 AND hop = $2 AND ended_at IS NULL`,
};
const BEGIN_HOP = {
  name: 'bare.begin-hop',
  text: `INSERT INTO assignment (alert_id, hop, agency_id, how, first_here, assigned_at, assigned_by, accept_due_at) VALUES ($1, $2, $3, 'forward', $4, $5, $6, $7)`,
};
const FORWARD = {
  name: 'bare.forward',
  text: `UPDATE alert SET version = $3, status = 'assigned', holder_id = $4, held_by = $5, hop = $6, accept_due_at = $7, next_due_at = $7, event_seq = $8,
    event_hash = $9 WHERE id = $1 AND version = $2`,
};

/** A status other than 200, with why. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export interface Caller {
  userId: string;
  agencyId: number;
}

/** What each command writes besides its line of history. */
type Step = (at: { id: string; row: Row; caller: Caller; now: Date; body: Record<string, unknown> }) => {
  needs: string;
  event: { type: string; data: Record<string, unknown> };
  answer: Record<string, unknown>;
  statements(seq: number, hash: Buffer): { name: string; text: string; values: unknown[] }[];
};

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;
const earliest = (...dues: (Date | null)[]): Date | null =>
  dues.reduce((a, b) => (a === null || b === null ? (a ?? b) : a < b ? a : b), null);

/** @param townships ids of stations by their codes */
export function stepsOver(townships: ReadonlyMap<string, number>): Record<string, Step> {
  return {
    accept: ({ id, row, caller, now }) => {
      const due = earliest(row.call_due_at, row.visit_due_at, row.feedback_due_at);
      return {
        needs: 'assigned',
        event: {
          type: 'accepted',
          data: { hop: row.hop, late: false, before: { status: row.status }, after: { status: 'in_progress' } },
        },
        answer: { status: 'in_progress', nextDueAt: due },
        statements: (seq, hash) => [
          { ...ACCEPT_HOP, values: [id, row.hop, iso(now), caller.userId] },
          { ...ACCEPT, values: [id, row.version, row.version + 1, iso(due), seq, hash] },
        ],
      };
    },
    attempts: ({ id, row, caller, now, body }) => {
      const at = new Date(String(body['at']));
      if (Number.isNaN(at.getTime()) || at < row.detected_at) throw new Refused(422, 'attempt-time');
      const attemptId = newId(now);
      const kinds = (body['participants'] as { kind: string }[]).map(({ kind }) => kind);
      const due = earliest(row.visit_due_at, row.feedback_due_at);
      return {
        needs: 'in_progress',
        event: {
          type: 'attempted',
          data: { attemptId, method: 'call', at, reached: body['reached'], participants: kinds },
        },
        answer: { attemptId, nextDueAt: due },
        statements: (seq, hash) => [
          {
            ...ATTEMPT,
            values: [
              attemptId,
              id,
              caller.agencyId,
              row.hop,
              'call',
              iso(at),
              body['reached'],
              kinds,
              iso(now),
              caller.userId,
            ],
          },
          {
            ...COUNT,
            values: [
              id,
              row.version,
              row.version + 1,
              iso(row.call_met_at ?? at),
              caller.agencyId,
              iso(due),
              seq,
              hash,
            ],
          },
        ],
      };
    },
    forward: ({ id, row, caller, now, body }) => {
      const code = String(body['agency']);
      const to = townships.get(code);
      if (to === undefined) throw new Refused(422, 'wrong-target-agency');
      const due = new Date(now.getTime() + 15 * MINUTE);
      return {
        needs: 'in_progress',
        event: {
          type: 'forwarded',
          data: {
            agency: code,
            hop: row.hop + 1,
            acceptDueAt: due,
            before: { status: row.status },
            after: { status: 'assigned' },
          },
        },
        answer: { status: 'assigned', holder: code, nextDueAt: due },
        statements: (seq, hash) => [
          { ...END_HOP, values: [id, row.hop, iso(now)] },
          { ...BEGIN_HOP, values: [id, row.hop + 1, to, !row.held_by.includes(to), iso(now), caller.userId, iso(due)] },
          {
            ...FORWARD,
            values: [id, row.version, row.version + 1, to, [...row.held_by, to], row.hop + 1, iso(due), seq, hash],
          },
        ],
      };
    },
  };
}

/** One command: two trips to the database, the second of which ends with COMMIT. */
export async function transition(
  client: PoolClient,
  id: string,
  step: Step,
  caller: Caller,
  ifMatch: string | undefined,
  body: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const opened = client.query(`BEGIN; ${sessionOf(caller)}`);
  opened.catch(() => undefined);
  const [row] = (await client.query<Row>({ ...LOCK, values: [id] })).rows;
  const now = new Date();
  let made: ReturnType<Step>;
  try {
    if (!row) throw new Refused(404, 'not-found');
    if (ifMatch !== undefined && ifMatch !== `"${row.version}"`) throw new Refused(412, 'stale-version');
    if (row.holder_id !== caller.agencyId) throw new Refused(409, 'not-the-holder');
    made = step({ id, row, caller, now, body });
    if (made.needs !== row.status) throw new Refused(409, 'illegal-transition');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
  const seq = row.event_seq + 1;
  const data = JSON.stringify(made.event.data);
  const line = `${id}\n${seq}\n${now.getTime()}\n${made.event.type}\n${caller.userId}\n${caller.agencyId}\n-\n${data}`;
  const hash = createHash('sha256').update(row.event_hash).update(line).digest();
  const writes = [
    ...made.statements(seq, hash),
    { ...EVENT, values: [id, seq, iso(now), made.event.type, caller.userId, caller.agencyId, data, hash] },
  ].map((query) => client.query(query));
  const [end] = await Promise.all([client.query('COMMIT'), ...writes]);
  if (end.command !== 'COMMIT') throw new Error('rolled back');
  return { id, alertNo: row.alert_no, ...made.answer, version: row.version + 1 };
}
