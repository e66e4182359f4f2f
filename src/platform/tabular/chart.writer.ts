import type { CellKind, CellValue, Chart, Sheet } from './table.file.js';
import { cellText, yuanText } from './table.file.js';
import { columnName, dateSerial } from './sheet.writer.js';
import { XML_HEAD, xmlText } from './xml.text.js';

const CHART = 'http://schemas.openxmlformats.org/drawingml/2006/chart';
const DRAWING = 'http://schemas.openxmlformats.org/drawingml/2006/main';
const SHEET_DRAWING = 'http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
/** More than that is no picture any more. */
const MOST_POINTS = 400;
const DATE_FORMAT = 'yyyy-mm-dd';
const SLANTED =
  '<c:txPr><a:bodyPr rot="-2700000"/><a:p><a:pPr><a:defRPr/></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>';
const COLORS = ['2F75B5', 'ED7D31', '70AD47', 'FFC000', '7030A0'];
/** Widths of a default column, heights of a row. */
const COLUMNS = 16;
const LEAST_ROWS = 24;

/** What charts show, gathered while the rows go by: programs that do not count themselves show it, too. */
export class ChartPoints {
  readonly rows: (readonly CellValue[])[] = [];
  count = 0;

  take(row: readonly CellValue[]): void {
    this.count += 1;
    if (this.count <= MOST_POINTS) this.rows.push(row);
  }

  /** Whether there is a picture to make of them. */
  get shown(): boolean {
    return this.count > 0 && this.count <= MOST_POINTS;
  }
}

/** Where the cells of a chart stand. */
export interface ChartPlace {
  /** As the workbook has it. */
  sheetName: string;
  /** Row of the titles. */
  headRow: number;
}

/** The drawing that puts charts below each other. */
export function drawingXml(charts: readonly Chart[], points: ChartPoints): string {
  let top = 1;
  const anchors = charts.map(({ title, kind }, index) => {
    const height = kind === 'bar' ? Math.max(LEAST_ROWS, Math.ceil(points.count * 1.4) + 6) : LEAST_ROWS;
    const [from, to] = [top, top + height];
    top = to + 2;
    const corner = (name: string, column: number, row: number): string =>
      `<xdr:${name}><xdr:col>${column}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>${row}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:${name}>`;
    return `<xdr:twoCellAnchor>${corner('from', 1, from)}${corner('to', 1 + COLUMNS, to)}<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="${index + 2}" name="${xmlText(title)}" descr="${xmlText(title)}"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="${CHART}"><c:chart xmlns:c="${CHART}" r:id="rId${index + 1}"/></a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:twoCellAnchor>`;
  });
  return `${XML_HEAD}<xdr:wsDr xmlns:xdr="${SHEET_DRAWING}" xmlns:a="${DRAWING}" xmlns:r="${RELATIONS}">${anchors.join('')}</xdr:wsDr>`;
}

