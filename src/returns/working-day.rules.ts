import { addDays, type LocalDate } from '../platform/clock/local-date.js';

/** A day that differs from the week: a public holiday, or a weekend that is worked. */
export interface Holiday {
  readonly day: LocalDate;
  readonly working: boolean;
  readonly name: string;
}

const SUNDAY = 0;
const SATURDAY = 6;

/** Days that are worked, by the week and the holidays that are known. */
export class WorkingDays {
  private readonly exceptions: ReadonlyMap<LocalDate, boolean>;
  private readonly years: ReadonlySet<string>;

  constructor(holidays: readonly Holiday[]) {
    this.exceptions = new Map(holidays.map(({ day, working }) => [day, working]));
    this.years = new Set(holidays.map(({ day }) => yearOf(day)));
  }

  isWorked(day: LocalDate): boolean {
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
    return this.exceptions.get(day) ?? (weekday !== SATURDAY && weekday !== SUNDAY);
  }

  /** The `count`th working day after a day, which itself does not count. @param count at least 1 */
  after(day: LocalDate, count: number): LocalDate {
    let found = day;
    for (let left = count; left > 0;) {
      found = addDays(found, 1);
      if (this.isWorked(found)) left -= 1;
    }
    return found;
  }

  /** Whether the holidays of every year from one day to another are known; of others only weekends are left out. */
  covers(from: LocalDate, to: LocalDate): boolean {
    for (let year = Number(yearOf(from)); year <= Number(yearOf(to)); year++) {
      if (!this.years.has(String(year))) return false;
    }
    return true;
  }
}

function yearOf(day: LocalDate): string {
  return day.slice(0, 4);
}
