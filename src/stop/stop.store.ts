import { Injectable } from '@nestjs/common';
import { columns, snake } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import { Insertion, plain } from '../platform/database/insertion.js';
import { STOP_FIELDS, type StopPayment } from './stop.js';

/** What may change once it is asked for. */
const CHANGING = [
  'ordinal',
  'status',
  'stoppedAt',
  'stoppedFen',
  'expiresAt',
  'endedAt',
  'releasedTo',
] as const satisfies readonly (keyof StopPayment)[];

const STOPS = new Insertion<StopPayment>('stop_payment.add', 'stop_payment', {
  id: 'uuid',
  incidentId: 'uuid',
  cityId: 'integer',
  parentId: 'uuid',
  level: 'smallint',
  accountId: 'uuid',
  ordinal: 'smallint',
  bank: 'text',
  sealed: 'bytea',
  transferFen: 'bigint',
  transferAt: 'timestamptz',
  agencyId: 'integer',
  requestedAt: 'timestamptz',
  requestedBy: 'uuid',
  status: 'text',
});
const LOCK = statement(
  'stop_payment.lock',
  `SELECT ${columns(STOP_FIELDS)} FROM stop_payment WHERE id = $1 FOR NO KEY UPDATE`,
);
const UPDATE = statement(
  'stop_payment.update',
  `UPDATE stop_payment SET version = version + 1,
     ${CHANGING.map((field, index) => `${snake(field)} = $${index + 3}`).join(', ')}
   WHERE id = $1 AND version = $2`,
);

/** Every statement that writes `stop_payment`. Its account and its incident are held first. */
@Injectable()
export class StopStore {
  /** Holds one until the transaction ends. */
  async lock(tx: Tx, id: string): Promise<StopPayment | undefined> {
    return tx.row<StopPayment>(LOCK, [id]);
  }

  add(tx: Tx, stop: StopPayment): void {
    tx.send(...STOPS.of([stop]));
  }

  /** Writes what may change, guarded by the version that was read, and counts the version up. */
  update(tx: Tx, stop: StopPayment): void {
    tx.send(UPDATE, [stop.id, stop.version, ...CHANGING.map((field) => plain(stop[field]))], 1);
    stop.version += 1;
  }
}