/** A chart of columns of a sheet: their cells, and what stood in them when the file was made. */
export function chartXml(chart: Chart, sheet: Sheet, place: ChartPlace, points: ChartPoints): string {
  const bar = chart.kind === 'bar';
  const first = place.headRow + 1;
  const last = place.headRow + points.count;
  const quoted = `'${place.sheetName.replaceAll("'", "''")}'`;
  const columnOf = (title: string): number => {
    const column = sheet.columns.findIndex((each) => each.title === title);
    if (column < 0) throw new Error(`the chart ${chart.title} is of a column that is not there: ${title}`);
    return column;
  };
  const cells = (column: number, from: number, to: number): string =>
    xmlText(`${quoted}!$${columnName(column)}$${from}${to === from ? '' : `:$${columnName(column)}$${to}`}`);
  const category = columnOf(chart.category);
  const { kind: categoryKind } = sheet.columns[category]!;
  const dates = categoryKind === 'date';
  const names = points.rows.map((row) => {
    const value = row[category];
    const told = cellText(categoryKind, value, sheet.blank);
    return (dates && typeof value === 'string' ? dateSerial(value) : undefined) ?? told;
  });
  const cached = `<c:ptCount val="${names.length}"/>${names.map((name, index) => point(index, name)).join('')}`;
  const where = `<c:f>${cells(category, first, last)}</c:f>`;
  const categories = dates
    ? `<c:cat><c:numRef>${where}<c:numCache><c:formatCode>${DATE_FORMAT}</c:formatCode>${cached}</c:numCache></c:numRef></c:cat>`
    : `<c:cat><c:strRef>${where}<c:strCache>${cached}</c:strCache></c:strRef></c:cat>`;
  const kinds = new Set<CellKind>();
  const series = chart.series.map((title, index) => {
    const column = columnOf(title);
    const { kind } = sheet.columns[column]!;
    kinds.add(kind);
    const values = points.rows
      .map((row, at) => ({ at, value: row[column] }))
      .filter((each): each is { at: number; value: number } => typeof each.value === 'number')
      .map(({ at, value }) => point(at, kind === 'yuan' ? yuanText(value) : String(value)));
    const fill = `<a:solidFill><a:srgbClr val="${COLORS[index % COLORS.length]}"/></a:solidFill>`;
    const look = bar
      ? `<c:spPr>${fill}</c:spPr><c:invertIfNegative val="0"/>`
      : `<c:spPr><a:ln w="28575">${fill}</a:ln></c:spPr><c:marker><c:symbol val="none"/></c:marker>`;
    return `<c:ser><c:idx val="${index}"/><c:order val="${index}"/><c:tx><c:strRef><c:f>${cells(column, place.headRow, place.headRow)}</c:f><c:strCache><c:ptCount val="1"/>${point(0, title)}</c:strCache></c:strRef></c:tx>${look}${categories}<c:val><c:numRef><c:f>${cells(column, first, last)}</c:f><c:numCache><c:formatCode>General</c:formatCode><c:ptCount val="${names.length}"/>${values.join('')}</c:numCache></c:numRef></c:val>${bar ? '' : '<c:smooth val="0"/>'}</c:ser>`;
  });
  const group = bar
    ? `<c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>${series.join('')}<c:gapWidth val="60"/><c:axId val="1"/><c:axId val="2"/></c:barChart>`
    : `<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>${series.join('')}<c:marker val="1"/><c:axId val="1"/><c:axId val="2"/></c:lineChart>`;
  // Bars go from top to bottom as the rows do.
  const order = `<c:scaling><c:orientation val="${bar ? 'maxMin' : 'minMax'}"/></c:scaling>`;
  const format = kinds.size === 1 && kinds.has('rate') ? '0%' : '#,##0';
  return `${XML_HEAD}<c:chartSpace xmlns:c="${CHART}" xmlns:a="${DRAWING}" xmlns:r="${RELATIONS}"><c:roundedCorners val="0"/><c:chart>${titleXml(chart.title)}<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>${group}<c:catAx><c:axId val="1"/>${order}<c:delete val="0"/><c:axPos val="${bar ? 'l' : 'b'}"/><c:numFmt formatCode="${dates ? DATE_FORMAT : 'General'}" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>${dates ? SLANTED : ''}<c:crossAx val="2"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx><c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="${bar ? 't' : 'l'}"/><c:majorGridlines><c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="D9D9D9"/></a:solidFill></a:ln></c:spPr></c:majorGridlines><c:numFmt formatCode="${format}" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="1"/><c:crosses val="${bar ? 'max' : 'autoZero'}"/></c:valAx></c:plotArea>${chart.series.length > 1 ? '<c:legend><c:legendPos val="b"/><c:overlay val="0"/></c:legend>' : ''}<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart></c:chartSpace>`;
}

function point(index: number, value: string): string {
  return `<c:pt idx="${index}"><c:v>${xmlText(value)}</c:v></c:pt>`;
}

function titleXml(title: string): string {
  return `<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1400" b="1"/></a:pPr><a:r><a:rPr lang="zh-CN" sz="1400" b="1"/><a:t>${xmlText(title)}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>`;
}
