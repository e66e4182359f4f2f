import { Problem, invalid, malformed, tooLarge, type Fault } from './problem.js';

/** Nesting that no request of the contract comes near. */
const MAX_DEPTH = 12;
/** Values that an ordinary request may hold: lists of the contract are far shorter, and checking them costs per value. */
export const ORDINARY_VALUES = 2_000;
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Names that are part of every object: validation would drop them without a word. */
const INBORN = new Set(['__proto__', 'constructor']);
const SUSPICIOUS = /\\u|__proto__|"constructor"/;

/**
 * Reads a JSON body: an object in strict UTF-8, of bounded depth, without NUL characters or lone surrogates (PostgreSQL
 * takes neither), with at most so many values.
 * @throws Problem `malformed-request`, `invalid`, `too-large`
 */
export function parseJsonBody(body: Buffer, mostValues = ORDINARY_VALUES): unknown {
  if (body.length === 0) return undefined;
  let text: string;
  try {
    text = decoder.decode(body);
  } catch {
    throw malformed.with('The body is not valid UTF-8. Send JSON encoded as UTF-8.');
  }
  checkShape(text, mostValues);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw malformed.with(`The body is not valid JSON${positionOf(error)}.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid.with('The body is not a JSON object.', { errors: [{ pointer: '', message: 'must be an object' }] });
  }
  // Escapes are the only way in for what text itself cannot hold; most bodies have none.
  if (SUSPICIOUS.test(text)) checkMembers(value, '');
  return value;
}

function positionOf(error: unknown): string {
  const match = /position (\d+)/.exec((error as Error).message);
  return match ? ` (near character ${match[1]})` : '';
}

function checkShape(text: string, mostValues: number): void {
  let depth = 0;
  let values = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 92) i++;
      else if (code === 34) inString = false;
      else if (code === 0) throw malformed.with('The body holds a NUL character.');
    } else if (code === 34) inString = true;
    else if (code === 123 || code === 91) {
      values++;
      if (++depth > MAX_DEPTH) throw malformed.with(`The body is nested deeper than ${MAX_DEPTH} levels.`);
    } else if (code === 125 || code === 93) depth--;
    else if (code === 44) values++;
    if (values > mostValues) throw tooLarge.with(`The body holds more than ${mostValues} values.`);
  }
}

function checkMembers(value: unknown, pointer: string): void {
  if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed()) {
      throw malformed.with(`The text at ${pointer || '/'} holds a NUL character or half of a surrogate pair.`);
    }
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => checkMembers(item, `${pointer}/${index}`));
  } else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) {
      checkMembers(key, pointer);
      const at = `${pointer}/${escapePointer(key)}`;
      if (INBORN.has(key)) {
        const errors: Fault[] = [{ pointer: at, message: 'is not a field of this request' }];
        throw invalid.with('One field is not right: see errors.', { errors });
      }
      checkMembers(item, at);
    }
  }
}

/**
 * A JSON Pointer segment. It comes from the caller, who may have sent a map keyed by phones: cut short, and without long
 * numbers.
 */
export function escapePointer(segment: string): string {
  const shown = segment.slice(0, 64).replace(/\d{7,}/g, (digits) => '*'.repeat(digits.length));
  return shown.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** Fastify's own errors about bodies, in our terms; undefined for others. */
export function bodyProblem(code: string | undefined): Problem | undefined {
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return tooLarge.with('The body is larger than this operation takes.');
  if (code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH')
    return malformed.with('The body is not as long as Content-Length says.');
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return malformed.with('The body is empty. Send a JSON object.');
  return undefined;
}
