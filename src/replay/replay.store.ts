import { statement, type Tx } from '../platform/database/database.js';
import type { LocalDate } from '../platform/clock/local-date.js';
import type { ReplayOptions } from './plan.js';

/** How far a replay is. */
export interface ReplayProgress extends ReplayOptions {
  /** The first day that has not been played to its end; after the last one the replay is over. */
  readonly nextDay: LocalDate;
}

const BEGIN = statement(
  'replay.begin',
  `INSERT INTO replay (id, city_code, from_day, to_day, scale, seed, next_day)
   VALUES (1, $1, $2, $3, $4, $5, $2)`,
);
const FIND = statement(
  'replay.find',
  `SELECT city_code AS city, from_day AS "from", to_day AS "to", scale, seed, next_day AS "nextDay" FROM replay`,
);
const FORWARD = statement('replay.forward', `UPDATE replay SET next_day = $1 WHERE next_day <= $1`);
const ANY = statement('replay.any', `SELECT EXISTS (SELECT FROM alert) OR EXISTS (SELECT FROM incident) AS found`);
const STRANGERS = statement(
  'replay.strangers',
  `SELECT EXISTS (SELECT FROM alert WHERE source_ref NOT LIKE 'RP-%')
       OR EXISTS (SELECT FROM incident WHERE source_ref NOT LIKE 'RP-%' AND source <> 'sanji') AS found`,
);

/** The one replay that a database may hold. */
export const replayStore = {
  async find(tx: Tx): Promise<ReplayProgress | undefined> {
    return tx.row<ReplayProgress>(FIND);
  },

  async begin(tx: Tx, { city, from, to, scale, seed }: ReplayOptions): Promise<void> {
    await tx.run(BEGIN, [city, from, to, scale, seed]);
  },

  /** A day has been played to its end. */
  async forward(tx: Tx, nextDay: LocalDate): Promise<void> {
    await tx.run(FORWARD, [nextDay]);
  },

  /**
   * Whether somebody else's cases are in the database.
   * @param begun a replay has begun there: its own cases are told by their references; otherwise every case is another's
   */
  async hasStrangers(tx: Tx, begun: boolean): Promise<boolean> {
    return (await tx.row<{ found: boolean }>(begun ? STRANGERS : ANY))!.found;
  },
};
