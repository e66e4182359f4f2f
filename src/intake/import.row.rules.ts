import type { Fault } from '../platform/http/problem.js';
import { columnLetter, importColumns, type ImportField } from './import.header.rules.js';
import { digitsOf, divisionOf, fenOf, groupOf, kindOf, riskOf, type LocalTimes } from './import.value.rules.js';

/** A signal as signal.rules.ts reads it. */
interface RawSignal {
  [field: string]: unknown;
  subject: Record<string, string>;
  suspect?: Record<string, string>;
}

type Put = (raw: RawSignal, text: string) => void;

const WHOLE = /^\d{1,16}$/;

/**
 * Writes the rows of one file as the API's signals. It only translates notations: what is right is decided by the rules
 * of signals, the same on every path, so whatever cannot be translated is handed on as it stands.
 */
export class RowReader {
  private readonly puts: readonly { index: number; put: Put }[];
  private readonly named: readonly boolean[];

  /** @param header of a file, known to be right */
  constructor(header: readonly string[], times: LocalTimes) {
    const puts = putsOf(times);
    this.puts = importColumns(header).flatMap(({ index, field }) => {
      const put = puts[field];
      return put ? [{ index, put }] : [];
    });
    this.named = header.map((name) => name !== '');
  }

  signalOf(cells: readonly string[]): unknown {
    const raw: RawSignal = { subject: {} };
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

function putsOf(times: LocalTimes): Partial<Record<ImportField, Put>> {
  const top =
    (field: string, write: (text: string) => unknown): Put =>
    (raw, text) => {
      raw[field] = write(text);
    };
  const subject =
    (field: string, write: (text: string) => string): Put =>
    (raw, text) => {
      raw.subject[field] = write(text);
    };
  const suspect =
    (field: string, write: (text: string) => string): Put =>
    (raw, text) => {
      (raw.suspect ??= {})[field] = write(text);
    };
  const same = (text: string): string => text;
  return {
    source: top('source', same),
    sourceRef: top('sourceRef', same),
    detectedAt: top('detectedAt', (text) => times.instantOf(text)),
    kind: top('kind', kindOf),
    riskLevel: top('riskLevel', riskOf),
    fraudType: top('fraudType', same),
    divisionCode: top('divisionCode', divisionOf),
    amountYuan: top('amountAtRiskFen', (text) => fenOf(text, 'yuan') ?? text),
    amountTenThousandYuan: top('amountAtRiskFen', (text) => fenOf(text, 'ten-thousand-yuan') ?? text),
    amountFen: top('amountAtRiskFen', (text) => (WHOLE.test(text) ? Number(text) : text)),
    summary: top('summary', same),
    name: subject('name', same),
    phone: subject('phone', digitsOf),
    idNumber: subject('idNumber', digitsOf),
    address: subject('address', same),
    group: subject('group', groupOf),
    suspectAccount: suspect('account', digitsOf),
    suspectPhone: suspect('phone', digitsOf),
    suspectApp: suspect('app', same),
    suspectUrl: suspect('url', same),
  };
}
