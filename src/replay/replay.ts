import type { INestApplicationContext } from '@nestjs/common';
import type { BriefingAnswer } from '../briefing/briefing.dto.js';
import { ClockService } from '../clock/clock.service.js';
import { ClockView } from '../clock/clock.view.js';
import { systemCaller } from '../identity/caller.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import { SeedService } from '../organization/seed.service.js';
import { addDays, startOfLocalDate, type LocalDate } from '../platform/clock/local-date.js';
import { Database, session, type Tx } from '../platform/database/database.js';
import type { FraudTypesAnswer } from '../report/breakdown.dto.js';
import { HolidayService } from '../returns/holiday.service.js';
import { Agenda } from '../simulation/agenda.js';
import { ApiClient, expectDone } from '../simulation/api.client.js';
import type { CityMap } from '../simulation/city.map.js';
import type { PlayedClock } from '../simulation/played.clock.js';
import { DeskPlayer } from './desk.player.js';
import { MoneyPlayer } from './money.player.js';
import type { DayPlan, ReplayOptions, ReplayPlan } from './plan.js';
import { daysOf, profileOf, targetsOf, type Profile } from './profile.rules.js';
import { readPublishedFigures, type PublishedFigures } from './published.figures.js';
import { planReplay } from './replay.plan.js';
import { ReplayStaff } from './replay.staff.js';
import { replayStore, type ReplayProgress } from './replay.store.js';
import { Scene } from './scene.js';
import { WarnedPlayer } from './warned.player.js';

/** The database is not for this replay; the message says why, and how to go on. */
export class ReplayRefused extends Error {
  override readonly name = 'ReplayRefused';
}

export interface ReplayRun {
  readonly app: INestApplicationContext;
  /** Where the application listens. */
  readonly base: string;
  readonly clock: PlayedClock;
  readonly timeZone: string;
  readonly options: ReplayOptions;
  /** Until when time goes on after the period, milliseconds: the real present. */
  readonly today: number;
  /** Told of the days that have been played, of all. */
  readonly onDay?: (played: number, days: number) => void;
  /** Ends the replay between two acts; it can go on later. */
  readonly signal?: AbortSignal;
}

export interface Replayed {
  readonly plan: ReplayPlan;
  readonly profile: Profile;
  readonly figures: PublishedFigures;
  readonly briefing: BriefingAnswer;
  readonly fraudTypes: FraudTypesAnswer;
  /** Requests of this run. */
  readonly requests: number;
}

/** Requests under way at the same time: only what happens in the same minute goes together. */
const MOST_AT_ONCE = 8;
/** Minutes of the day at which the clocks tell what has fallen due, besides before whatever happens to a case. */
const CLOCK_MINUTES = [3, 8, 10, 12, 14, 16, 18, 20, 22, 23.9].map((hour) => Math.round(hour * 60));

const replaySession = session({ actor: 'replay', agency_path: '', roles: 'system' });

/**
 * Feeds a city's period through the intake and the commands of an application in this process, day by day, and reads the
 * briefing at the end. A replay that was stopped goes on with the day that it was in: every command has a key of its
 * own, and what was done already has its first answer.
 * @throws ReplayRefused where the database holds something else; PlanError; UnexpectedAnswer; the reason of `signal`
 */
export async function replay(run: ReplayRun): Promise<Replayed> {
  const { app, options, clock } = run;
  const nextDay = await admit(run);
  clock.moveTo(startOfLocalDate(nextDay, run.timeZone).getTime());
  const figures = await readPublishedFigures();
  const profile = profileOf(options.city, figures);
  await seed(app, options.city);
  const map = await mapOf(app, options.city);
  const targets = targetsOf(profile, options, map.counties.length);
  const plan = planReplay({ options, targets, types: profile.types, map });
  // What cannot be replayed has failed by now, and has not taken the database.
  await take(run);
  const client = new ApiClient(run.base, MOST_AT_ONCE);
  try {
    const staff = new ReplayStaff(app, client, options.city);
    await playDays(run, plan, staff, nextDay);
    await passOn(run);
    // Years have gone by: whoever was signed in is so no more.
    const supervisor = await new ReplayStaff(app, client, options.city).supervisor(options.city);
    const read = async <T>(report: string): Promise<T> => {
      const query = new URLSearchParams({ agency: options.city, from: options.from, to: options.to }).toString();
      return expectDone<T>(supervisor, report, await supervisor.get(`/reports/${report}?${query}`));
    };
    const briefing = await read<BriefingAnswer>('briefing');
    const fraudTypes = await read<FraudTypesAnswer>('fraud-types');
    return { plan, profile, figures, briefing, fraudTypes, requests: client.answered };
  } finally {
    client.close();
  }
}

/** @returns the day to begin, or to go on with. @throws ReplayRefused where the database holds something else */
async function admit({ app, options }: ReplayRun): Promise<LocalDate> {
  const found = await app.get(Database, { strict: false }).read(replaySession, (tx) => mine(tx, options));
  return found?.nextDay ?? options.from;
}

