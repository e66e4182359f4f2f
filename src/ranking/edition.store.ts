import { Injectable } from '@nestjs/common';
import { statement, type Tx } from '../platform/database/database.js';
import type { Edition } from './edition.js';

/** Publishers of one city take their turn: an edition is compared with the one before it. */
const LOCK = statement(
  'published_edition.lock',
  `SELECT pg_advisory_xact_lock(hashtextextended('published_edition/' || $1::text, 0))`,
);
const INSERT = statement(
  'published_edition.insert',
  `INSERT INTO published_edition (id, city_id, kind, tier, month, edition, content, hash, as_of, published_at, published_by,
     published_by_name, note)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
);

/** Editions are only ever added; the database refuses everything else, and a hash that is not that of the content. */
@Injectable()
export class EditionStore {
  async takeTurn(tx: Tx, cityId: number): Promise<void> {
    await tx.run(LOCK, [cityId]);
  }

  async insert(tx: Tx, edition: Edition, content: Buffer): Promise<void> {
    const { id, cityId, kind, tier, month, hash, asOf, publishedAt, publishedBy, publishedByName, note } = edition;
    await tx.run(INSERT, [
      id,
      cityId,
      kind,
      tier,
      month,
      edition.edition,
      content,
      hash,
      asOf,
      publishedAt,
      publishedBy,
      publishedByName,
      note,
    ]);
  }
}
