import { TextDecoder } from 'node:util';
import { SaxesParser } from 'saxes';
import { TableError } from './table-error.js';

export type XmlAttributes = Readonly<Record<string, string>>;

/** What is read out of an XML part. Element names come without their prefix, attribute names as written. */
export interface XmlHandler {
  open(name: string, attributes: XmlAttributes): void;
  close?(name: string): void;
  text?(text: string): void;
}

const MAX_DEPTH = 64;
/** Nothing in a workbook is that long in one piece; the parser would collect it all before it says so. */
const MAX_PIECE = 1024 * 1024;

/**
 * Feeds an XML part to a handler as it unpacks; after each piece gives the caller a turn.
 * Entities beyond the five of XML are errors, and so is any DOCTYPE: nothing is ever looked up or expanded.
 * @throws TableError damaged-file, unsafe-file, and whatever the handler throws
 */
export async function* parseXml(pieces: AsyncIterable<Buffer>, handler: XmlHandler): AsyncGenerator<void> {
  const parser = new SaxesParser({ xmlns: false, position: false });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let depth = 0;
  let sinceEvent = 0;

  // The parser's own message quotes the file.
  parser.on('error', () => {
    throw new TableError('damaged-file');
  });
  parser.on('doctype', () => {
    throw new TableError('unsafe-file');
  });
  parser.on('opentag', ({ name, attributes }) => {
    sinceEvent = 0;
    if (++depth > MAX_DEPTH) throw new TableError('damaged-file');
    handler.open(localName(name), attributes);
  });
  parser.on('closetag', ({ name }) => {
    sinceEvent = 0;
    depth--;
    handler.close?.(localName(name));
  });
  if (handler.text) {
    parser.on('text', (text) => handler.text!(text));
    parser.on('cdata', (text) => handler.text!(text));
  }

  const decode = (piece?: Buffer): string => {
    try {
      return decoder.decode(piece, { stream: piece !== undefined });
    } catch {
      throw new TableError('damaged-file');
    }
  };
  for await (const piece of pieces) {
    sinceEvent += piece.length;
    parser.write(decode(piece));
    if (sinceEvent > MAX_PIECE) throw new TableError('damaged-file');
    yield;
  }
  parser.write(decode()).close();
}

/** Reads a whole part. */
export async function readXml(pieces: AsyncIterable<Buffer>, handler: XmlHandler): Promise<void> {
  for await (const _ of parseXml(pieces, handler));
}

function localName(name: string): string {
  // Nearly all names are one letter; two cannot have a prefix.
  if (name.length < 3) return name;
  const colon = name.indexOf(':');
  return colon === -1 ? name : name.slice(colon + 1);
}
