import { chartXml, ChartPoints, drawingXml } from './chart.writer.js';
import { RowFeed } from './row.feed.js';
import { headRowOf, sheetXml } from './sheet.writer.js';
import type { RowCount, Sheet, TableFile } from './table.file.js';
import { stylesXml } from './workbook.styles.js';
import { XML_HEAD, xmlText } from './xml.text.js';
import { writeZip, type ZipPart } from './zip.writer.js';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const SPREADSHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const CHART_SHEET = '图表';

export const XLSX_TYPE = `${SPREADSHEET}.sheet`;

/** A worksheet as the workbook lists it. */
interface Listed {
  name: string;
  /** Rows that are printed on every page. */
  headRow: number | undefined;
}

/**
 * The tables of a file as an XLSX workbook (ECMA-376, transitional), written as somebody takes it: no table is ever held
 * whole. A table that one sheet has no room for goes on in the next; a chart has a sheet of its own, behind the first.
 * @param count told how far it is
 */
export function writeWorkbook(file: TableFile, count: RowCount): AsyncGenerator<Buffer, void> {
  return writeZip(new WorkbookWriter(file, count).parts(), file.createdAt);
}

class WorkbookWriter {
  /** In the order of their parts: `xl/worksheets/sheet<n>.xml`. */
  private readonly listed: Listed[] = [];
  private charts = 0;

  constructor(
    private readonly file: TableFile,
    private readonly count: RowCount,
  ) {}

  /** What must know how many sheets there are comes last; what comes first tells whoever looks that it is a workbook. */
  async *parts(): AsyncGenerator<ZipPart, void> {
    yield part(
      '_rels/.rels',
      relationships([
        ['officeDocument', 'xl/workbook.xml', OFFICE],
        ['metadata/core-properties', 'docProps/core.xml', `${PACKAGE}/relationships`],
      ]),
    );
    yield part('docProps/core.xml', coreXml(this.file));
    yield part('xl/styles.xml', stylesXml());
    for (const [index, sheet] of this.file.sheets.entries()) yield* this.table(sheet, index === 0);
    yield part('xl/workbook.xml', workbookXml(this.listed));
    yield part(
      'xl/_rels/workbook.xml.rels',
      relationships([
        ...this.listed.map((_, index): Relation => ['worksheet', `worksheets/sheet${index + 1}.xml`, OFFICE]),
        ['styles', 'styles.xml', OFFICE],
      ]),
    );
    yield part('[Content_Types].xml', contentTypes(this.listed.length, this.charts));
  }

  private async *table(sheet: Sheet, main: boolean): AsyncGenerator<ZipPart, void> {
    const feed = new RowFeed(sheet.rows);
    const points = new ChartPoints();
    const { title, subtitle } = this.file;
    const heading = main ? { title, subtitle } : undefined;
    const headRow = headRowOf({ heading });
    try {
      for (let piece = 1; piece === 1 || !(await feed.ended()); piece++) {
        const name = piece === 1 ? sheet.name : `${sheet.name} (${piece})`;
        this.listed.push({ name, headRow: sheet.headed === false ? undefined : headRow });
        const onRow: (row: Parameters<ChartPoints['take']>[0]) => void = (row) => {
          if (main) this.count.rows += 1;
          if (sheet.charts) points.take(row);
        };
        const frame = { heading, wrapped: !main, onRow };
        yield { name: `xl/worksheets/sheet${this.listed.length}.xml`, pieces: sheetXml(sheet, feed, frame) };
      }
    } finally {
      await feed.close();
    }
    if (sheet.charts && points.shown)
      yield* this.pictures(sheet, sheet.charts, { sheetName: sheet.name, headRow }, points);
  }

  private *pictures(
    sheet: Sheet,
    charts: NonNullable<Sheet['charts']>,
    place: { sheetName: string; headRow: number },
    points: ChartPoints,
  ): Generator<ZipPart, void> {
    this.listed.push({ name: CHART_SHEET, headRow: undefined });
    const number = this.listed.length;
    yield part(
      `xl/worksheets/sheet${number}.xml`,
      `${XML_HEAD}<worksheet xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView showGridLines="0" workbookViewId="0"/></sheetViews><sheetData/><pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/><drawing r:id="rId1"/></worksheet>`,
    );
    yield part(
      `xl/worksheets/_rels/sheet${number}.xml.rels`,
      relationships([['drawing', '../drawings/drawing1.xml', OFFICE]]),
    );
    yield part('xl/drawings/drawing1.xml', drawingXml(charts, points));
    yield part(
      'xl/drawings/_rels/drawing1.xml.rels',
      relationships(charts.map((_, index): Relation => ['chart', `../charts/chart${index + 1}.xml`, OFFICE])),
    );
    for (const chart of charts) {
      this.charts += 1;
      yield part(`xl/charts/chart${this.charts}.xml`, chartXml(chart, sheet, place, points));
    }
  }
}

function part(name: string, text: string): ZipPart {
  return { name, pieces: [text] };
}

type Relation = readonly [kind: string, target: string, namespace: string];

function relationships(relations: readonly Relation[]): string {
  const each = relations.map(
    ([kind, target, namespace], index) =>
      `<Relationship Id="rId${index + 1}" Type="${namespace}/${kind}" Target="${target}"/>`,
  );
  return `${XML_HEAD}<Relationships xmlns="${PACKAGE}/relationships">${each.join('')}</Relationships>`;
}

function workbookXml(listed: readonly Listed[]): string {
  const sheets = listed.map(
    ({ name }, index) => `<sheet name="${xmlText(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  );
  const titles = listed.flatMap(({ name, headRow }, index) =>
    headRow === undefined
      ? []
      : `<definedName name="_xlnm.Print_Titles" localSheetId="${index}">${xmlText(`'${name}'!$${headRow}:$${headRow}`)}</definedName>`,
  );
  return `${XML_HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><bookViews><workbookView activeTab="0"/></bookViews><sheets>${sheets.join('')}</sheets><definedNames>${titles.join('')}</definedNames></workbook>`;
}

function coreXml({ title, createdAt }: TableFile): string {
  const at = `${createdAt.toISOString().slice(0, 19)}Z`;
  return `${XML_HEAD}<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>${xmlText(title)}</dc:title><dcterms:created xsi:type="dcterms:W3CDTF">${at}</dcterms:created></cp:coreProperties>`;
}

function contentTypes(sheets: number, charts: number): string {
  const override = (name: string, type: string): string => `<Override PartName="/${name}" ContentType="${type}"/>`;
  const numbered = (count: number, name: (number: number) => string, type: string): string =>
    Array.from({ length: count }, (_, index) => override(name(index + 1), type)).join('');
  const drawing = 'application/vnd.openxmlformats-officedocument';
  return `${XML_HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${override('xl/workbook.xml', `${XLSX_TYPE}.main+xml`)}${override('xl/styles.xml', `${SPREADSHEET}.styles+xml`)}${override('docProps/core.xml', 'application/vnd.openxmlformats-package.core-properties+xml')}${numbered(sheets, (number) => `xl/worksheets/sheet${number}.xml`, `${SPREADSHEET}.worksheet+xml`)}${charts > 0 ? override('xl/drawings/drawing1.xml', `${drawing}.drawing+xml`) : ''}${numbered(charts, (number) => `xl/charts/chart${number}.xml`, `${drawing}.drawingml.chart+xml`)}</Types>`;
}
