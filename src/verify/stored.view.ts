import { Injectable } from '@nestjs/common';
import { snake } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import type {
  StoredAttempt,
  StoredCase,
  StoredEvent,
  StoredFollowUp,
  StoredHop,
  StoredLink,
  StoredOutcome,
  StoredUrge,
} from './stored.case.js';

type Part<T> = T & { alertId: string };

/** Columns for reading; moments as milliseconds, which compare, and which are read twice as fast as dates. */
function read(fields: readonly string[], table?: string): string {
  const prefix = table ? `${table}.` : '';
  return fields
    .map((field) => {
      const column = prefix + snake(field);
      const moment = field === 'at' || field === 'replyBy' || field.endsWith('At');
      return `${moment ? `round(date_part('epoch', ${column}) * 1000)::bigint` : column} AS "${field}"`;
    })
    .join(', ');
}

/** So few that a batch is gone before the collector takes it for something that stays. */
const BATCH = 500;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const OF_ALERTS = 'WHERE alert_id = ANY($1::uuid[])';

const ALERTS = statement(
  'verify.alerts',
  `SELECT ${read(
    [
      'id',
      'alertNo',
      'cityId',
      'kind',
      'riskLevel',
      'receivedAt',
      'status',
      'holderId',
      'heldBy',
      'hop',
      'returns',
      'visitRequired',
      'urged',
      'result',
      'endedAt',
      'mergedInto',
      'split',
      'defraudedAfterWarning',
      'clocksStartedAt',
      'acceptDueAt',
      'callDueAt',
      'callMetAt',
      'callMetBy',
      'visitDueAt',
      'visitMetAt',
      'visitMetBy',
      'feedbackDueAt',
      'feedbackMetAt',
      'feedbackMetBy',
      'nextDueAt',
      'smsAttempts',
      'callAttempts',
      'visitAttempts',
    ],
    'a',
  )}, target.status AS "mergedIntoStatus", target.city_id AS "mergedIntoCityId"
   FROM alert a LEFT JOIN alert target ON target.id = a.merged_into WHERE a.id > $1 ORDER BY a.id LIMIT ${BATCH}`,
);
const HOPS = statement(
  'verify.hops',
  `SELECT ${read(['alertId', 'hop', 'agencyId', 'how', 'firstHere', 'assignedAt', 'acceptDueAt', 'acceptedAt', 'endedAt', 'endedHow', 'returnReason'])}
   FROM assignment ${OF_ALERTS} ORDER BY alert_id, hop`,
);
const ATTEMPTS = statement(
  'verify.attempts',
  `SELECT ${read(['id', 'alertId', 'agencyId', 'method', 'at', 'reached'])} FROM attempt ${OF_ALERTS} ORDER BY id`,
);
const OUTCOMES = statement(
  'verify.outcomes',
  `SELECT ${read(['id', 'alertId', 'agencyId', 'result', 'interceptedFen', 'interceptedBasis', 'lossFen', 'submittedAt', 'decision', 'decidedAt', 'voidedAt'])}
   FROM outcome ${OF_ALERTS} ORDER BY id`,
);
const FOLLOW_UPS = statement(
  'verify.follow-ups',
  `SELECT ${read(['id', 'alertId', 'agencyId', 'dueAt', 'doneAt', 'result', 'lossFen', 'recordedAt', 'cancelledAt'])} FROM follow_up ${OF_ALERTS} ORDER BY id`,
);
const URGES = statement(
  'verify.urges',
  `SELECT ${read(['id', 'alertId', 'toAgencyId', 'urgedAt', 'replyBy', 'repliedAt', 'endedAt'])} FROM urge ${OF_ALERTS} ORDER BY id`,
);
const LINKS = statement(
  'verify.links',
  `SELECT ${read(['alertId', 'incidentId', 'how', 'warned', 'linkedAt'])} FROM incident_alert ${OF_ALERTS} ORDER BY linked_at, incident_id`,
);
const EVENTS = statement(
  'verify.events',
  `SELECT case_id AS "alertId", ${read(['seq', 'at', 'type', 'agencyId', 'data'])} FROM event WHERE case_id = ANY($1::uuid[]) ORDER BY case_id, seq`,
);
const SIGNALS = statement(
  'verify.signals',
  `SELECT merged_into AS "alertId", count(*) AS signals FROM alert WHERE merged_into = ANY($1::uuid[]) GROUP BY merged_into`,
);

/** Reads every case with everything that belongs to it, in batches. */
@Injectable()
export class StoredView {
  /** PostgreSQL reads ahead while a batch is worked on: what belongs to the next one, and the alerts of the one after. */
  async *cases(tx: Tx): AsyncGenerator<StoredCase[]> {
    let alerts = await tx.rows<StoredCase>(ALERTS, [FIRST_ID]);
    let whole = this.complete(tx, alerts);
    while (alerts.length > 0) {
      const coming = tx.rows<StoredCase>(ALERTS, [alerts.at(-1)!.id]);
      // Nobody may come back for what is read ahead; whoever does hears of its failure.
      coming.catch(() => undefined);
      const batch = await whole;
      alerts = await coming;
      whole = this.complete(tx, alerts);
      whole.catch(() => undefined);
      yield batch;
    }
  }

  private async complete(tx: Tx, alerts: StoredCase[]): Promise<StoredCase[]> {
    if (alerts.length === 0) return [];
    const ids = [alerts.map(({ id }) => id)];
    const [hops, attempts, outcomes, followUps, urges, links, events, signals] = await Promise.all([
      tx.rows<Part<StoredHop>>(HOPS, ids),
      tx.rows<Part<StoredAttempt>>(ATTEMPTS, ids),
      tx.rows<Part<StoredOutcome>>(OUTCOMES, ids),
      tx.rows<Part<StoredFollowUp>>(FOLLOW_UPS, ids),
      tx.rows<Part<StoredUrge>>(URGES, ids),
      tx.rows<Part<StoredLink>>(LINKS, ids),
      tx.rows<Part<StoredEvent & { data: unknown }>>(EVENTS, ids),
      tx.rows<Part<{ signals: number }>>(SIGNALS, ids),
    ]);
    const cases = new Map(
      alerts.map((alert) => [
        alert.id,
        {
          ...alert,
          hops: [],
          attempts: [],
          outcomes: [],
          followUps: [],
          urges: [],
          links: [],
          events: [],
          signals: 0,
        } as StoredCase,
      ]),
    );
    for (const part of hops) cases.get(part.alertId)!.hops.push(part);
    for (const part of attempts) cases.get(part.alertId)!.attempts.push(part);
    for (const part of outcomes) cases.get(part.alertId)!.outcomes.push(part);
    for (const part of followUps) cases.get(part.alertId)!.followUps.push(part);
    for (const part of urges) cases.get(part.alertId)!.urges.push(part);
    for (const part of links) cases.get(part.alertId)!.links.push(part);
    for (const part of events) {
      cases.get(part.alertId)!.events.push({ ...part, data: parsed(part.data as unknown as string) });
    }
    for (const { alertId, signals: count } of signals) cases.get(alertId)!.signals = count;
    return [...cases.values()];
  }
}

/** A history that somebody has tampered with need not be JSON any more; the chain tells of that. */
function parsed(data: string): StoredEvent['data'] {
  try {
    return JSON.parse(data) as StoredEvent['data'];
  } catch {
    return {};
  }
}
