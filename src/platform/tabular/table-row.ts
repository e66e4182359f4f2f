export interface TableRow {
  /** the row as a spreadsheet program numbers it, so that an officer finds it: from 1, blank rows counted, the header too */
  rowNo: number;
  cells: string[];
}
