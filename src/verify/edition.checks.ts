import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { statement, type Tx } from '../platform/database/database.js';
import type { Findings } from './verify.result.js';

interface Stored {
  id: string;
  cityCode: string;
  kind: string;
  tier: string;
  month: string;
  edition: number;
  hash: Buffer;
  content: Buffer;
  asOf: Date;
}

/** What the bytes themselves say, as far as it stands in the row too. */
interface Said {
  kind?: unknown;
  tier?: unknown;
  month?: unknown;
  edition?: unknown;
  previous?: unknown;
  asOf?: unknown;
  city?: { code?: unknown };
}

const NEXT = statement(
  'verify.editions',
  `SELECT e.id, a.code AS "cityCode", e.kind, e.tier, e.month, e.edition, e.hash, e.content, e.as_of AS "asOf"
   FROM published_edition e JOIN agency a ON a.id = e.city_id
   WHERE (e.city_id, e.kind, e.tier, e.month, e.edition) >
     (SELECT city_id, kind, tier, month, edition FROM published_edition WHERE id = $1
      UNION ALL SELECT 0, '', '', '', 0 WHERE $1 IS NULL)
   ORDER BY e.city_id, e.kind, e.tier, e.month, e.edition LIMIT 1`,
);

/**
 * Published editions: the hash of the stored bytes is the stored hash, the bytes speak of the row that they stand in, and
 * the editions of a month are a chain without a gap.
 */
@Injectable()
export class EditionChecks {
  /** @returns how many editions there are */
  async check(tx: Tx, findings: Findings): Promise<number> {
    let count = 0;
    let former: Stored | undefined;
    for (;;) {
      // One by one: an edition of every township is large.
      const stored: Stored | undefined = await tx.row<Stored>(NEXT, [former?.id ?? null]);
      if (!stored) return count;
      count += 1;
      const follows = former !== undefined && series(former) === series(stored);
      checkOne(stored, follows ? former : undefined, findings);
      former = stored;
    }
  }
}

const series = ({ cityCode, kind, tier, month }: Stored): string => [cityCode, kind, tier, month].join('/');

function checkOne(stored: Stored, former: Stored | undefined, findings: Findings): void {
  const where = `published ${series(stored)}, edition ${stored.edition}`;
  const hash = createHash('sha256').update(stored.content).digest('hex');
  findings.compare(where, 'hash of the stored bytes', hash, stored.hash.toString('hex'));
  findings.compare(where, 'number of the edition', (former?.edition ?? 0) + 1, stored.edition);
  const said = read(stored.content);
  findings.compare(
    where,
    'what its bytes speak of',
    [stored.cityCode, stored.kind, stored.tier, stored.month],
    [said.city?.code, said.kind, said.tier, said.month],
  );
  findings.compare(where, 'edition in its bytes', stored.edition, said.edition);
  findings.compare(where, 'moment in its bytes', stored.asOf, momentOf(said.asOf));
  findings.compare(where, 'hash of the former edition in its bytes', former?.hash.toString('hex'), said.previous);
}

function read(content: Buffer): Said {
  try {
    return (JSON.parse(content.toString('utf8')) ?? {}) as Said;
  } catch {
    return {};
  }
}

function momentOf(text: unknown): Date | undefined {
  const moment = new Date(String(text));
  return Number.isNaN(moment.getTime()) ? undefined : moment;
}
