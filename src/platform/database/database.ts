import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout } from 'node:timers/promises';
import { DataSource, type QueryRunner } from 'typeorm';
import pg, { type PoolClient } from 'pg';
import type { Clock } from '../clock/clock.js';
import { Problem, unavailable } from '../http/problem.js';
import { Gate, GateTimeout } from './gate.js';
import { Tx } from './tx.js';

export { statement, Tx, type Statement } from './tx.js';

/**
 * What a transaction tells the database about whoever acts (SET LOCAL `sanji.<name>`): the hook for a fence in the
 * database itself. Made once per caller by `session()`.
 */
export interface Session {
  readonly begin: string;
  readonly beginReadOnly: string;
  readonly beginSnapshot: string;
}

/** @param settings names and values, e.g. `{ actor, agency_path, roles }` */
export function session(settings: Record<string, string>): Session {
  // SET LOCAL, because a SELECT of set_config() would be planned anew for every transaction.
  const facts = Object.entries(settings).map(
    ([name, value]) => `; SET LOCAL sanji.${name} = ${pg.escapeLiteral(value)}`,
  );
  return {
    begin: ['BEGIN', ...facts].join(''),
    beginReadOnly: ['BEGIN READ ONLY', ...facts].join(''),
    beginSnapshot: ['BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', ...facts].join(''),
  };
}

/** The same for work that nobody waits for: a statement is not given up after a minute, but after an hour. */
export function patient({ begin, beginReadOnly, beginSnapshot }: Session): Session {
  const patience = `; SET LOCAL statement_timeout = '1h'`;
  return {
    begin: begin + patience,
    beginReadOnly: beginReadOnly + patience,
    beginSnapshot: beginSnapshot + patience,
  };
}

/** Deadlocks and serialization failures: nothing happened, and trying again is right. */
const TRY_AGAIN = new Set(['40001', '40P01']);
const ATTEMPTS = 5;
/** Classes of PostgreSQL errors that mean "not reachable now": connection, resources, operator intervention. */
const AWAY = /^(08|53|57P)/;

export function isConnectionFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof GateTimeout) return true;
  const code = (error as { code?: string }).code ?? '';
  return (
    AWAY.test(code) ||
    ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'].includes(code) ||
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable/.test(
      error.message,
    )
  );
}

/** PostgreSQL gave up on a statement: statement_timeout. */
export const QUERY_CANCELED = '57014';

/** No turn came in time, for too much was asked here: that tells nothing about the database. */
export function isOutOfTurns(error: unknown): boolean {
  return error instanceof Problem && error.cause instanceof GateTimeout;
}

/** Runs inside every transaction that a request opens: how Idempotency-Key reaches the commit. */
export interface TransactionHook {
  /** First thing in the transaction; may throw to answer without doing the work. */
  before(tx: Tx): Promise<void>;
  /** Last thing before the commit, with what the work returned. */
  after(tx: Tx, result: unknown): Promise<void>;
  /** The work failed and was undone. @returns whether something was written that is to be committed */
  failed(tx: Tx, error: unknown): Promise<boolean>;
}

/** Set by the HTTP edge for requests with an Idempotency-Key, consumed by the first transaction of the request. */
export const transactionHook = new AsyncLocalStorage<{ hook: TransactionHook | undefined }>();

/** TypeORM's runner for PostgreSQL, with the way to give a broken connection back. */
type PooledRunner = QueryRunner & { releasePostgresConnection(error?: Error): Promise<void> };

/** Connections kept free for what an open transaction waits for: were they all given out, every one would wait for ever. */
const KEPT_FREE = 2;
/** How long a request waits for its turn: large batches before it take their time, but nobody waits for ever. */
const PATIENCE_MS = 15_000;

/** Opens transactions. There is no other way to the tables. */
export class Database {
  private readonly gate: Gate;
  private readonly open = new Set<Promise<unknown>>();

  constructor(
    readonly source: DataSource,
    private readonly clock: Clock,
  ) {
    const { poolSize = 10 } = source.options as { poolSize?: number };
    this.gate = new Gate(Math.max(1, poolSize - KEPT_FREE), PATIENCE_MS);
  }

  /** Requests that wait for their turn at a connection. */
  get waiting(): number {
    return this.gate.waiting;
  }

