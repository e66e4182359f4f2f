/** Where in the file, and which limit: all that a message may say, for cells hold personal data. */
export interface TableErrorPlace {
  /** the row as a spreadsheet program numbers it; the header is usually row 1 */
  rowNo?: number;
  /** the line of a text file, from 1 */
  lineNo?: number;
  /** the limit that was passed */
  limit?: number;
}

type Message = (place: Required<TableErrorPlace>) => { en: string; zh: string };

const messages = {
  'empty-file': () => ({
    en: 'The file has no rows. Choose the file again, and check that its first sheet holds the table.',
    zh: '文件中没有任何数据行。请重新选择文件，并确认第一个工作表中有表格内容。',
  }),
  'file-too-large': ({ limit }) => ({
    en: `The file is larger than ${megabytes(limit)} MB. Split it into several files.`,
    zh: `文件超过 ${megabytes(limit)} MB。请拆分成多个文件后再导入。`,
  }),
  'not-a-table': () => ({
    en: 'This is not a table. Open it in Excel or WPS and save it as .xlsx or as CSV (UTF-8).',
    zh: '该文件不是表格。请用 Excel 或 WPS 打开，另存为 .xlsx 或 CSV（UTF-8）后再导入。',
  }),
  'binary-content': () => ({
    en: 'The file holds bytes that are not text. Open it in Excel or WPS and save it as .xlsx or as CSV (UTF-8).',
    zh: '文件中含有非文本内容。请用 Excel 或 WPS 打开，另存为 .xlsx 或 CSV（UTF-8）后再导入。',
  }),
  'legacy-workbook': () => ({
    en: 'This is an old Excel workbook (.xls), or one with a password. Remove the password and save it as .xlsx.',
    zh: '该文件是旧版 Excel（.xls）或设有密码。请取消密码并另存为 .xlsx 后再导入。',
  }),
  'encrypted-file': () => ({
    en: 'The file is protected by a password. Remove the password and save it again.',
    zh: '文件设有密码。请取消密码、重新保存后再导入。',
  }),
  'not-a-workbook': () => ({
    en: 'This archive is not an Excel workbook. Save the table as .xlsx or as CSV (UTF-8).',
    zh: '该压缩文件不是 Excel 工作簿。请将表格另存为 .xlsx 或 CSV（UTF-8）后再导入。',
  }),
  'no-sheet': () => ({
    en: 'The workbook has no visible sheet. Unhide the sheet that holds the table, or save the table alone.',
    zh: '工作簿中没有可见的工作表。请取消隐藏表格所在的工作表，或单独保存该表格。',
  }),
  'damaged-file': () => ({
    en: 'The workbook is damaged. Open it in Excel or WPS, save it again and send that file.',
    zh: '工作簿已损坏。请用 Excel 或 WPS 打开并重新保存后再导入。',
  }),
  'unsafe-file': () => ({
    en: 'The workbook carries a document type declaration, which no spreadsheet program writes. Save the table as a new workbook.',
    zh: '工作簿中含有表格软件不会写入的文档类型声明。请将表格另存为新的工作簿后再导入。',
  }),
  'zip-bomb': () => ({
    en: 'The workbook unpacks to far more than it should. Copy the rows into a new workbook and save that.',
    zh: '工作簿解压后的内容异常庞大。请将数据行复制到新的工作簿并保存后再导入。',
  }),
  'unknown-encoding': ({ lineNo }) => ({
    en: `The text near line ${lineNo} is neither UTF-8 nor GB18030. Open the file in Excel or WPS and save it as .xlsx or as CSV (UTF-8).`,
    zh: `第 ${lineNo} 行附近的文字既不是 UTF-8 也不是 GB18030 编码。请用 Excel 或 WPS 打开，另存为 .xlsx 或 CSV（UTF-8）后再导入。`,
  }),
  'mixed-encoding': ({ lineNo }) => ({
    en: `The file mixes UTF-8 and GB18030: line ${lineNo} is in another encoding than the rest, or damaged. Join the parts in Excel or WPS and save them as one .xlsx or CSV (UTF-8).`,
    zh: `文件混用了 UTF-8 和 GB18030 编码：第 ${lineNo} 行的编码与其余内容不一致，或已损坏。请在 Excel 或 WPS 中合并后另存为一个 .xlsx 或 CSV（UTF-8）文件。`,
  }),
  'unterminated-quote': ({ rowNo }) => ({
    en: `A quotation mark is opened in row ${rowNo} and never closed. Write a mark that belongs to the text twice (""), or save the table as .xlsx.`,
    zh: `第 ${rowNo} 行的双引号没有配对。文本中的双引号请写成两个（""），或将表格另存为 .xlsx。`,
  }),
  'misplaced-quote': ({ rowNo }) => ({
    en: `Row ${rowNo} has text after a closing quotation mark. Write a mark that belongs to the text twice (""), or save the table as .xlsx.`,
    zh: `第 ${rowNo} 行的右双引号之后还有文字。文本中的双引号请写成两个（""），或将表格另存为 .xlsx。`,
  }),
  'duplicate-header': () => ({
    en: 'Two columns of the header row have the same name. Give each column its own name.',
    zh: '表头中有重复的列名。请为每一列使用不同的列名。',
  }),
  'too-many-columns': ({ rowNo, limit }) => ({
    en: `Row ${rowNo} has more than ${limit} columns. Delete the columns that do not belong to the table.`,
    zh: `第 ${rowNo} 行超过 ${limit} 列。请删除不属于表格的列。`,
  }),
  'too-many-rows': ({ limit }) => ({
    en: `The table has more than ${limit} rows. Split it into several files.`,
    zh: `表格超过 ${limit} 行。请拆分成多个文件后再导入。`,
  }),
  'cell-too-long': ({ rowNo, limit }) => ({
    en: `A cell of row ${rowNo} is longer than ${limit} characters. Shorten it.`,
    zh: `第 ${rowNo} 行有单元格超过 ${limit} 个字符。请缩短内容。`,
  }),
  'row-too-long': ({ lineNo }) => ({
    en: `Line ${lineNo} is too long to be a row of a table. Check that each row ends in a line break.`,
    zh: `第 ${lineNo} 行过长，不是有效的表格行。请检查每行末尾是否有换行。`,
  }),
} satisfies Record<string, Message>;

export type TableErrorCode = keyof typeof messages;

function megabytes(bytes: number): number {
  return Math.floor(bytes / 1024 / 1024);
}

/**
 * The file cannot be read as a table. `message` (English) and `messageZh` tell an officer what to do; neither ever
 * quotes a cell, so both may be logged, stored and shown.
 */
export class TableError extends Error {
  override readonly name = 'TableError';
  readonly messageZh: string;

  constructor(
    readonly code: TableErrorCode,
    readonly place: TableErrorPlace = {},
  ) {
    const { en, zh } = (messages[code] as Message)({ rowNo: 0, lineNo: 0, limit: 0, ...place });
    super(en);
    this.messageZh = zh;
  }
}

/** All the codes, for the list of errors in the documentation. */
export const tableErrorCodes = Object.keys(messages) as TableErrorCode[];
