import { strToU8, zipSync, type Zippable } from 'fflate';

/** One piece of a document, from top to bottom. */
export type Block =
  | { readonly kind: 'title' | 'heading' | 'paragraph' | 'right'; readonly text: string }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

export interface DocumentFacts {
  /** Of the file, as a reader's window shows it. */
  readonly title: string;
  readonly createdAt: Date;
  /** The long side across, for wide tables. */
  readonly landscape?: boolean;
}

export const DOCX_TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

/** Twentieths of a point: A4 with the margins that official papers have. */
const A4 = { short: 11_906, long: 16_838, margin: 1_417 };
const MAIN = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/**
 * A Word file (ECMA-376, transitional) of headings, paragraphs and tables. Only what every reader shows alike is used.
 */
export function writeDocx(blocks: readonly Block[], facts: DocumentFacts): Buffer {
  const width = (facts.landscape ? A4.long : A4.short) - 2 * A4.margin;
  const parts: Record<string, string> = {
    '[Content_Types].xml': CONTENT_TYPES,
    '_rels/.rels': relationships([
      ['officeDocument', 'word/document.xml', OFFICE],
      ['metadata/core-properties', 'docProps/core.xml', `${PACKAGE}/relationships`],
    ]),
    'docProps/core.xml': core(facts),
    'word/_rels/document.xml.rels': relationships([['styles', 'styles.xml', OFFICE]]),
    'word/styles.xml': STYLES,
    'word/document.xml': `${HEADER}<w:document xmlns:w="${MAIN}"><w:body>${blocks.map((block) => blockOf(block, width)).join('')}${section(facts.landscape === true)}</w:body></w:document>`,
  };
  const files: Zippable = {};
  for (const [name, text] of Object.entries(parts)) files[name] = [strToU8(text), { mtime: facts.createdAt }];
  return Buffer.from(zipSync(files));
}

function blockOf(block: Block, width: number): string {
  if (block.kind === 'table') return `${table(block.head, block.rows, width)}<w:p/>`;
  return `<w:p><w:pPr><w:pStyle w:val="${STYLE_OF[block.kind]}"/></w:pPr>${run(block.text)}</w:p>`;
}

const STYLE_OF = { title: 'Title', heading: 'Heading1', paragraph: 'BodyText', right: 'Signature' } as const;

function table(head: readonly string[], rows: readonly (readonly string[])[], width: number): string {
  const each = Math.floor(width / head.length);
  const row = (cells: readonly string[], style: string, more: string): string =>
    `<w:tr><w:trPr><w:cantSplit/>${more}</w:trPr>${head
      .map(
        (_, index) =>
          `<w:tc><w:tcPr><w:tcW w:w="${each}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="${style}"/></w:pPr>${run(cells[index] ?? '')}</w:p></w:tc>`,
      )
      .join('')}</w:tr>`;
  return `<w:tbl><w:tblPr><w:tblW w:w="${each * head.length}" w:type="dxa"/><w:tblBorders>${[
    'top',
    'left',
    'bottom',
    'right',
    'insideH',
    'insideV',
  ]
    .map((side) => `<w:${side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>`)
    .join('')}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>${head
    .map(() => `<w:gridCol w:w="${each}"/>`)
    .join('')}</w:tblGrid>${row(head, 'TableHead', '<w:tblHeader/>')}${rows
    .map((cells) => row(cells, 'TableCell', ''))
    .join('')}</w:tbl>`;
}

function run(text: string): string {
  return text === '' ? '' : `<w:r><w:t xml:space="preserve">${escape(text)}</w:t></w:r>`;
}

/** What XML cannot carry is left out: a name may have come from anywhere. */
const NOT_XML =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function escape(text: string): string {
  return text
    .replace(NOT_XML, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function section(landscape: boolean): string {
  const [w, h] = landscape ? [A4.long, A4.short] : [A4.short, A4.long];
  const { margin } = A4;
  return `<w:sectPr><w:pgSz w:w="${w}" w:h="${h}"${landscape ? ' w:orient="landscape"' : ''}/><w:pgMar w:top="${margin}" w:right="${margin}" w:bottom="${margin}" w:left="${margin}" w:header="720" w:footer="720" w:gutter="0"/></w:sectPr>`;
}

function relationships(targets: readonly (readonly [type: string, target: string, family: string])[]): string {
  const each = targets.map(
    ([type, target, family], index) =>
      `<Relationship Id="rId${index + 1}" Type="${family}/${type}" Target="${target}"/>`,
  );
  return `${HEADER}<Relationships xmlns="${PACKAGE}/relationships">${each.join('')}</Relationships>`;
}

function core({ title, createdAt }: DocumentFacts): string {
  const at = `${createdAt.toISOString().slice(0, 19)}Z`;
  return `${HEADER}<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>${escape(title)}</dc:title><dcterms:created xsi:type="dcterms:W3CDTF">${at}</dcterms:created></cp:coreProperties>`;
}

const CONTENT_TYPES = `${HEADER}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="${DOCX_TYPE}.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`;

/** @param size half points @param more paragraph properties */
function style(id: string, name: string, more: string, size: number, font: string, bold = false): string {
  return `<w:style w:type="paragraph" w:customStyle="1" w:styleId="${id}"><w:name w:val="${name}"/><w:basedOn w:val="Normal"/><w:pPr>${more}</w:pPr><w:rPr><w:rFonts w:eastAsia="${font}"/>${bold ? '<w:b/>' : ''}<w:sz w:val="${size}"/></w:rPr></w:style>`;
}

const STYLES = `${HEADER}<w:styles xmlns:w="${MAIN}"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="仿宋" w:cs="Times New Roman"/><w:sz w:val="28"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>${[
  style('Title', 'Official Title', '<w:spacing w:before="240" w:after="360"/><w:jc w:val="center"/>', 44, '宋体', true),
  style('Heading1', 'Official Heading', '<w:keepNext/><w:spacing w:before="240" w:after="120"/>', 30, '黑体'),
  style(
    'BodyText',
    'Official Text',
    '<w:spacing w:line="480" w:lineRule="auto"/><w:ind w:firstLineChars="200" w:firstLine="560"/><w:jc w:val="both"/>',
    28,
    '仿宋',
  ),
  style('Signature', 'Official Signature', '<w:spacing w:before="240"/><w:jc w:val="right"/>', 28, '仿宋'),
  style('TableHead', 'Table Head', '<w:jc w:val="center"/>', 21, '黑体'),
  style('TableCell', 'Table Cell', '<w:jc w:val="center"/>', 21, '仿宋'),
].join('')}</w:styles>`;
