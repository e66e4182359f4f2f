import { Injectable } from '@nestjs/common';
import { columns, snake } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import { Insertion, plain } from '../platform/database/insertion.js';
import { INCIDENT_FIELDS, type Incident, type IncidentLink, type Transfer } from './incident.js';

/** What may change once an incident is stored. */
const CHANGING = [
  'status',
  'caseNo',
  'filedAt',
  'filedBy',
  'agencyId',
  'heldBy',
  'stopMetAt',
  'eventSeq',
  'eventHash',
] as const satisfies readonly (keyof Incident)[];

const LOCK = statement(
  'incident.lock',
  `SELECT ${columns(INCIDENT_FIELDS)} FROM incident WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`,
);
const UPDATE = statement(
  'incident.update',
  `UPDATE incident SET version = version + 1, ${CHANGING.map((field, index) => `${snake(field)} = $${index + 3}`).join(', ')}
   WHERE id = $1 AND version = $2`,
);
const EXTEND = statement(
  'incident.extend',
  `UPDATE incident SET event_seq = $2, event_hash = $3 WHERE id = $1 AND version = $4`,
);
const NEW_INCIDENTS = new Insertion<Incident>(
  'incident.insert',
  'incident',
  {
    id: 'uuid',
    incidentNo: 'text',
    cityId: 'integer',
    source: 'text',
    sourceRef: 'text',
    contentHash: 'bytea',
    reportedAt: 'timestamptz',
    receivedAt: 'timestamptz',
    divisionCode: 'text',
    fraudType: 'text',
    victimKind: 'text',
    phoneIx: 'bytea',
    identityIx: 'bytea',
    sealed: 'bytea',
    lossFen: 'bigint',
    status: 'text',
    agencyId: 'integer',
    creditedId: 'integer',
    stopDueAt: 'timestamptz',
    eventSeq: 'integer',
    eventHash: 'bytea',
  },
  // Built from the holder: unnest would flatten an array of arrays.
  {
    computed: { held_by: 'ARRAY[r.agency_id]' },
    clause: 'ON CONFLICT ON CONSTRAINT incident_source_ref_uq DO NOTHING',
  },
);
const PRESENT = statement('incident.present', `SELECT id FROM incident WHERE id = ANY($1::uuid[])`);
const TRANSFERS = new Insertion<Transfer>('incident_transfer.add', 'incident_transfer', {
  incidentId: 'uuid',
  no: 'smallint',
  at: 'timestamptz',
  amountFen: 'bigint',
  fromIx: 'bytea',
  toIx: 'bytea',
  sealed: 'bytea',
});
const LINKS = new Insertion<IncidentLink>('incident_alert.add', 'incident_alert', {
  incidentId: 'uuid',
  alertId: 'uuid',
  how: 'text',
  warned: 'boolean',
  linkedAt: 'timestamptz',
});
/** One after the other: two cases of one person that end at the same time start one incident. */
const PERSON_AT_A_TIME = statement(
  'incident.person-at-a-time',
  `SELECT pg_advisory_xact_lock(hashtextextended('incident ' || $1::int || ' ' || encode($2::bytea, 'hex'), 0))`,
);

/** Every statement that writes `incident`, `incident_transfer` and `incident_alert`. */
@Injectable()
export class IncidentStore {
  /** Holds incidents until the transaction ends, in the order of their ids. */
  async lock(tx: Tx, ids: readonly string[]): Promise<Incident[]> {
    return tx.rows<Incident>(LOCK, [ids]);
  }

  /**
   * Inserts incidents as they begin. A row that meets another of the same source reference is left out, also when that
   * other one is being committed at this moment.
   * @returns ids of the rows that went in
   */
  async insert(tx: Tx, incidents: readonly Incident[]): Promise<Set<string>> {
    if (incidents.length === 0) return new Set();
    const ids = incidents.map(({ id }) => id);
    if ((await tx.run(...NEW_INCIDENTS.of(incidents))) === ids.length) return new Set(ids);
    return new Set((await tx.rows<{ id: string }>(PRESENT, [ids])).map(({ id }) => id));
  }

  addTransfers(tx: Tx, transfers: readonly Transfer[]): void {
    if (transfers.length > 0) tx.send(...TRANSFERS.of(transfers));
  }

  link(tx: Tx, links: readonly IncidentLink[]): void {
    if (links.length > 0) tx.send(...LINKS.of(links));
  }

  /** Lets nobody else look for the incidents of a person, until this transaction ends. */
  async holdPerson(tx: Tx, cityId: number, phoneIx: Buffer): Promise<void> {
    await tx.run(PERSON_AT_A_TIME, [cityId, phoneIx]);
  }

  /** Writes what may change, guarded by the version that was read, and counts the version up. */
  update(tx: Tx, incident: Incident): void {
    tx.send(UPDATE, [incident.id, incident.version, ...CHANGING.map((field) => plain(incident[field]))], 1);
    incident.version += 1;
  }

  /** Writes only how far the history reaches: what was done belongs to the money, the incident stays what it was. */
  extend(tx: Tx, incident: Incident): void {
    tx.send(EXTEND, [incident.id, incident.eventSeq, incident.eventHash, incident.version], 1);
  }
}
