/** Field of the blind index. */
export const CREDIT_CODE_FIELD = 'credit-code';

/** Digits and capital letters without those that look like digits (GB 32100-2015). */
const CHARACTERS = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const CREDIT_CODE = new RegExp(`^[${CHARACTERS}]{2}\\d{6}[${CHARACTERS}]{10}$`);
const MODULUS = CHARACTERS.length;
/** 3^i mod 31. */
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/**
 * A unified social credit code (GB 32100-2015): 18 characters, the third to eighth the digits of a division, the last the
 * right check character.
 * @returns it in capital letters, or undefined where it is none
 */
export function normaliseCreditCode(text: string): string | undefined {
  const code = text.normalize('NFKC').trim().toUpperCase();
  if (!CREDIT_CODE.test(code)) return undefined;
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * CHARACTERS.indexOf(code[index]!), 0);
  return CHARACTERS[(MODULUS - (sum % MODULUS)) % MODULUS] === code[17] ? code : undefined;
}

/** 91411300MA44B1C2XY → 914113********C2XY. */
export function maskCreditCode(code: string): string {
  return `${code.slice(0, 6)}********${code.slice(-4)}`;
}
