/** How personal data is shown to whoever may see the case but has not opened it (spec page 5). */

/** 王小明 → 王*明, 王明 → 王*, 欧阳小明 → 欧**明. */
export function maskName(name: string): string {
  const letters = [...name];
  if (letters.length <= 1) return '*';
  if (letters.length === 2) return `${letters[0]}*`;
  return `${letters[0]}${'*'.repeat(letters.length - 2)}${letters.at(-1)}`;
}

/** 13812341234 → 138****1234; shorter numbers keep less. */
export function maskPhone(phone: string): string {
  if (phone.length >= 11) return `${phone.slice(0, 3)}****${phone.slice(-4)}`;
  return `${'*'.repeat(Math.max(4, phone.length - 2))}${phone.slice(-2)}`;
}

/** 411322196501011234 → 411322********1234. */
export function maskIdNumber(idNumber: string): string {
  return `${idNumber.slice(0, 6)}********${idNumber.slice(-4)}`;
}

/** 6222021234560123 → 6222 **** **** 0123. */
export function maskAccount(account: string): string {
  if (account.length <= 8) return `****${account.slice(-2)}`;
  return `${account.slice(0, 4)} **** **** ${account.slice(-4)}`;
}

/** Keeps an address down to the township: what follows 乡, 镇 or 街道 is hidden. */
export function maskAddress(address: string): string {
  const township = /^.*?(?:街道|[乡镇])/u.exec(address) ?? /^.*?[县区旗市]/u.exec(address);
  return township && township[0].length < 40 ? `${township[0]}***` : '***';
}

/** Seven digits or more in any script, in groups however they are set apart. */
const NUMBER = /\p{Nd}(?:[\s.\-–—·_()()]{0,3}\p{Nd}){6,}[XxXx]?/gu;

/** An address worth hiding: a mere 方城县 tells nothing. */
const ADDRESS_LENGTH = 6;

/**
 * Free text with what looks like a phone, identity or account number hidden, and the person's own name and address.
 * A run of seven or more digits (spaces and hyphens between groups allowed) keeps its first three and last two.
 */
export function maskText(text: string, { name, address }: { name?: string; address?: string }): string {
  let hidden = text;
  if (address && address.length >= ADDRESS_LENGTH) hidden = hidden.replaceAll(address, maskAddress(address));
  if (name && [...name].length > 1) hidden = hidden.replaceAll(name, maskName(name));
  return hidden.replace(NUMBER, (run) => {
    const digits = run.normalize('NFKC').replace(/[^\dXx]/g, '');
    return `${digits.slice(0, 3)}****${digits.slice(-2)}`;
  });
}
