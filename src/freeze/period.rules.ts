import { addDays, localDateOf, startOfLocalDate, type LocalDate } from '../platform/clock/local-date.js';

/** The same day `months` later; the last day of a shorter month: 08-31 and six months are 02-28, or 02-29. */
export function addMonths(date: LocalDate, months: number): LocalDate {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const days = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return `${first.toISOString().slice(0, 8)}${String(Math.min(day, days)).padStart(2, '0')}`;
}

/** Whether a period of local days, both inclusive, is at most so many calendar months. */
export function fitsMonths(from: LocalDate, until: LocalDate, months: number): boolean {
  return until <= addMonths(from, months);
}

/**
 * The same length of time from another day: whole calendar months, then days. Never more months than before, even where
 * the days that are left go over the end of a shorter month.
 */
export function movedTo(period: { from: LocalDate; until: LocalDate }, from: LocalDate): LocalDate {
  let months = 0;
  while (addMonths(period.from, months + 1) <= period.until) months += 1;
  const days = daysBetween(addMonths(period.from, months), period.until);
  if (days === 0) return addMonths(from, months);
  const moved = addDays(addMonths(from, months), days);
  const most = addMonths(from, months + 1);
  return moved < most ? moved : most;
}

function daysBetween(from: LocalDate, until: LocalDate): number {
  return Math.round((Date.parse(until) - Date.parse(from)) / 86_400_000);
}

/** The moment at which a freeze is over: 00:00 of the day after its last. */
export function lapseOf(until: LocalDate, timeZone: string): Date {
  return startOfLocalDate(addDays(until, 1), timeZone);
}

/** When it is to be verified that the money belongs to the case: 00:00 of the day so many months after it was frozen. */
export function verificationOf(effectiveAt: Date, months: number, timeZone: string): Date {
  return startOfLocalDate(addMonths(localDateOf(effectiveAt, timeZone), months), timeZone);
}

/** When the renewal of a freeze is called for: so many days before it is over. */
export function renewalAlarmOf(until: LocalDate, days: number, timeZone: string): Date {
  return startOfLocalDate(addDays(until, 1 - days), timeZone);
}
