import type { NumberKind } from './number-format.js';

const DAY_SECONDS = 86_400;
const LAST_SERIAL = 2_958_465; // 9999-12-31
const digits = /^-?\d+$/;
const shortDecimal = /^-?\d+\.\d+$/;
const SIGNIFICANT_DIGITS = 15;

/**
 * The text of a number as the sheet stores it: its digits, never an exponent, and no more of a fraction than the fifteen
 * digits that a spreadsheet program shows (it stores 0.1 as 0.10000000000000001). A number whose last digits are lost
 * already, such as an identity number typed as a number, stays as it is stored: whoever checks it must refuse it.
 */
export function numberText(raw: string): string {
  if (digits.test(raw) || (raw.length <= SIGNIFICANT_DIGITS && shortDecimal.test(raw))) return raw;
  const value = Number(raw);
  if (raw.trim() === '' || !Number.isFinite(value) || Math.abs(value) >= 1e15) return raw;
  const text = String(Number(value.toPrecision(SIGNIFICANT_DIGITS)));
  return text.includes('e') ? raw : text;
}

/**
 * The text of a number that its style shows as a moment: `YYYY-MM-DD`, `YYYY-MM-DDTHH:mm:ss`, `HH:mm:ss`, or for a
 * duration `H:mm:ss`. A workbook knows no time zone. What is no moment after all (before 1900, the 29 February 1900 that
 * Excel made up) stays a number.
 */
export function momentText(raw: string, kind: Exclude<NumberKind, 'number'>, date1904: boolean): string {
  const serial = Number(raw);
  if (raw.trim() === '' || !Number.isFinite(serial) || serial < 0 || serial > LAST_SERIAL + 1) return numberText(raw);
  const seconds = Math.round(serial * DAY_SECONDS);
  const secondOfDay = seconds % DAY_SECONDS;
  const clock = clockText(secondOfDay);
  if (kind === 'duration') return `${Math.floor(seconds / 3600)}${clock.slice(2)}`;
  const day = Math.floor(seconds / DAY_SECONDS);
  if (day === 0 && (kind === 'time' || !date1904)) return clock;
  const date = dateText(day, date1904);
  if (date === undefined) return numberText(raw);
  return kind === 'date' && secondOfDay === 0 ? date : `${date}T${clock}`;
}

function dateText(day: number, date1904: boolean): string | undefined {
  // Day 60 of the 1900 system is a day that never was; those before it are one off against those after.
  if (!date1904 && day === 60) return undefined;
  const epoch = date1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, day < 60 ? 31 : 30);
  const moment = new Date(epoch + day * DAY_SECONDS * 1000);
  return moment.getUTCFullYear() > 9999 ? undefined : moment.toISOString().slice(0, 10);
}

function clockText(second: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
}

const escape = /_x([0-9A-Fa-f]{4})_/g;

/** The text behind the `_xHHHH_` with which workbooks write what XML cannot, e.g. a carriage return. */
export function unescapedText(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(escape, (whole, hex: string) => {
    const code = parseInt(hex, 16);
    return code === 0 || (code >= 0xd800 && code <= 0xdfff) ? whole : String.fromCharCode(code);
  });
}
