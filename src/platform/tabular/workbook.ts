import { posix } from 'node:path';
import type { TableLimits } from './limits.js';
import { type NumberKind, numberKind } from './number-format.js';
import { readSharedStrings } from './shared-strings.js';
import { TableError } from './table-error.js';
import type { TableRow } from './table-row.js';
import { readSheet } from './worksheet.js';
import { readXml, type XmlAttributes } from './xml.js';
import { ZipArchive } from './zip.js';

// Everything else is shown: some programs write states that the standard does not have.
const hidden = /^(hidden|veryHidden)$/;

/** Parts that only describe the workbook; large ones would be kept in memory whole. */
const MAX_DESCRIPTION_BYTES = 16 * 1024 * 1024;

interface Relation {
  /** the last word of its type, e.g. `worksheet` */
  kind: string;
  /** the part's name within the archive */
  target: string;
}

/**
 * The rows of the first visible sheet of an XLSX workbook (OOXML, transitional or strict).
 * @throws TableError for anything that is no such workbook, or passes a limit
 */
export async function* readWorkbook(bytes: Buffer, limits: TableLimits): AsyncGenerator<TableRow[], void> {
  const archive = new ZipArchive(bytes, limits);
  const main = await findWorkbook(archive);
  const relations = await readRelations(archive, main);
  const { sheetIds, date1904 } = await readSheetList(archive, main);
  const sheet = sheetIds.map((id) => relations.get(id)).find((relation) => relation?.kind === 'worksheet');
  if (!sheet) throw new TableError('no-sheet');
  const part = (kind: string): string | undefined =>
    [...relations.values()].find((relation) => relation.kind === kind && archive.has(relation.target))?.target;
  const stylesPart = part('styles');
  const stringsPart = part('sharedStrings');
  const styles = stylesPart === undefined ? [] : await readStyles(archive, stylesPart);
  const strings = stringsPart === undefined ? undefined : await readSharedStrings(archive.read(stringsPart), limits);
  yield* readSheet(archive.read(sheet.target), { strings, styles, date1904 }, limits);
}

async function findWorkbook(archive: ZipArchive): Promise<string> {
  const relations = archive.has('_rels/.rels') ? await readRelations(archive, '') : new Map<string, Relation>();
  const main = [...relations.values()].find(({ kind }) => kind === 'officeDocument')?.target ?? 'xl/workbook.xml';
  // The same container holds documents and slides, whose main part has another name; and .xlsb is not XML.
  if (!archive.has(main) || !/workbook[^/]*\.xml$/i.test(main)) throw new TableError('not-a-workbook');
  return main;
}

async function readRelations(archive: ZipArchive, source: string): Promise<Map<string, Relation>> {
  const folder = posix.dirname(source);
  const name = posix.join(folder, '_rels', `${posix.basename(source)}.rels`);
  const relations = new Map<string, Relation>();
  if (!archive.has(name)) return relations;
  await readXml(description(archive, name), {
    open(element, { Id, Type, Target, TargetMode }) {
      if (
        element !== 'Relationship' ||
        Id === undefined ||
        Type === undefined ||
        Target === undefined ||
        TargetMode === 'External'
      )
        return;
      const target = Target.startsWith('/') ? Target.slice(1) : posix.join(folder, Target);
      relations.set(Id, { kind: Type.slice(Type.lastIndexOf('/') + 1), target });
    },
  });
  return relations;
}

async function readSheetList(archive: ZipArchive, main: string): Promise<{ sheetIds: string[]; date1904: boolean }> {
  const sheetIds: string[] = [];
  let date1904 = false;
  await readXml(description(archive, main), {
    open(name, attributes) {
      if (name === 'workbookPr') date1904 = /^(1|true|on)$/.test(attributes['date1904'] ?? '');
      if (name !== 'sheet' || hidden.test(attributes['state'] ?? '')) return;
      const id = relationId(attributes);
      if (id !== undefined) sheetIds.push(id);
    },
  });
  return { sheetIds, date1904 };
}

/** `r:id`, by whatever prefix the program gave the namespace. */
function relationId(attributes: XmlAttributes): string | undefined {
  return Object.entries(attributes).find(([name]) => name.endsWith(':id'))?.[1];
}

async function readStyles(archive: ZipArchive, name: string): Promise<NumberKind[]> {
  const codes = new Map<number, string>();
  const styles: NumberKind[] = [];
  let inCellStyles = false;
  await readXml(description(archive, name), {
    open(element, { numFmtId, formatCode }) {
      if (element === 'cellXfs') inCellStyles = true;
      else if (element === 'numFmt' && formatCode !== undefined) codes.set(Number(numFmtId), formatCode);
      else if (element === 'xf' && inCellStyles)
        styles.push(numberKind(Number(numFmtId ?? 0), codes.get(Number(numFmtId ?? 0))));
    },
    close(element) {
      if (element === 'cellXfs') inCellStyles = false;
    },
  });
  return styles;
}

async function* description(archive: ZipArchive, name: string): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const piece of archive.read(name)) {
    size += piece.length;
    if (size > MAX_DESCRIPTION_BYTES) throw new TableError('zip-bomb');
    yield piece;
  }
}