  /**
   * Runs `work` in a read-write transaction. What `work` does besides its statements must bear being done again:
   * after a deadlock the whole is tried anew.
   * @throws Problem `unavailable` while the database is away; whatever `work` throws, after rolling back
   */
  async transaction<T>(who: Session, work: (tx: Tx) => Promise<T>): Promise<T> {
    const slot = transactionHook.getStore();
    const hook = slot?.hook;
    if (slot) slot.hook = undefined;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.inTurn(who.begin, hook, work);
      } catch (error) {
        if (!TRY_AGAIN.has((error as { code?: string }).code ?? '')) throw error;
        if (attempt === ATTEMPTS) throw busy();
        // Not at once and not together: whoever met here would meet again.
        await setTimeout(Math.random() * 20 * attempt);
      }
    }
  }

  /**
   * A read-write transaction beside the request's own, which may be open and wait for it: not the one that
   * Idempotency-Key rides on. `work` must not open another.
   */
  async alone<T>(who: Session, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.once(who.begin, undefined, work);
  }

  /** Runs `work` in a read-only transaction. */
  async read<T>(who: Session, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.inTurn(who.beginReadOnly, undefined, work);
  }

  /** A read-only transaction all of whose statements see one and the same state: figures of several statements agree. */
  async readSnapshot<T>(who: Session, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.inTurn(who.beginSnapshot, undefined, work);
  }

  /** Like `read`, for what is loaded while a transaction may be open and wait for it. `work` must not open another. */
  async readAlone<T>(who: Session, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.once(who.beginReadOnly, undefined, work);
  }

  /**
   * Waits until no transaction is open: a client that hangs up does not end what its request began.
   * @param patienceMs for at most so long
   */
  async quiet(patienceMs: number): Promise<void> {
    const enough = performance.now() + patienceMs;
    while ((this.open.size > 0 || this.gate.waiting > 0) && performance.now() < enough) {
      const rest = new AbortController();
      await Promise.race([
        Promise.allSettled(this.open),
        setTimeout(enough - performance.now(), undefined, { signal: rest.signal }).catch(() => undefined),
      ]);
      rest.abort();
    }
  }

  private async inTurn<T>(begin: string, hook: TransactionHook | undefined, work: (tx: Tx) => Promise<T>): Promise<T> {
    try {
      await this.gate.enter();
    } catch (error) {
      throw away(error);
    }
    try {
      return await this.once(begin, hook, work);
    } finally {
      this.gate.leave();
    }
  }

  private async once<T>(begin: string, hook: TransactionHook | undefined, work: (tx: Tx) => Promise<T>): Promise<T> {
    const done = this.perform(begin, hook, work);
    this.open.add(done);
    try {
      return await done;
    } finally {
      this.open.delete(done);
    }
  }

  private async perform<T>(begin: string, hook: TransactionHook | undefined, work: (tx: Tx) => Promise<T>): Promise<T> {
    const runner = this.source.createQueryRunner() as PooledRunner;
    let broken: Error | undefined;
    let client: PoolClient | undefined;
    let tx: Tx | undefined;
    try {
      client = (await runner.connect()) as PoolClient;
      tx = new Tx(client, runner, this.clock);
      const opened = tx.begin(begin);
      // `work` sends its first statement behind BEGIN without waiting; a failed BEGIN fails that statement too.
      opened.catch(() => undefined);
      const result = hook ? await this.hooked(hook, tx, client, work) : await work(tx);
      await Promise.all([tx.commit(), opened]);
      tx.committed();
      return result;
    } catch (caught) {
      const error = tx ? tx.causeOf(caught) : caught;
      if (isConnectionFailure(error)) {
        broken = error as Error;
        throw away(error);
      }
      if (client) await client.query('ROLLBACK').catch((failure: Error) => (broken = failure));
      throw error;
    } finally {
      // A broken connection must not be handed to the next request.
      await runner.releasePostgresConnection(broken);
    }
  }

  /** The hook stays with the work to its end: also what it keeps of a failure is committed before anybody else may try. */
  private async hooked<T>(hook: TransactionHook, tx: Tx, client: PoolClient, work: (tx: Tx) => Promise<T>): Promise<T> {
    await hook.before(tx);
    await client.query('SAVEPOINT request');
    try {
      const result = await work(tx);
      await hook.after(tx, result);
      await tx.settled();
      return result;
    } catch (caught) {
      const error = tx.causeOf(caught);
      if (isConnectionFailure(error) || TRY_AGAIN.has((error as { code?: string }).code ?? '')) throw error;
      await client.query('ROLLBACK TO SAVEPOINT request');
      tx.forgetSent();
      if (await hook.failed(tx, error)) await client.query('COMMIT');
      throw error;
    }
  }
}

function busy(): Error {
  return unavailable.with('Too many changes met at this moment, and yours was not made. Try again shortly.', {
    headers: { 'retry-after': '2' },
  });
}

function away(error: unknown): unknown {
  if (error instanceof GateTimeout) {
    const busy = unavailable.with(
      'The server is busy: your request did not get its turn, and nothing was done. Try again shortly.',
      { headers: { 'retry-after': '2' } },
    );
    busy.cause = error;
    return busy;
  }
  return unavailable.with(
    'The database cannot be reached at the moment. If this was a change, read the record again or repeat the request with the same Idempotency-Key before assuming that it was not made.',
    { headers: { 'retry-after': '2' } },
  );
}
