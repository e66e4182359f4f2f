import { Injectable } from '@nestjs/common';
import { ActorDirectory, type Actor } from '../organization/organization.caller.js';
import { statement, type Tx } from '../platform/database/database.js';

const ACTORS = statement(
  'identity.actors',
  `SELECT id, 'user' AS kind, username AS name FROM user_account WHERE id = ANY($1::uuid[])
   UNION ALL SELECT id, 'key', name FROM api_key WHERE id = ANY($1::uuid[])`,
);

/** Users and API keys by their ids, under the names that the audit log gives them. */
@Injectable()
export class IdentityActors extends ActorDirectory {
  override async find(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Actor>> {
    if (ids.length === 0) return new Map();
    const actors = await tx.rows<Actor & { id: string }>(ACTORS, [ids]);
    return new Map(actors.map(({ id, kind, name }) => [id, { kind, name }]));
  }
}
