/** A calendar day of one time zone, `YYYY-MM-DD`. */
export type LocalDate = string;

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(timeZone: string): Intl.DateTimeFormat {
  let found = formatters.get(timeZone);
  if (!found) {
    found = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formatters.set(timeZone, found);
  }
  return found;
}

/** Since then no zone has changed its clocks but on a quarter of an hour, and none twice in a day. */
const REGULAR_SINCE = Date.UTC(1980, 0, 1);
const QUARTER_MS = 15 * 60_000;
const DAY_MS = 86_400_000;
const MOST_REMEMBERED = 20_000;
/** By zone, then by day of UTC; of days on which the clocks are changed, by quarter of an hour. */
const offsets = new Map<string, { days: Map<number, number | 'changes'>; quarters: Map<number, number> }>();

/** How far a zone is ahead of UTC at a moment: remembered, because Intl takes longer than the rest of an answer. */
function offsetMs(moment: Date, timeZone: string): number {
  const time = moment.getTime();
  if (time < REGULAR_SINCE) return computeOffset(moment, timeZone);
  let known = offsets.get(timeZone);
  if (!known || known.days.size + known.quarters.size >= MOST_REMEMBERED) {
    offsets.set(timeZone, (known = { days: new Map(), quarters: new Map() }));
  }
  const { days, quarters } = known;
  const day = Math.floor(time / DAY_MS);
  let ofDay = days.get(day);
  if (ofDay === undefined) {
    const [begin, end] = [day, day + 1].map((at) => computeOffset(new Date(at * DAY_MS), timeZone)) as [number, number];
    days.set(day, (ofDay = begin === end ? begin : 'changes'));
  }
  if (ofDay !== 'changes') return ofDay;
  const quarter = Math.floor(time / QUARTER_MS);
  let offset = quarters.get(quarter);
  if (offset === undefined) quarters.set(quarter, (offset = computeOffset(moment, timeZone)));
  return offset;
}

function computeOffset(moment: Date, timeZone: string): number {
  const part: Record<string, string> = {};
  for (const { type, value } of formatter(timeZone).formatToParts(moment)) part[type] = value;
  const date = `${part['year']!.padStart(4, '0')}-${part['month']}-${part['day']}`;
  const local = Date.parse(`${date}T${part['hour']}:${part['minute']}:${part['second']}Z`);
  return local - Math.floor(moment.getTime() / 1000) * 1000;
}

/** `YYYY-MM-DDTHH:mm:ss.sss` on the zone's clocks. */
function localIso(moment: Date, timeZone: string): string {
  return new Date(moment.getTime() + offsetMs(moment, timeZone)).toISOString().slice(0, -1);
}

/** The calendar day that a moment falls on in a zone. */
export function localDateOf(moment: Date, timeZone: string): LocalDate {
  return localIso(moment, timeZone).slice(0, 10);
}

/** The same as a number: whole days since 1970-01-01. @param time milliseconds */
export function localDayOf(time: number, timeZone: string): number {
  return Math.floor((time + offsetMs(new Date(time), timeZone)) / DAY_MS);
}

/** `YYYY-MM-DD HH:mm` of a moment in a zone, for people. */
export function localMinuteOf(moment: Date, timeZone: string): string {
  return localIso(moment, timeZone).slice(0, 16).replace('T', ' ');
}

/** The first moment of a local day. */
export function startOfLocalDate(date: LocalDate, timeZone: string): Date {
  const guess = Date.parse(`${date}T00:00:00Z`);
  // Twice, because the offset at the guess may differ from the one at the answer when the zone changes its clocks.
  const once = guess - offsetMs(new Date(guess), timeZone);
  return new Date(guess - offsetMs(new Date(once), timeZone));
}

/** The day `days` later (earlier where negative). */
export function addDays(date: LocalDate, days: number): LocalDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Whether a text is a day that exists (2023-02-29 does not). */
export function isLocalDate(text: unknown): text is LocalDate {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const parsed = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(parsed) && new Date(parsed).toISOString().startsWith(text);
}

/** Moments of an inclusive range of local dates: from the start of `from` to the start of the day after `to`. */
export function localRange(from: LocalDate, to: LocalDate, timeZone: string): { start: Date; end: Date } {
  return { start: startOfLocalDate(from, timeZone), end: startOfLocalDate(addDays(to, 1), timeZone) };
}

const INSTANT =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d)(:([0-5]\d)(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** Parses an RFC 3339 moment with offset; undefined where it is none or its day does not exist. */
export function parseInstant(text: unknown): Date | undefined {
  if (typeof text !== 'string') return undefined;
  const match = INSTANT.exec(text);
  if (!match || !isLocalDate(match[1])) return undefined;
  const parsed = new Date(text);
  return Number.isNaN(parsed.getTime()) ? undefined : parsed;
}

/** RFC 3339 with the zone's own offset, e.g. `2023-06-01T09:30:00.000+08:00`. */
export function formatInstant(moment: Date, timeZone: string): string {
  const offset = offsetMs(moment, timeZone);
  const sign = offset < 0 ? '-' : '+';
  const minutes = Math.abs(offset) / 60_000;
  const pad = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${localIso(moment, timeZone)}${sign}${pad(minutes / 60)}:${pad(minutes % 60)}`;
}
