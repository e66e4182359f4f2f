import { into, RowReader, wholeFenOf, yuanOf, type Put } from '../intake/import.row.rules.js';
import { digitsOf, divisionOf, fenOf, labels, type LocalTimes } from '../intake/import.value.rules.js';
import type { ImportRow } from '../intake/import.job.js';
import type { Fault } from '../platform/http/problem.js';
import type { VictimKind } from './incident.js';
import { INCIDENT_COLUMNS, type IncidentImportField } from './import.header.rules.js';

const victimKindOf = labels<VictimKind>({
  person: ['个人', '自然人', '人'],
  organisation: ['单位', '企业', '公司', '法人', '组织', 'organization'],
});

/** Columns of the transfer: what rows of one incident may differ in. */
const OF_TRANSFER: readonly IncidentImportField[] = [
  'transferAt',
  'transferYuan',
  'transferFen',
  'fromAccount',
  'toAccount',
  'toBank',
  'toName',
];
const UNREAD: readonly IncidentImportField[] = ['rowNo', 'reason'];
const REFERENCE: readonly IncidentImportField[] = ['source', 'sourceRef'];

/** A file of incidents: a row is one incident with at most one transfer; rows below it add theirs. */
export class IncidentRows {
  private readonly rows: RowReader<IncidentImportField>;
  private readonly references: readonly number[];
  /** Places of what all rows of an incident must agree in, where they say it. */
  private readonly common: readonly { index: number; pointer: string }[];
  private readonly read: readonly number[];

  /** @param header of a file, known to be right */
  constructor(header: readonly string[], times: LocalTimes) {
    this.rows = new RowReader(INCIDENT_COLUMNS, header, putsOf(times), 'victim');
    const columns = INCIDENT_COLUMNS.columnsOf(header).filter(({ field }) => !UNREAD.includes(field));
    this.read = columns.map(({ index }) => index);
    this.references = columns.filter(({ field }) => REFERENCE.includes(field)).map(({ index }) => index);
    this.common = columns
      .filter(({ field }) => !OF_TRANSFER.includes(field))
      .map(({ index, pointer }) => ({ index, pointer: pointer! }));
  }

  /** Whether a row is of the same incident as the one before it. */
  goesOn(before: readonly string[], cells: readonly string[]): boolean {
    return this.references.every(
      (index) => textAt(cells, index) !== '' && textAt(cells, index) === textAt(before, index),
    );
  }

  /** Whether a row says nothing that the one before it had not said. */
  repeats(before: readonly string[], cells: readonly string[]): boolean {
    return this.read.every((index) => textAt(cells, index) === textAt(before, index));
  }

  /** The incident that rows tell of together, with the transfers of each. */
  rawOf(rows: readonly ImportRow[]): unknown {
    const [first, ...others] = rows.map(([, cells]) => this.rows.rawOf(cells));
    const transfers = [first!, ...others].flatMap(({ transfer }) => (transfer === undefined ? [] : [transfer]));
    const { transfer: _, ...raw } = first!;
    const kind = kindOf(raw['victim'] as Record<string, unknown>);
    return { ...raw, victim: { kind, ...(raw['victim'] as object) }, ...(transfers.length > 0 ? { transfers } : {}) };
  }

  /** Which of the rows tells of each transfer. */
  tellers(rows: readonly ImportRow[]): number[] {
    return rows.flatMap(([, cells], index) => (this.rows.rawOf(cells)['transfer'] === undefined ? [] : [index]));
  }

  /** What is wrong with a row by itself, and beside the first of its incident. */
  faultsOf(cells: readonly string[], first: readonly string[]): Fault[] {
    const other = this.common.filter(({ index }) => {
      const text = textAt(cells, index);
      return text !== '' && text !== textAt(first, index);
    });
    const message = 'differs from the row above, which is of the same incident';
    return [...this.rows.strayFaults(cells), ...other.map(({ pointer }) => ({ pointer, message }))];
  }
}

/** Where a file does not say it: whoever has a credit code is an organisation. */
function kindOf(victim: Record<string, unknown>): VictimKind {
  return victim['creditCode'] !== undefined && victim['idNumber'] === undefined ? 'organisation' : 'person';
}

function textAt(cells: readonly string[], index: number): string {
  return cells[index]?.trim() ?? '';
}

function putsOf(times: LocalTimes): Record<Exclude<IncidentImportField, 'rowNo' | 'reason'>, Put> {
  const top = (field: string, write?: (text: string) => unknown): Put => into(undefined, field, write);
  const victim = (field: string, write?: (text: string) => unknown): Put => into('victim', field, write);
  const transfer = (field: string, write?: (text: string) => unknown): Put => into('transfer', field, write);
  const moment = (text: string): string => times.instantOf(text);
  return {
    source: top('source'),
    sourceRef: top('sourceRef'),
    reportedAt: top('reportedAt', moment),
    divisionCode: top('divisionCode', divisionOf),
    victimKind: victim('kind', victimKindOf),
    name: victim('name'),
    phone: victim('phone', digitsOf),
    idNumber: victim('idNumber', digitsOf),
    creditCode: victim('creditCode', digitsOf),
    fraudType: top('fraudType'),
    lossYuan: top('lossFen', yuanOf),
    lossTenThousandYuan: top('lossFen', (text) => fenOf(text, 'ten-thousand-yuan') ?? text),
    lossFen: top('lossFen', wholeFenOf),
    transferAt: transfer('at', moment),
    transferYuan: transfer('amountFen', yuanOf),
    transferFen: transfer('amountFen', wholeFenOf),
    fromAccount: transfer('fromAccount', digitsOf),
    toAccount: transfer('toAccount', digitsOf),
    toBank: transfer('toBank'),
    toName: transfer('toName'),
    summary: top('summary'),
  };
}
