import pg from 'pg';

/** Held while the order of the feed is examined. */
const EXAMINING = 7_362_157;

/**
 * Where a dump was restored into another cluster, transaction numbers begin again below those that its events carry: what
 * is written then would lie before what clients have read, and not be heard of for a long time. The numbers go on instead.
 * @param url of the owner of the tables; a migrated database
 * @returns whether something had to be done
 */
export async function continueFeed(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, application_name: 'sanji feed' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [EXAMINING]);
    const { rows } = await client.query<{ offset: string; behind: string }>(
      `SELECT feed_offset()::text AS offset,
         ((SELECT coalesce(max(tx), 0) FROM event) - (feed_offset() + pg_current_xact_id()::text::bigint))::text AS behind`,
    );
    const behind = BigInt(rows[0]!.behind);
    if (behind > 0n) {
      const next = BigInt(rows[0]!.offset) + behind;
      await client.query(
        `CREATE OR REPLACE FUNCTION feed_offset() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT ${next}::bigint'`,
      );
    }
    await client.query('COMMIT');
    return behind > 0n;
  } finally {
    await client.end();
  }
}
