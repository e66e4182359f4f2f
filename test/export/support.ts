import { strFromU8, unzipSync } from 'fflate';
import { SaxesParser } from 'saxes';
import type { Response } from 'supertest';
import type { ExportAnswer } from '../../src/export/export.dto.js';
import { ExportWorker } from '../../src/export/export.worker.js';
import { call, type Answer, type World } from '../case/support.js';
import type { Officer } from '../support/app.js';
import { readTable } from '../support/tables.js';

/** A file as it was answered. */
export interface AnsweredFile {
  status: number;
  headers: Record<string, string | string[] | number | undefined>;
  bytes: Buffer;
}

/** Over a socket, as browsers fetch files. */
export async function fetchFile(who: Officer, path: string): Promise<AnsweredFile> {
  const { status, headers, body } = await who.get(path).buffer(true).parse(inBytes);
  return { status, headers: headers as AnsweredFile['headers'], bytes: body as Buffer };
}

function inBytes(answer: Response, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  answer.on('data', (chunk: Buffer) => chunks.push(chunk));
  answer.on('end', () => done(null, Buffer.concat(chunks)));
}

/** The first table of a file: a row is an object by the titles of its columns. */
export async function tableIn(bytes: Buffer): Promise<{ header: string[]; rows: Record<string, string>[] }> {
  const { header, rows } = await readTable([bytes], { isHeader: (cells) => cells.filter(Boolean).length > 3 });
  const told = rows.map((cells) => Object.fromEntries(header.map((title, index) => [title, cells[index] ?? ''])));
  return { header, rows: told };
}

/** The parts of a workbook; each must be XML that is well formed. */
export function partsOf(bytes: Buffer): Record<string, string> {
  const parts = Object.fromEntries(Object.entries(unzipSync(bytes)).map(([name, part]) => [name, strFromU8(part)]));
  for (const text of Object.values(parts)) {
    const parser = new SaxesParser({ xmlns: true });
    parser.on('error', (error) => {
      throw error;
    });
    parser.write(text).close();
  }
  return parts;
}

/** Every value of a row in JSON as a workbook has it: yuan for fen, all else as it is; weights are told once, in 说明. */
export function valuesTold(row: object, money = false): string[] {
  return Object.entries(row).flatMap(([name, value]: [string, unknown]): string[] => {
    if (name === 'weight') return [];
    const ofMoney = money || name.endsWith('Fen') || name === 'stopRate' || name === 'returnShare';
    if (typeof value === 'number') return [String(ofMoney && name !== 'rate' ? value / 100 : value)];
    return value !== null && typeof value === 'object' ? valuesTold(value, ofMoney) : [];
  });
}

/** What somebody does with exports. */
export class Exports {
  constructor(
    private readonly world: World,
    readonly who: Officer,
  ) {}

  ask(body: object): Promise<Answer> {
    return call(this.world.app, this.who, { method: 'POST', path: '/exports', body });
  }

  async asked(body: object): Promise<string> {
    const answer = await this.ask(body);
    if (answer.status !== 202) throw new Error(`export: ${answer.status} ${answer.text}`);
    return (answer.body as ExportAnswer).id;
  }

  get(id: string): Promise<Answer> {
    return call(this.world.app, this.who, { path: `/exports/${id}` });
  }

  async state(id: string): Promise<string> {
    return ((await this.get(id)).body as ExportAnswer).state;
  }

  remove(id: string): Promise<Answer> {
    return call(this.world.app, this.who, { method: 'DELETE', path: `/exports/${id}` });
  }

  file(id: string): Promise<AnsweredFile> {
    return fetchFile(this.who, `/exports/${id}/file`);
  }

  /** What the loop would do by now. */
  async work(): Promise<void> {
    const worker = this.world.app.app.get(ExportWorker, { strict: false });
    while (await worker.round());
  }

  tidy(): Promise<boolean> {
    return this.world.app.app.get(ExportWorker, { strict: false }).tidy();
  }
}
