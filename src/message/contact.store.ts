import { Injectable } from '@nestjs/common';
import { statement, type Tx } from '../platform/database/database.js';

/** Whose contact it is. */
export type Owner = { readonly userId: string } | { readonly agencyId: number };

export interface Contact {
  id: string;
  channel: string | null;
  sealed: Buffer | null;
}

const FIELDS = 'id, channel, sealed';
const FIND_USER = statement('message_contact.find-user', `SELECT ${FIELDS} FROM message_contact WHERE user_id = $1`);
const FIND_AGENCY = statement(
  'message_contact.find-agency',
  `SELECT ${FIELDS} FROM message_contact WHERE agency_id = $1`,
);
const ADD = statement(
  'message_contact.add',
  `INSERT INTO message_contact (id, user_id, agency_id, updated_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
);
const SET = statement(
  'message_contact.set',
  `UPDATE message_contact SET channel = $2, sealed = $3, updated_at = $4 WHERE id = $1`,
);

/** Every statement that writes `message_contact`. */
@Injectable()
export class ContactStore {
  async find(tx: Tx, owner: Owner): Promise<Contact | undefined> {
    return 'userId' in owner
      ? tx.row<Contact>(FIND_USER, [owner.userId])
      : tx.row<Contact>(FIND_AGENCY, [owner.agencyId]);
  }

  /** The id that an owner's contact has for good, made where there is none: the seal is bound to it. */
  async idOf(tx: Tx, owner: Owner, newId: string): Promise<string> {
    const [userId, agencyId] = 'userId' in owner ? [owner.userId, null] : [null, owner.agencyId];
    await tx.run(ADD, [newId, userId, agencyId, tx.now]);
    return (await this.find(tx, owner))!.id;
  }

  async set(tx: Tx, id: string, channel: string | null, sealed: Buffer | null): Promise<void> {
    await tx.run(SET, [id, channel, sealed, tx.now]);
  }
}
