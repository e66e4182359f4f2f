import pg from 'pg';

interface Definition {
  name: string;
  table: string;
  definition: string;
}

/** Foreign keys last when taken up again, first when put down: they stand on the keys. */
const CONSTRAINTS = `
  SELECT conname AS name, conrelid::regclass::text AS table, pg_get_constraintdef(oid) AS definition
  FROM pg_constraint
  WHERE contype IN ('p', 'u', 'f')
    AND (conrelid = ANY($1::text[]::regclass[]) OR (contype = 'f' AND confrelid = ANY($1::text[]::regclass[])))
  ORDER BY contype = 'f', conname`;
const INDEXES = `
  SELECT indexrelid::regclass::text AS name, indrelid::regclass::text AS table, pg_get_indexdef(indexrelid) AS definition
  FROM pg_index i
  WHERE indrelid = ANY($1::text[]::regclass[])
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid AND contype IN ('p', 'u'))
  ORDER BY 1`;

/**
 * Fills tables while they have no indexes and keys, and makes those again by the database's own account of them:
 * checked in one go each, which takes a fraction of the time that it takes row by row.
 */
export async function withoutIndexes(
  client: pg.Client,
  tables: readonly string[],
  fill: () => Promise<void>,
): Promise<void> {
  const { rows: constraints } = await client.query<Definition>(CONSTRAINTS, [tables]);
  const { rows: indexes } = await client.query<Definition>(INDEXES, [tables]);
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  for (const { table, name } of constraints.toReversed())
    await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${pg.escapeIdentifier(name)}`);
  await fill();
  for (const { definition } of indexes) await client.query(definition);
  for (const { table, name, definition } of constraints)
    await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${pg.escapeIdentifier(name)} ${definition}`);
}
