import { query } from '../support/environment.js';

/** Rows that were generated, to be asked for. */
export interface Samples {
  /** Id of the case that most signals joined. */
  crowded: string;
  /** A month half a year ago, as local dates. */
  month: { receivedFrom: string; receivedTo: string };
  /** What intake looks up of a batch. */
  signals: { sources: string[]; refs: string[]; phones: Buffer[]; identities: Buffer[] };
}

const BATCH = 100;

export async function samplesOf(url: string): Promise<Samples> {
  const [crowded] = await query(
    url,
    'SELECT merged_into AS id FROM alert WHERE merged_into IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1',
  );
  const [month] = await query(
    url,
    `SELECT (now() - interval '180 days')::date::text AS "receivedFrom", (now() - interval '150 days')::date::text AS "receivedTo"`,
  );
  // A digest has no order: these lie all over the year.
  const signals = await query(
    url,
    `SELECT source, source_ref AS ref, phone_ix AS phone, identity_ix AS identity FROM alert
     WHERE identity_ix IS NOT NULL ORDER BY content_hash LIMIT $1`,
    [BATCH],
  );
  const column = <T>(name: string): T[] => signals.map((row) => row[name] as T);
  return {
    crowded: crowded!['id'] as string,
    month: month as Samples['month'],
    signals: {
      sources: column('source'),
      refs: column('ref'),
      phones: column('phone'),
      identities: column('identity'),
    },
  };
}
