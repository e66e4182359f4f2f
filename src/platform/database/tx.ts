import type { Socket } from 'node:net';
import type { EntityManager, QueryRunner } from 'typeorm';
import type { PoolClient, QueryConfig, QueryResult } from 'pg';
import type { Clock } from '../clock/clock.js';

/** A named (prepared) statement: PostgreSQL parses and plans it once per connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

const names = new Set<string>();

/** Declares a statement. Its name is unique in the program: two texts under one name would run the wrong one. */
export function statement(name: string, text: string): Statement {
  if (names.has(name)) throw new Error(`statement ${name} is declared twice`);
  names.add(name);
  return { name, text };
}

/** One open transaction. Statements may be sent without waiting for the former: they are answered in order. */
export class Tx {
  private moment: Date;
  private readonly afterCommits: (() => void)[] = [];
  private sent: Promise<void>[] = [];
  private failed: { error: unknown } | undefined;
  private held: Socket | undefined;
  /** How often `send` was called. */
  statementsSent = 0;

  constructor(
    private readonly client: PoolClient,
    private readonly runner: QueryRunner,
    private readonly clock: Clock,
  ) {
    this.moment = clock.now();
  }

  /** @internal */
  begin(text: string): Promise<QueryResult> {
    this.hold();
    return this.ask(text);
  }

  private query(config: string | QueryConfig): Promise<QueryResult> {
    const answer = this.ask(config);
    this.flush();
    return answer;
  }

  /**
   * Sends a statement. Not with a promise of pg's own: those of one connection hang on each other, answers and all, so
   * that what a long list reads would stay until the collector clears everything.
   */
  private ask(config: string | QueryConfig): Promise<QueryResult> {
    return new Promise((resolve, reject) => {
      this.client.query(config as QueryConfig, (error: Error | null, answer) => {
        if (!error) return resolve(answer);
        // As pg does: the place that asked says more than the socket that answered.
        Error.captureStackTrace(error);
        reject(error);
      });
    });
  }

  /** What is sent from now on waits for the next statement that somebody waits for: they go over the wire in one piece. */
  private hold(): void {
    if (this.held) return;
    this.held = (this.client as unknown as { connection: { stream: Socket } }).connection.stream;
    this.held.cork();
    process.nextTick(() => this.flush());
  }

  private flush(): void {
    this.held?.uncork();
    this.held = undefined;
  }

  /** The one moment at which everything in this transaction happens. */
  get now(): Date {
    return this.moment;
  }

  /** Reads the clock again, once, when a lock was waited for: what is done under it comes after what was done before it. */
  restamp(): void {
    this.moment = this.clock.now();
  }

  /** Of a state that is older than the clock: everything in this transaction is of that moment. */
  stamp(moment: Date): void {
    this.moment = moment;
  }

  /** Rows of a prepared statement. */
  async rows<T>(what: Statement, values: unknown[] = []): Promise<T[]> {
    return (await this.query({ name: what.name, text: what.text, values })).rows as T[];
  }

  async row<T>(what: Statement, values: unknown[] = []): Promise<T | undefined> {
    return (await this.rows<T>(what, values))[0];
  }

  /** Runs a prepared statement and gives the number of rows it touched. */
  async run(what: Statement, values: unknown[] = []): Promise<number> {
    return (await this.query({ name: what.name, text: what.text, values })).rowCount ?? 0;
  }

  /**
   * Sends a prepared statement for whose answer nobody waits: the writes of a command and its COMMIT make one trip
   * together, and nothing is committed where one of them failed.
   * @param rows how many it must touch, where that is known: PostgreSQL itself counts, or the commit would be behind it
   *   before anybody could object
   */
  send(what: Statement, values: unknown[], rows?: number): void {
    this.hold();
    this.statementsSent += 1;
    const { name, text } = rows === undefined ? what : counted(what, values.length + 1);
    const answer = this.ask({ name, text, values: rows === undefined ? values : [...values, rows] });
    this.sent.push(
      answer.then(
        () => undefined,
        (error: { code?: string }) =>
          void (this.failed ??= { error: error.code === NOT_SO_MANY ? miscounted(what, rows) : error }),
      ),
    );
  }

  /**
   * Waits for what was sent.
   * @throws what the first of it that failed threw
   */
  async settled(): Promise<void> {
    const sent = this.sent;
    this.sent = [];
    await Promise.all(sent);
    if (this.failed) throw this.failed.error;
  }

  /**
   * @internal
   * @throws what the first failed statement threw; then nothing is committed
   */
  async commit(): Promise<void> {
    const end = this.query('COMMIT');
    await Promise.all([this.settled(), end]);
    // COMMIT of a transaction in which a caught statement had failed answers ROLLBACK, without an error.
    if ((await end).command !== 'COMMIT')
      throw new Error('a failed statement was swallowed: the transaction was rolled back');
  }

  /** What went wrong first: statements behind one that failed say only that the transaction is aborted. */
  causeOf(error: unknown): unknown {
    return this.failed && (error as { code?: string }).code === ABORTED ? this.failed.error : error;
  }

  /** Rows of a statement whose text is built for this call (lists with filters): never with values in the text. */
  async adHoc<T>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.query({ text, values })).rows as T[];
  }

  /** TypeORM inside this transaction, for ordinary tables. Not `save`: `insert`, `update`, `upsert`, `delete`. */
  get manager(): EntityManager {
    return this.runner.manager;
  }

  /** Runs when the transaction is committed, never when it is rolled back. */
  afterCommit(what: () => void): void {
    this.afterCommits.push(what);
  }

  /**
   * Runs `work` so that its failure undoes only its own changes.
   * @throws whatever `work` throws, after undoing
   */
  async savepoint<T>(work: () => Promise<T>): Promise<T> {
    await this.settled();
    await this.query('SAVEPOINT item');
    try {
      const result = await work();
      await this.settled();
      await this.query('RELEASE SAVEPOINT item');
      return result;
    } catch (caught) {
      const error = this.causeOf(caught);
      await this.query('ROLLBACK TO SAVEPOINT item; RELEASE SAVEPOINT item');
      this.forgetSent();
      throw error;
    }
  }

  /**
   * What was sent is undone, and its failure with it.
   * @internal
   */
  forgetSent(): void {
    this.sent = [];
    this.failed = undefined;
  }

  /** @internal */
  committed(): void {
    for (const what of this.afterCommits) what();
  }
}

const countedStatements = new WeakMap<Statement, Statement>();

/** A statement that fails where it does not touch as many rows as its last parameter says. */
function counted(what: Statement, parameter: number): Statement {
  let checked = countedStatements.get(what);
  if (!checked) {
    checked = {
      name: `${what.name}!`,
      text: `WITH touched AS (${what.text} RETURNING 1) SELECT 1 / (count(*) = $${parameter}::bigint)::int FROM touched`,
    };
    countedStatements.set(what, checked);
  }
  return checked;
}

function miscounted(what: Statement, rows: number | undefined): Error {
  return new Error(`${what.name} did not touch ${rows} rows`);
}

/** Division by zero. */
const NOT_SO_MANY = '22012';
/** A statement in a transaction in which another has failed. */
const ABORTED = '25P02';
