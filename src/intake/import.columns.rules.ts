import { normalizeLabel } from '../organization/fraud-type.js';
import type { Fault } from '../platform/http/problem.js';

export interface FieldWords {
  /** The field of what a row tells that a column gives; none where nobody reads the column. */
  readonly pointer: string | undefined;
  readonly required?: true;
  /** What columns are called, the usual Chinese and English name first; compared by `normalizeLabel`. */
  readonly names: readonly [string, string, ...string[]];
}

/** One column of a file: where it stands from 0, what the file calls it, and what it is. */
export interface ImportColumn<Field extends string = string> {
  readonly index: number;
  readonly name: string;
  readonly field: Field;
  readonly pointer: string | undefined;
}

/** Below that a row is no header: naming its cells would be quoting a person's data. */
const LEAST_KNOWN = 2;
const LONGEST_QUOTED = 40;

/** The words by which the columns of one kind of file are known. */
export class ColumnWords<Field extends string = string> {
  private readonly byName: ReadonlyMap<string, Field>;
  private readonly required: readonly Field[];

  /** @param whole what the columns are of, e.g. `a file of signals` */
  constructor(
    private readonly words: Readonly<Record<Field, FieldWords>>,
    private readonly whole: string,
  ) {
    const entries = Object.entries(words) as [Field, FieldWords][];
    this.byName = new Map(entries.flatMap(([field, { names }]) => names.map((name) => [normalizeLabel(name), field])));
    this.required = entries.filter(([, { required }]) => required).map(([field]) => field);
  }

  /** Whether a row names columns: some files have a title above the header. */
  isHeader(cells: readonly string[]): boolean {
    return new Set(cells.map((cell) => this.fieldOf(cell)).filter(Boolean)).size >= LEAST_KNOWN;
  }

  /** Columns of a header that is known to be right. */
  columnsOf(header: readonly string[]): ImportColumn<Field>[] {
    return header.flatMap((name, index) => {
      const field = this.fieldOf(name);
      return field ? [{ index, name, field, pointer: this.words[field].pointer }] : [];
    });
  }

  /** Every fault of a header row: columns that are missing, that nobody knows, or that say the same thing twice. */
  faultsOf(header: readonly string[]): Fault[] {
    if (!this.isHeader(header)) {
      const names = this.required.map((field) => this.nameOf(field)).join(', ');
      const message = `no row among the first ten names columns: the first row must name them, at least ${names}`;
      return [{ pointer: '/columns', message }];
    }
    const columns = this.columnsOf(header);
    const missing = this.required
      .filter((field) => !columns.some((column) => column.field === field))
      .map((field) => ({ pointer: '/columns', message: `${this.nameOf(field)} is missing` }));
    const unknown = header.flatMap((name, index) =>
      name !== '' && !this.fieldOf(name)
        ? [{ pointer: `/columns/${index}`, message: `${quoted(name, index)} is not a column of ${this.whole}` }]
        : [],
    );
    return [...missing, ...unknown, ...doubled(columns)];
  }

  private fieldOf(cell: string): Field | undefined {
    return this.byName.get(normalizeLabel(cell));
  }

  private nameOf(field: Field): string {
    const [zh, en] = this.words[field].names;
    return `${zh} (${en})`;
  }
}

function doubled(columns: readonly ImportColumn[]): Fault[] {
  const targets = new Map<string, ImportColumn>();
  return columns.flatMap((column) => {
    // What nobody reads may stand there more than once, under different names.
    const target = column.pointer ?? column.name;
    const first = targets.get(target);
    if (!first) targets.set(target, column);
    if (!first) return [];
    const message = `${quoted(column.name, column.index)} says the same as ${quoted(first.name, first.index)}`;
    return [{ pointer: `/columns/${column.index}`, message }];
  });
}

/** A column as a spreadsheet program calls it: A, B, … Z, AA. */
export function columnLetter(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : columnLetter(Math.floor(index / 26) - 1) + last;
}

/** A header's words, never a value that may have slipped into the row. */
function quoted(name: string, index: number): string {
  const place = `column ${columnLetter(index)}`;
  return /\p{Nd}{5}/u.test(name.normalize('NFKC')) ? place : `"${name.slice(0, LONGEST_QUOTED)}" (${place})`;
}
