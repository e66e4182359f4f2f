import { binaryColumn, type ElementType } from './binary-column.js';
import { snake } from './columns.js';
import { statement, type Statement } from './database.js';

interface More {
  /** Columns that the statement fills by itself, as expressions over the row `r`. */
  computed?: Readonly<Record<string, string>>;
  /** What stands at the end of the statement. */
  clause?: string;
}

/**
 * INSERT of rows into a table, one statement however many they are. More than one come as columns for `unnest`; one by
 * itself as plain values, which is half the work.
 */
export class Insertion<Row> {
  private readonly columns: [keyof Row & string, ElementType][];
  private readonly one: Statement;
  private readonly many: Statement;

  /** @param columns fields of the row and the types of their columns, which bear the same names */
  constructor(
    name: string,
    table: string,
    columns: Readonly<Partial<Record<keyof Row & string, ElementType>>>,
    { computed = {}, clause = '' }: More = {},
  ) {
    this.columns = Object.entries(columns) as [keyof Row & string, ElementType][];
    const fields = this.columns.map(([field]) => snake(field));
    const insert = (source: string): string =>
      `INSERT INTO ${table} (${[...fields, ...Object.keys(computed)].join(', ')})
       SELECT ${['r.*', ...Object.values(computed)].join(', ')} FROM ${source} AS r(${fields.join(', ')}) ${clause}`;
    const parameters = (suffix: string): string =>
      this.columns.map(([, type], index) => `$${index + 1}::${type}${suffix}`).join(', ');
    this.one = statement(name, insert(`(VALUES (${parameters('')}))`));
    this.many = statement(`${name}-many`, insert(`unnest(${parameters('[]')})`));
  }

  /** What `Tx.run` and `Tx.send` take. */
  of(rows: readonly Row[]): [Statement, unknown[]] {
    if (rows.length !== 1) {
      return [this.many, this.columns.map(([field, type]) => binaryColumn(type, rows, field))];
    }
    const row = rows[0]!;
    return [this.one, this.columns.map(([field]) => plain(row[field]))];
  }
}

/** A moment as PostgreSQL reads it fastest; everything else is `pg`'s to write. */
export function plain(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value;
}
