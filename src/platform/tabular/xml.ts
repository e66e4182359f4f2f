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
  const part = new XmlPart(handler);
  for await (const piece of pieces) {
    part.feed(piece);
    yield;
  }
  part.end();
}

/** Reads a whole part. */
export async function readXml(pieces: AsyncIterable<Buffer>, handler: XmlHandler): Promise<void> {
  for await (const _ of parseXml(pieces, handler));
}

class XmlPart {
  /**
   * V8 forgets the shape of parsers when a garbage collection finds none alive, and those made afterwards are a third as
   * fast, for good. So one stays alive.
   */
  static readonly first = new XmlPart({ open: () => undefined });

  private readonly parser = new SaxesParser({ xmlns: false, position: false });
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });
  private depth = 0;
  private sinceEvent = 0;

  constructor(handler: XmlHandler) {
    const { parser } = this;
    // The parser's own message quotes the file.
    parser.on('error', () => {
      throw new TableError('damaged-file');
    });
    parser.on('doctype', () => {
      throw new TableError('unsafe-file');
    });
    parser.on('opentag', ({ name, attributes }) => {
      this.sinceEvent = 0;
      if (++this.depth > MAX_DEPTH) throw new TableError('damaged-file');
      handler.open(localName(name), attributes);
    });
    parser.on('closetag', ({ name }) => {
      this.sinceEvent = 0;
      this.depth--;
      handler.close?.(localName(name));
    });
    parser.on('text', (text) => handler.text?.(text));
    parser.on('cdata', (text) => handler.text?.(text));
  }

  feed(piece: Buffer): void {
    this.sinceEvent += piece.length;
    this.parser.write(this.decode(piece));
    if (this.sinceEvent > MAX_PIECE) throw new TableError('damaged-file');
  }

  end(): void {
    this.parser.write(this.decode()).close();
  }

  private decode(piece?: Buffer): string {
    try {
      return this.decoder.decode(piece, { stream: piece !== undefined });
    } catch {
      throw new TableError('damaged-file');
    }
  }
}

function localName(name: string): string {
  // Nearly all names are one letter; two cannot have a prefix.
  if (name.length < 3) return name;
  const colon = name.indexOf(':');
  return colon === -1 ? name : name.slice(colon + 1);
}
