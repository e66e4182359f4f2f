import { Injectable } from '@nestjs/common';
import { statement, type Tx } from '../platform/database/database.js';
import type { PolicyVersion } from './policy.snapshot.js';

const INSERT = statement(
  'policy.insert',
  `INSERT INTO policy (city_id, kind, valid_from, document, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6)`,
);

/** Versions of policies are only ever added. */
@Injectable()
export class PolicyStore {
  /** @throws the database's error on policy_pk where a version takes effect at that moment already */
  async insert(tx: Tx, { cityId, kind, effectiveFrom, document, setBy, setAt }: PolicyVersion): Promise<void> {
    await tx.run(INSERT, [cityId, kind, effectiveFrom, JSON.stringify(document), setBy, setAt]);
  }
}
