import { DEFAULT_POLICIES } from '../organization/policy.js';
import { Agenda } from '../simulation/agenda.js';
import { ApiClient } from '../simulation/api.client.js';
import { Desk } from './desk.js';
import { handIn } from './feed.js';
import { Random } from '../simulation/random.js';
import type { CityMap } from '../simulation/city.map.js';
import { planSignals } from './signals.js';
import { readCityMap, Staff } from './staff.js';

const HOUR_MS = 3_600_000;

export interface DayOptions {
  /** Where the server listens, e.g. `http://127.0.0.1:3000`. */
  readonly base: string;
  /** Code of the city. */
  readonly city: string;
  /** Of every account. */
  readonly password: string;
  readonly feedKey: string;
  readonly signals: number;
  readonly seed: string;
  /** The day's first and last moment (exclusive), milliseconds. */
  readonly start: number;
  readonly end: number;
  /** `YYYYMMDD`. */
  readonly date: string;
  readonly moveTo: (moment: number) => void;
  /** Told after each batch how many signals were handed in by then. */
  readonly onProgress?: (signals: number) => void;
  /** Stops the day between two commands. */
  readonly signal?: AbortSignal;
}

/** What was done on the day. */
export interface DayTally {
  /** What became of the signals. */
  readonly intake: { created: number; duplicates: number; merged: number; rejected: number };
  /** Commands given, by name. */
  readonly commands: Readonly<Record<string, number>>;
  /** Cases closed, by result; one that was closed twice counts twice. */
  readonly results: Readonly<Record<string, number>>;
  /** Answers of the server. */
  readonly requests: number;
}

/** Requests under way at the same time. */
const MOST_AT_ONCE = 10;
const LOOKAHEAD_MS = 45_000;

/** What everybody in the played day shares. */
export class Day {
  readonly limits = DEFAULT_POLICIES.clocks;
  readonly intake = { created: 0, duplicates: 0, merged: 0, rejected: 0 };
  readonly commands: Record<string, number> = {};
  readonly results: Record<string, number> = {};
  private readonly desks = new Map<string, Desk>();
  private readonly lateness = new Map<string, number>();

  constructor(
    readonly options: DayOptions,
    readonly agenda: Agenda,
    readonly staff: Staff,
    readonly map: CityMap,
    readonly random: Random,
  ) {
    for (const { code } of map.counties) {
      const desk = new Desk(this, code);
      this.desks.set(code, desk);
      // Counties differ, or there would be nothing to compare.
      this.lateness.set(code, random.fork(`lateness ${code}`).between(0.02, 0.14));
      agenda.tell(options.start, (turn) => desk.attend(turn));
    }
  }

  desk(county: string): Desk {
    return this.desks.get(county)!;
  }

  /** How often a county misses a limit, 0 to 1. */
  latenessOf(county: string): number {
    return this.lateness.get(county) ?? 0.05;
  }

  hourOf(moment: number): number {
    return (moment - this.options.start) / HOUR_MS;
  }

  count(command: string, times = 1): void {
    this.commands[command] = (this.commands[command] ?? 0) + times;
  }

  countResult(result: string): void {
    this.results[result] = (this.results[result] ?? 0) + 1;
  }
}

/**
 * Plays one day of a city over the API: signals come in minute by minute and officers of all tiers work them.
 * @throws UnexpectedAnswer where the server answers what nobody was prepared for; the reason of `signal` when it is aborted
 */
export async function playDay(options: DayOptions): Promise<DayTally> {
  const client = new ApiClient(options.base, MOST_AT_ONCE);
  const { start, end, moveTo, signal } = options;
  const agenda = new Agenda({ start, end, moveTo, most: MOST_AT_ONCE, lookahead: LOOKAHEAD_MS });
  const onAbort = (): void => agenda.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort);
  try {
    signal?.throwIfAborted();
    const staff = new Staff(client, options.password, options.feedKey);
    const map = await readCityMap(staff, options.city);
    const random = new Random(options.seed);
    const day = new Day(options, agenda, staff, map, random);
    const planned = planSignals({
      count: options.signals,
      start,
      day: options.date,
      map,
      random: random.fork('signals'),
    });
    handIn(day, planned);
    await agenda.play();
    return { intake: day.intake, commands: day.commands, results: day.results, requests: client.answered };
  } finally {
    signal?.removeEventListener('abort', onAbort);
    client.close();
  }
}
