import pg from 'pg';
import { readSignal, type IntakeContext } from '../../src/intake/signal.rules.js';
import type { City } from '../support/city.js';
import { joins, signalBody } from '../support/signals.js';
import { insertCases, insertsOf, type Inserts } from './case.inserts.js';
import { CaseMaker, type CaseRows } from './case.rows.js';
import { readContext } from './city.reader.js';

/** The fastest way to the same rows: three statements over columns that were made beforehand. */
export class InsertLoad {
  private readonly maker: CaseMaker;

  private constructor(
    private readonly clients: pg.Client[],
    private readonly context: Omit<IntakeContext, 'now'>,
    private readonly city: City,
  ) {
    this.maker = new CaseMaker(city, 'bare-insert');
  }

  static async open(url: string, city: City, width: number): Promise<InsertLoad> {
    const clients = Array.from(
      { length: width },
      () => new pg.Client({ connectionString: url, pipeline: true } as pg.ClientConfig),
    );
    await Promise.all(clients.map((client) => client.connect()));
    return new InsertLoad(clients, await readContext(url), city);
  }

  /** @returns what inserts the prepared batches, on every connection at once */
  prepare(batches: number, size: number, from: number): () => Promise<void> {
    const prepared = Array.from({ length: batches }, (_, batch) => this.batch(from + batch * size, size));
    return async () => {
      await Promise.all(
        this.clients.map(async (client) => {
          for (let inserts = prepared.pop(); inserts; inserts = prepared.pop()) await insertCases(client, inserts);
        }),
      );
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.end()));
  }

  private batch(from: number, size: number): Inserts {
    const now = new Date();
    const rows: CaseRows[] = [];
    for (let serial = from; serial < from + size; serial++) {
      const read = readSignal(signalBody(serial, this.city.divisions, now.toISOString()), { ...this.context, now });
      if ('faults' in read) throw new Error(JSON.stringify(read.faults));
      rows.push(this.maker.make(read.signal, now, joins(serial) ? rows.at(-1) : undefined));
    }
    return insertsOf(rows, this.city.id, now);
  }
}
