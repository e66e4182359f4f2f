/** Field of the blind index. */
export const ACCOUNT_FIELD = 'account';

const ACCOUNT = /^[0-9A-Z]{6,34}$/;
/** Of a payment institution: a name rather than a number, e.g. a phone or an e-mail address. */
const WALLET = /^[\x21-\x7e]{4,64}$/;

/**
 * An account as it is stored and compared: bank cards and accounts without blanks and hyphens, wallets in lower case.
 * @returns undefined where it is none
 */
export function normaliseAccount(text: string): string | undefined {
  const plain = text.normalize('NFKC').replace(/[\s-]/g, '');
  const upper = plain.toUpperCase();
  if (ACCOUNT.test(upper)) return upper;
  const wallet = text.normalize('NFKC').trim().toLowerCase();
  return WALLET.test(wallet) && /\d|@/.test(wallet) ? wallet : undefined;
}
