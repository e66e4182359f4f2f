const MiB = 1024 * 1024;

/** What one table may cost. Every limit ends in a `TableError`; none of them cuts anything off silently. */
export interface TableLimits {
  /** bytes of the file as it came */
  maxFileBytes: number;
  /** bytes of a workbook as it came; it is held in memory while it is read, because its parts come in any order */
  maxWorkbookBytes: number;
  /** bytes of all the parts of a workbook that are read, unpacked */
  maxInflatedBytes: number;
  /** unpacked bytes for one packed byte; real sheets stay under 40 */
  maxRatio: number;
  /** files within a workbook */
  maxEntries: number;
  /** memory for the texts that the cells of a workbook share, bytes */
  maxSharedStringBytes: number;
  /** cells of a row, and so of the header */
  maxColumns: number;
  /** rows with content, the header not counted */
  maxRows: number;
  /** UTF-16 code units of one cell */
  maxCellLength: number;
}

export const defaultLimits: Readonly<TableLimits> = {
  maxFileBytes: 512 * MiB,
  maxWorkbookBytes: 128 * MiB,
  maxInflatedBytes: 1024 * MiB,
  maxRatio: 200,
  maxEntries: 2_000,
  maxSharedStringBytes: 256 * MiB,
  maxColumns: 100,
  maxRows: 2_000_000,
  maxCellLength: 10_000,
};
