import { addDays, startOfLocalDate, type LocalDate } from '../platform/clock/local-date.js';

/** A calendar month of the local calendar, `YYYY-MM`. */
export type Month = string;
/** `YYYY-Qn`. */
export type Quarter = string;

/** Inclusive local dates. */
export interface Period {
  /** The month or quarter. */
  readonly name: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
}

export const MONTH = /^(?:19[9]\d|20\d{2})-(?:0[1-9]|1[0-2])$/;

export function addMonths(month: Month, months: number): Month {
  const count = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + months;
  return `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`;
}

/** Months from one to another; negative where it lies before. */
export function monthsBetween(from: Month, to: Month): number {
  const count = (month: Month): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5));
  return count(to) - count(from);
}

export function periodOfMonth(month: Month): Period {
  return { name: month, from: `${month}-01`, to: addDays(`${addMonths(month, 1)}-01`, -1) };
}

export function quarterOf(month: Month): Quarter {
  return `${month.slice(0, 4)}-Q${Math.ceil(Number(month.slice(5)) / 3)}`;
}

export function addQuarters(quarter: Quarter, quarters: number): Quarter {
  return quarterOf(addMonths(firstMonthOf(quarter), quarters * 3));
}

export function firstMonthOf(quarter: Quarter): Month {
  return `${quarter.slice(0, 4)}-${String(Number(quarter.slice(6)) * 3 - 2).padStart(2, '0')}`;
}

/** Whether a quarter ends with the month. */
export function endsQuarter(month: Month): boolean {
  return Number(month.slice(5)) % 3 === 0;
}

export function periodOfQuarter(quarter: Quarter): Period {
  const first = firstMonthOf(quarter);
  return { name: quarter, from: `${first}-01`, to: periodOfMonth(addMonths(first, 2)).to };
}

/** The first moment of a period: its policy is the one in force then, known to everybody before it was worked by. */
export function beginningOf({ from }: Period, timeZone: string): Date {
  return startOfLocalDate(from, timeZone);
}

/** Whether a period has ended in local time. */
export function isOver({ to }: Period, timeZone: string, now: Date): boolean {
  return startOfLocalDate(addDays(to, 1), timeZone) <= now;
}
