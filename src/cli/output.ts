/** One column of a table: its heading, and what it shows of a row. */
export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string | number | boolean | null | undefined;
  readonly align?: 'left' | 'right';
}

/** Prints rows as a table for people, or for scripts as the JSON of `data`. */
export function printRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  json: boolean,
  data: unknown = rows,
): void {
  process.stdout.write(json ? toJson(data) : table(rows, columns));
}

/** Prints a sentence for people, or for scripts the JSON of `data`. */
export function printResult(sentence: string, json: boolean, data: unknown): void {
  process.stdout.write(json ? toJson(data) : `${sentence}\n`);
}

function toJson(data: unknown): string {
  return `${JSON.stringify(data, undefined, 2)}\n`;
}

/** A plain table whose columns line up where text is Chinese, too. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cells = rows.map((row) => columns.map(({ value }) => String(value(row) ?? '')));
  const widths = columns.map(({ title }, at) =>
    Math.max(displayWidth(title), ...cells.map((line) => displayWidth(line[at]!))),
  );
  const line = (values: readonly string[]): string =>
    values
      .map((text, at) => {
        const gap = ' '.repeat(widths[at]! - displayWidth(text));
        return columns[at]!.align === 'right' ? gap + text : text + gap;
      })
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ title }) => title)), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)]
    .map((each) => `${each}\n`)
    .join('');
}

const NO_WIDTH = /\p{Mn}|\p{Me}|\p{Cf}/u;
/** East Asian Wide and Fullwidth: Hangul, kana, CJK ideographs and their signs, full-width forms, pictographs. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;

/** How many columns of a terminal a text takes: a Chinese character takes two. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += NO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}
