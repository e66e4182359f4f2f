import { createHash } from 'node:crypto';
import type { Clock } from '../clock/clock.js';
import type { Keyring } from '../crypto/keyring.js';
import { session, statement, type Database, type TransactionHook, type Tx } from '../database/database.js';
import { idempotencyInFlight, idempotencyReused, invalid, malformed } from './problem.js';
import { Reply } from './reply.js';

const KEPT_MS = 24 * 60 * 60 * 1000;

const CLAIM = statement(
  'idempotency.claim',
  `SELECT pg_try_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 7)) AS free`,
);
const FIND = statement(
  'idempotency.find',
  `SELECT sealed_hash AS "sealedHash", status, sealed, created_at AS "createdAt" FROM idempotency WHERE caller = $1 AND key = $2`,
);
const FORGET = statement('idempotency.forget', `DELETE FROM idempotency WHERE caller = $1 AND key = $2`);
const KEEP = statement(
  'idempotency.keep',
  `INSERT INTO idempotency (caller, key, sealed_hash, status, sealed, created_at) VALUES ($1, $2, $3, $4, $5, $6)
   ON CONFLICT ON CONSTRAINT idempotency_pk DO NOTHING`,
);
const PURGE = statement('idempotency.purge', `DELETE FROM idempotency WHERE created_at < $1`);

const platformSession = session({ actor: 'platform', agency_path: '', roles: 'system' });

interface Kept {
  sealedHash: Buffer;
  status: number;
  sealed: Buffer;
  createdAt: Date;
}

/** Thrown inside the transaction to answer with what was answered the first time, if the request is the same. */
export class Replay extends Error {
  constructor(
    readonly status: number,
    readonly body: string,
    readonly sealedHash: Buffer,
  ) {
    super('replay');
  }
}

/**
 * One request with an Idempotency-Key. The answer is kept in the same transaction as the change it tells of: after a
 * crash there are both or neither, so that a retry never applies anything twice.
 */
export class IdempotentRequest implements TransactionHook {
  constructor(
    private readonly keyring: Keyring,
    private readonly caller: string,
    private readonly key: string,
    /** What makes the request the same; asked for when its body is all there. undefined where the body broke off. */
    private readonly requestHash: () => Promise<Buffer | undefined>,
    private readonly successStatus: number,
    /** What the caller is told of a failure. */
    private readonly failureOf: (error: unknown) => { status: number; body: string },
  ) {}

  async before(tx: Tx): Promise<void> {
    const [claim, kept] = await Promise.all([
      tx.row<{ free: boolean }>(CLAIM, [this.caller, this.key]),
      tx.row<Kept>(FIND, [this.caller, this.key]),
    ]);
    if (!claim?.free)
      throw idempotencyInFlight.with('The first request with this key has not ended yet. Repeat this one in a moment.');
    if (kept && kept.createdAt.getTime() > tx.now.getTime() - KEPT_MS) {
      throw new Replay(kept.status, this.keyring.openText(kept.sealed, this.context), kept.sealedHash);
    }
    if (kept) await tx.run(FORGET, [this.caller, this.key]);
  }

  /**
   * Holds the request against the one that was answered; outside the transaction, because the rest of an upload may
   * still be on its way.
   * @throws Problem `idempotency-key-reused`
   */
  async requireSame(replay: Replay): Promise<void> {
    const hash = await this.requestHash();
    if (!hash) throw malformed.with('The body broke off before its end. Send it again.');
    if (!hash.equals(this.keyring.open(replay.sealedHash, this.context))) {
      throw idempotencyReused.with('This key came with another request before. Use a new key for a new request.');
    }
  }

  async after(tx: Tx, result: unknown): Promise<void> {
    const reply = result instanceof Reply ? result : new Reply(this.successStatus, result);
    const hash = await this.requestHash();
    if (!hash) throw new Error('a request was carried out whose body broke off');
    await this.keep(tx, hash, reply.status, JSON.stringify(reply.body) ?? '');
  }

  /** Keeps the answer of a request that failed for a reason of its own (4xx): a retry is told the same. */
  async failed(tx: Tx, error: unknown): Promise<boolean> {
    const { status, body } = this.failureOf(error);
    if (status >= 500 || status === 429) return false;
    const hash = await this.requestHash();
    // Whoever was cut off sends it whole the next time: that is no other request.
    if (!hash) return false;
    await this.keep(tx, hash, status, body);
    return true;
  }

  private async keep(tx: Tx, hash: Buffer, status: number, body: string): Promise<void> {
    // The hash is sealed, too: phone numbers and passwords could be guessed from a bare one.
    const sealedHash = this.keyring.seal(hash, this.context);
    await tx.run(KEEP, [this.caller, this.key, sealedHash, status, this.keyring.seal(body, this.context), tx.now]);
  }

  private get context(): string {
    return `idempotency:${this.caller}:${this.key}`;
  }
}

/** @throws Problem `invalid` where the header is not 1–255 visible characters */
export function checkIdempotencyKey(key: string): string {
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw invalid.with('Idempotency-Key takes 1 to 255 visible ASCII characters, for example a UUID.');
  }
  return key;
}

/** What makes a request the same: method, path with query, and the bytes of the body (or a digest of an upload). */
export function hashRequest(method: string, url: string, body: Buffer | undefined): Buffer {
  const hash = createHash('sha256').update(method).update(' ').update(url).update('\n');
  if (body) hash.update(body);
  return hash.digest();
}

/** Forgets answers older than 24 h. */
export async function purgeIdempotency(database: Database, clock: Clock): Promise<number> {
  return database.transaction(platformSession, (tx) => tx.run(PURGE, [new Date(clock.now().getTime() - KEPT_MS)]));
}
