import type { Fault } from '../platform/http/problem.js';
import { columnLetter, type ColumnWords } from './import.columns.rules.js';
import { SIGNAL_COLUMNS, type ImportField } from './import.header.rules.js';
import { digitsOf, divisionOf, fenOf, groupOf, kindOf, riskOf, type LocalTimes } from './import.value.rules.js';

/** What a row tells, as the rules of the API read it. */
export type RawRow = Record<string, unknown>;

/** Puts the value of a cell where it belongs. */
export type Put = (raw: RawRow, text: string) => void;

const WHOLE = /^\d{1,16}$/;

/**
 * Writes the rows of one file as the API's own objects. It only translates notations: what is right is decided by the rules
 * of what is handed in, the same on every path, so whatever cannot be translated is handed on as it stands.
 */
export class RowReader<Field extends string = string> {
  private readonly puts: readonly { index: number; put: Put }[];
  private readonly named: readonly boolean[];

  /**
   * @param header of a file, known to be right
   * @param part what is there even where all of its cells are blank
   */
  constructor(
    columns: ColumnWords<Field>,
    header: readonly string[],
    puts: Partial<Record<Field, Put>>,
    private readonly part: string,
  ) {
    this.puts = columns.columnsOf(header).flatMap(({ index, field }) => {
      const put = puts[field];
      return put ? [{ index, put }] : [];
    });
    this.named = header.map((name) => name !== '');
  }

  rawOf(cells: readonly string[]): RawRow {
    const raw: RawRow = { [this.part]: {} };
    for (const { index, put } of this.puts) {
      const text = cells[index]?.trim();
      if (text) put(raw, text);
    }
    return raw;
  }

  /** Values that stand where the header names no column: a comma too many, and all that follows is in the wrong place. */
  strayFaults(cells: readonly string[]): Fault[] {
    return cells.flatMap((cell, index) =>
      cell.trim() === '' || this.named[index]
        ? []
        : [{ pointer: `/columns/${index}`, message: `column ${columnLetter(index)} has a value and no name` }],
    );
  }
}

/** Into a field of the row itself, or of a part of it. */
export function into(part: string | undefined, field: string, write: (text: string) => unknown = same): Put {
  return (raw, text) => {
    const target = part === undefined ? raw : ((raw[part] ??= {}) as RawRow);
    target[field] = write(text);
  };
}

/** Fen as they stand, where a column gives them. */
export function wholeFenOf(text: string): unknown {
  return WHOLE.test(text) ? Number(text) : text;
}

/** Fen of an amount in yuan, or the text where it is none. */
export function yuanOf(text: string): unknown {
  return fenOf(text, 'yuan') ?? text;
}

/** Reads the rows of a file of signals. */
export function signalRows(header: readonly string[], times: LocalTimes): RowReader<ImportField> {
  const subject = (field: string, write?: (text: string) => unknown): Put => into('subject', field, write);
  const suspect = (field: string, write?: (text: string) => unknown): Put => into('suspect', field, write);
  const puts: Record<Exclude<ImportField, 'rowNo' | 'reason'>, Put> = {
    source: into(undefined, 'source'),
    sourceRef: into(undefined, 'sourceRef'),
    detectedAt: into(undefined, 'detectedAt', (text) => times.instantOf(text)),
    kind: into(undefined, 'kind', kindOf),
    riskLevel: into(undefined, 'riskLevel', riskOf),
    fraudType: into(undefined, 'fraudType'),
    divisionCode: into(undefined, 'divisionCode', divisionOf),
    amountYuan: into(undefined, 'amountAtRiskFen', yuanOf),
    amountTenThousandYuan: into(undefined, 'amountAtRiskFen', (text) => fenOf(text, 'ten-thousand-yuan') ?? text),
    amountFen: into(undefined, 'amountAtRiskFen', wholeFenOf),
    summary: into(undefined, 'summary'),
    name: subject('name'),
    phone: subject('phone', digitsOf),
    idNumber: subject('idNumber', digitsOf),
    address: subject('address'),
    group: subject('group', groupOf),
    suspectAccount: suspect('account', digitsOf),
    suspectPhone: suspect('phone', digitsOf),
    suspectApp: suspect('app'),
    suspectUrl: suspect('url'),
  };
  return new RowReader(SIGNAL_COLUMNS, header, puts, 'subject');
}

function same(text: string): string {
  return text;
}
