import type { Group, Kind } from '../alert/alert.js';
import { normalizeLabel } from '../organization/fraud-type.js';
import type { RiskLevel } from '../organization/risk.js';
import { addDays, isLocalDate, localMinuteOf, startOfLocalDate } from '../platform/clock/local-date.js';

const DAY_MS = 86_400_000;
/** Nothing in it to narrow or to cut: most values, and the check is cheaper than the work. */
const PLAIN = /^[A-Za-z0-9](?:[ -~]*[!-~])?$/;

/** Gives the API's value of a label; what nobody knows stays as it is, for the rules of signals to refuse. */
export function labels<T extends string>(table: Record<T, readonly string[]>): (text: string) => string {
  const entries = Object.entries(table) as [T, readonly string[]][];
  const names = entries.flatMap(([value, more]) => [value, ...more].map((name): [string, T] => [name, value]));
  // As they are usually written first: comparing takes ten times as long.
  const exact = new Map(names);
  const known = new Map(names.map(([name, value]) => [normalizeLabel(name), value]));
  return (text) => exact.get(text) ?? known.get(normalizeLabel(text)) ?? text;
}

export const riskOf = labels<RiskLevel>({
  urgent: ['紧急', '特急', '紧急风险'],
  high: ['高', '高危', '高风险', '高级'],
  medium: ['中', '中危', '中风险', '中级'],
  low: ['低', '低危', '低风险', '低级'],
});

export const kindOf = labels<Kind>({
  fund: ['资金预警', '资金', '资金类'],
  telecom: ['通联', '通联预警', '通讯', '通信', '电信', '电话'],
  network: ['网络', 'App', '网络/App', '网络预警', '网络类'],
  'bank-counter': ['警银联动', '银行柜面', '柜面', '银行'],
  hotline: ['96110', '96110/群众举报', '群众举报', '热线', '举报'],
});

export const groupOf = labels<Group>({
  elderly: ['老年人', '老人', '老年'],
  student: ['学生', '在校学生', '大学生'],
  minor: ['未成年人', '未成年'],
  'finance-staff': ['财会人员', '财务人员', '财会', '会计', '财务'],
  none: ['无', '否', '普通', '普通人群', '普通群众'],
});

/** Digits as they are meant: full-width ones narrow, and without the mark that keeps a spreadsheet from reading a number. */
export function digitsOf(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .normalize('NFKC')
    .replace(/^['’‘`]+/, '')
    .trim();
}

/** Twelve digits of the statistical code are the nine, six or four of a division, filled up with zeros. */
export function divisionOf(text: string): string {
  const digits = digitsOf(text);
  const match = /^(\d{4})(\d{2})(\d{3})000$/.exec(digits);
  if (!match) return digits;
  const [, city, county, township] = match;
  return township !== '000' ? `${city}${county}${township}` : county !== '00' ? `${city}${county}` : city!;
}

const MONEY = /^¥?\s*(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?\s*(元|万元|万)?$/;
const YUAN_DIGITS = 2;
const TEN_THOUSAND_YUAN_DIGITS = 6;

/**
 * Whole fen of an amount in yuan, or in ten thousands of yuan, by the digits alone: floating point would lose fen.
 * @returns undefined where it is no amount, is negative, or has parts of a fen
 */
export function fenOf(text: string, unit: 'yuan' | 'ten-thousand-yuan'): number | undefined {
  const match = MONEY.exec(digitsOf(text));
  if (!match) return undefined;
  const [, whole, fraction = '', suffix] = match;
  const inTenThousands = suffix === undefined ? unit === 'ten-thousand-yuan' : suffix !== '元';
  const decimals = inTenThousands ? TEN_THOUSAND_YUAN_DIGITS : YUAN_DIGITS;
  if (/[1-9]/.test(fraction.slice(decimals))) return undefined;
  const fen = Number(whole!.replaceAll(',', '') + fraction.slice(0, decimals).padEnd(decimals, '0'));
  return Number.isSafeInteger(fen) ? fen : undefined;
}

const LOCAL_TIME =
  /^(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})日?)(?:(?:T|\s+|(?<=日))(\d{1,2})[:时](\d{1,2})分?(?::?(\d{1,2})(?:\.\d{1,9})?秒?)?)?$/;
const REMEMBERED_DAYS = 1_000;

/** Times of files: where they name no offset they are of the installation's zone. */
export class LocalTimes {
  /** Start of a day, and how long it is: a change of the clocks makes it longer or shorter. */
  private readonly days = new Map<string, { start: number; length: number }>();

  constructor(private readonly timeZone: string) {}

  /**
   * The moment of a text, with offset, as signals carry it. A day alone is its first moment. What is no local time, or
   * none that exists, stays as it is.
   */
  instantOf(text: string): string {
    const plain = digitsOf(text);
    const match = LOCAL_TIME.exec(plain);
    if (!match) return plain;
    const [, year, m1, d1, m2, d2, hour = '0', minute = '0', second = '0'] = match;
    const date = `${year}-${two(m1 ?? m2!)}-${two(d1 ?? d2!)}`;
    const day = this.day(date);
    if (!day || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return plain;
    const { start, length } = day;
    const sinceMidnight = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000;
    if (length === DAY_MS) return new Date(start + sinceMidnight).toISOString();
    // The clocks change on this day: the moment at which they show the time, if there is one.
    const shown = `${date} ${two(hour)}:${two(minute)}`;
    const at = [0, length - DAY_MS]
      .map((shift) => new Date(start + sinceMidnight + shift))
      .find((moment) => localMinuteOf(moment, this.timeZone) === shown);
    return at ? at.toISOString() : plain;
  }

  private day(date: string): { start: number; length: number } | undefined {
    const known = this.days.get(date);
    if (known) return known;
    if (!isLocalDate(date)) return undefined;
    const start = startOfLocalDate(date, this.timeZone).getTime();
    const day = { start, length: startOfLocalDate(addDays(date, 1), this.timeZone).getTime() - start };
    if (this.days.size >= REMEMBERED_DAYS) this.days.clear();
    this.days.set(date, day);
    return day;
  }
}

function two(digits: string): string {
  return digits.padStart(2, '0');
}
