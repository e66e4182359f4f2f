/** Fields of the blind index. */
export const PHONE_FIELD = 'phone';
export const IDENTITY_FIELD = 'identity';

const MOBILE = /^1[3-9]\d{9}$/;
/** Area code with its zero, then seven or eight digits. */
const LANDLINE = /^0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}$/;

/** A phone as it is stored and compared: digits only, without the country code. undefined where it is none. */
export function normalisePhone(text: string): string | undefined {
  const digits = text.replace(/[\s-]/g, '').replace(/^(?:\+86|0086)/, '');
  return MOBILE.test(digits) || LANDLINE.test(digits) ? digits : undefined;
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_DIGITS = '10X98765432';

/**
 * A resident identity number (GB 11643-1999): 18 characters, a birth date that exists, the right check digit.
 * @returns it with an upper-case X, or undefined where it is none
 */
export function normaliseIdNumber(text: string): string | undefined {
  const id = text.trim().toUpperCase();
  if (!/^[1-9]\d{16}[\dX]$/.test(id)) return undefined;
  const born = `${id.slice(6, 10)}-${id.slice(10, 12)}-${id.slice(12, 14)}`;
  const moment = Date.parse(`${born}T00:00:00Z`);
  if (Number.isNaN(moment) || !new Date(moment).toISOString().startsWith(born)) return undefined;
  const year = Number(id.slice(6, 10));
  if (year < 1880 || year > 2100) return undefined;
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(id[index]), 0);
  return CHECK_DIGITS[sum % 11] === id[17] ? id : undefined;
}
