import type { CellKind } from './table.file.js';
import { XML_HEAD, xmlText } from './xml.text.js';

const FORMATS = {
  text: 'General',
  count: '#,##0',
  plain: 'General',
  decimal: '#,##0.00##',
  yuan: '#,##0.00',
  rate: '0.00%',
  minutes: '#,##0.0',
  date: 'yyyy-mm-dd',
  moment: 'yyyy-mm-dd hh:mm',
} as const satisfies Record<CellKind, string>;
const KINDS = Object.keys(FORMATS) as CellKind[];

/** Numbers of the cell styles, as `stylesXml` writes them. */
export const STYLE = { title: 1, subtitle: 2, head: 3, wrapped: 4, nothing: 5 } as const;
const FIRST_OF_KIND = 6;

/** The style of a value: as it is, or in bold with a line above it. */
export function styleOf(kind: CellKind, total: boolean): number {
  return FIRST_OF_KIND + KINDS.indexOf(kind) + (total ? KINDS.length : 0);
}

const FIRST_FORMAT = 164;

/** The part `xl/styles.xml`. */
export function stylesXml(): string {
  const font = (size: number, bold: '<b/>' | '' = '', color = 'FF000000'): string =>
    `<font>${bold}<sz val="${size}"/><color rgb="${color}"/><name val="Microsoft YaHei"/><family val="2"/><charset val="134"/></font>`;
  const xf = (
    format: number,
    fontId: number,
    more: { fill?: number; border?: number; alignment?: string } = {},
  ): string =>
    `<xf numFmtId="${format}" fontId="${fontId}" fillId="${more.fill ?? 0}" borderId="${more.border ?? 0}" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1"${
      more.alignment === undefined ? '/>' : ` applyAlignment="1"><alignment ${more.alignment}/></xf>`
    }`;
  const edge = (side: string): string => `<${side} style="thin"><color rgb="FF8EA9C1"/></${side}>`;
  const ofKinds = (fontId: number, border: number): string[] =>
    KINDS.map((_, index) => xf(FIRST_FORMAT + index, fontId, { border, alignment: 'vertical="center"' }));
  const styles = [
    xf(0, 0),
    xf(0, 2, { alignment: 'vertical="center"' }),
    xf(0, 3, { alignment: 'vertical="center"' }),
    xf(0, 1, { fill: 2, border: 1, alignment: 'horizontal="center" vertical="center" wrapText="1"' }),
    xf(0, 0, { alignment: 'vertical="top" wrapText="1"' }),
    xf(0, 0, { alignment: 'horizontal="right" vertical="center"' }),
    ...ofKinds(0, 0),
    ...ofKinds(1, 2),
  ];
  const formats = KINDS.map(
    (kind, index) => `<numFmt numFmtId="${FIRST_FORMAT + index}" formatCode="${xmlText(FORMATS[kind])}"/>`,
  );
  return `${XML_HEAD}<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="${formats.length}">${formats.join('')}</numFmts><fonts count="4">${font(10)}${font(10, '<b/>')}${font(14, '<b/>')}${font(9, '', 'FF666666')}</fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFDCE6F1"/><bgColor indexed="64"/></patternFill></fill></fills><borders count="3"><border><left/><right/><top/><bottom/><diagonal/></border><border>${edge('left')}${edge('right')}${edge('top')}${edge('bottom')}<diagonal/></border><border><left/><right/>${edge('top')}<bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="${styles.length}">${styles.join('')}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;
}
