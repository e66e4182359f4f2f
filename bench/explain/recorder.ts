import { Database, type Session, type Statement, type Tx } from '../../src/platform/database/database.js';

/** A statement as the product sent it. */
export interface Recorded {
  /** Of a prepared statement; undefined where the text was built for the call. */
  readonly name: string | undefined;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The product's own database, which writes down what its reads send. */
export class RecordingDatabase extends Database {
  private recorded: Recorded[] = [];

  override async read<T>(who: Session, work: (tx: Tx) => Promise<T>): Promise<T> {
    return super.read(who, (tx) => work(this.listening(tx)));
  }

  /** @returns what was sent meanwhile, and what the work gave */
  async recording<T>(work: () => Promise<T>): Promise<{ recorded: Recorded[]; result: T }> {
    this.recorded = [];
    const result = await work();
    return { recorded: this.recorded, result };
  }

  private listening(tx: Tx): Tx {
    const keep = (name: string | undefined, text: string, values: unknown[]): void =>
      void this.recorded.push({ name, text, values });
    // `row` goes through `rows`; whatever is not named here goes to the transaction itself.
    return Object.assign(Object.create(tx) as Tx, {
      rows: (what: Statement, values: unknown[] = []) => {
        keep(what.name, what.text, values);
        return tx.rows(what, values);
      },
      adHoc: (text: string, values: unknown[] = []) => {
        keep(undefined, text, values);
        return tx.adHoc(text, values);
      },
    });
  }
}