/** Takes the database, where it is not taken by this replay already. */
async function take({ app, options }: ReplayRun): Promise<void> {
  await app.get(Database, { strict: false }).transaction(replaySession, async (tx) => {
    if (!(await mine(tx, options))) await replayStore.begin(tx, options);
  });
}

async function mine(tx: Tx, options: ReplayOptions): Promise<ReplayProgress | undefined> {
  const found = await replayStore.find(tx);
  if (await replayStore.hasStrangers(tx, found !== undefined)) {
    throw new ReplayRefused(
      'The database holds alerts or incidents that are no replay’s. A replay never mixes with real cases: give it a database of its own, with another SANJI_DATA_DIR or DATABASE_URL.',
    );
  }
  if (!found || (['city', 'from', 'to', 'scale', 'seed'] as const).every((name) => found[name] === options[name])) {
    return found;
  }
  const { city, from, to, scale, seed: word } = found;
  throw new ReplayRefused(
    `The database holds another replay. Go on with that one: sanji replay --city ${city} --from ${from} --to ${to} --scale ${scale} --seed ${quoted(word)} - or give this one a database of its own, with another SANJI_DATA_DIR or DATABASE_URL.`,
  );
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w.-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Agencies and holidays of the city, where they are not there yet. */
async function seed(app: INestApplicationContext, city: string): Promise<void> {
  await app.get(SeedService, { strict: false }).seedCity(city);
  const organization = await app.get(OrganizationRegistry, { strict: false }).current();
  const caller = { ...systemCaller(organization.byCode(city)!), name: 'replay' };
  await app.get(HolidayService, { strict: false }).seed(caller);
}

async function mapOf(app: INestApplicationContext, city: string): Promise<CityMap> {
  const organization = await app.get(OrganizationRegistry, { strict: false }).current();
  const place = ({ code, name }: { code: string; name: string }): { code: string; name: string } => ({ code, name });
  const counties = organization.childrenOf(organization.byCode(city)!).map((county) => ({
    ...place(county),
    townships: organization.childrenOf(county).map(place),
  }));
  return {
    code: city,
    counties: counties.filter(({ townships }) => townships.length > 0),
    fraudTypes: [...organization.fraudTypes.keys()],
  };
}

async function playDays(run: ReplayRun, plan: ReplayPlan, staff: ReplayStaff, nextDay: string): Promise<void> {
  const { app, options, timeZone, clock } = run;
  const clocks = app.get(ClockService, { strict: false });
  const starts = [...plan.days, undefined].map((_, index) =>
    startOfLocalDate(addDays(options.from, index), timeZone).getTime(),
  );
  const scene = new Scene(plan, staff, starts);
  const players = { warned: new WarnedPlayer(scene), money: new MoneyPlayer(scene), desks: new DeskPlayer(scene) };
  const first = daysOf(options.from, nextDay) - 1;
  run.onDay?.(first, plan.days.length);
  for (const day of plan.days.slice(first)) {
    run.signal?.throwIfAborted();
    await playDay(run, scene, day, players, clocks);
    await app
      .get(Database, { strict: false })
      .transaction(replaySession, (tx) => replayStore.forward(tx, addDays(day.date, 1)));
    run.onDay?.(day.index + 1, plan.days.length);
  }
  clock.moveTo(starts.at(-1)!);
}

/**
 * Lets what is left fall due, each at its moment, until today: follow-ups of the last days, freezes that end. Otherwise
 * the next server would find years of it at once.
 */
async function passOn({ app, clock, signal, today }: ReplayRun): Promise<void> {
  const database = app.get(Database, { strict: false });
  const [clocks, view] = [app.get(ClockService, { strict: false }), app.get(ClockView, { strict: false })];
  for (;;) {
    signal?.throwIfAborted();
    await clocks.catchUp();
    const next = await database.read(replaySession, (tx) => view.oldest(tx));
    if (!next || next.getTime() > today || next <= clock.now()) break;
    // At the very millisecond of a limit nothing is late yet.
    clock.moveTo(next.getTime() + 1);
  }
  clock.release();
}

async function playDay(
  { clock, signal }: ReplayRun,
  scene: Scene,
  day: DayPlan,
  players: { warned: WarnedPlayer; money: MoneyPlayer; desks: DeskPlayer },
  clocks: ClockService,
): Promise<void> {
  const agenda = new Agenda({
    start: scene.at(day.index, 0),
    end: scene.at(day.index + 1, 0),
    moveTo: (moment) => clock.moveTo(moment),
    most: MOST_AT_ONCE,
    // None: what is done at which moment must not depend on how fast the machine is.
    lookahead: 0,
  });
  for (const minute of CLOCK_MINUTES) scene.tell(agenda, day.index, minute, () => clocks.catchUp());
  players.money.plan(agenda, day.index);
  players.warned.plan(agenda, day.index);
  players.desks.plan(agenda, day);
  const onAbort = (): void => agenda.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort);
  try {
    await agenda.play();
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}
