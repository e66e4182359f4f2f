import { COMMON_PASSWORDS } from './common-passwords.js';

export const PASSWORD_LEAST = 10;
/** Longer ones only cost time. */
export const PASSWORD_MOST = 200;

const KINDS: readonly RegExp[] = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{Ll}\p{Lu}\p{N}]/u];

/** One spelling for what looks the same, however the keyboard composed it. */
export function normalisePassword(password: string): string {
  return password.normalize('NFKC');
}

/** What is wrong with a new password; empty where nothing is. The messages never quote it. */
export function passwordFaults(password: string, username: string): string[] {
  const normal = normalisePassword(password);
  const faults: string[] = [];
  const length = [...normal].length;
  if (length < PASSWORD_LEAST) faults.push(`must have at least ${PASSWORD_LEAST} characters`);
  if (length > PASSWORD_MOST) faults.push(`must have at most ${PASSWORD_MOST} characters`);
  if (KINDS.filter((kind) => kind.test(normal)).length < 3) {
    faults.push('must mix three of: lower case, upper case, digits, other characters');
  }
  if (isCommon(normal)) faults.push('is among the passwords that are guessed first');
  if (contains(normal, username)) faults.push('must not contain the username');
  return faults;
}

/** A common word stays common with capitals, look-alike characters, and digits or marks around it. */
function isCommon(password: string): boolean {
  const plain = password.toLowerCase();
  const word = plain.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  const squeezed = plain.replace(/[^\p{L}\p{N}]/gu, '');
  const forms = [plain, word, squeezed].flatMap((form) => [form, withoutLookAlikes(form)]);
  return forms.some((form) => COMMON_PASSWORDS.has(form)) || isMonotonous(plain);
}

/** `p@ssw0rd` → `password`. */
function withoutLookAlikes(text: string): string {
  return text.replace(/[@4]/g, 'a').replace(/0/g, 'o').replace(/[1!]/g, 'i').replace(/3/g, 'e').replace(/[5$]/g, 's');
}

/** `aaaaaaaaaa`, `Ab1Ab1Ab1Ab1`: few different characters. */
function isMonotonous(password: string): boolean {
  return new Set(password).size < 5;
}

function contains(password: string, username: string): boolean {
  // Below three characters a username is bound to occur by chance.
  return username.length >= 3 && password.toLowerCase().includes(username.toLowerCase());
}
