import { Problem, malformed, tooLarge } from './problem.js';

/** Nesting that no request of the contract comes near. */
const MAX_DEPTH = 12;
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a JSON body: strict UTF-8, bounded depth, no NUL characters or lone surrogates (PostgreSQL takes neither).
 * @throws Problem `malformed-request`
 */
export function parseJsonBody(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  let text: string;
  try {
    text = decoder.decode(body);
  } catch {
    throw malformed.with('The body is not valid UTF-8. Send JSON encoded as UTF-8.');
  }
  checkDepth(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw malformed.with(`The body is not valid JSON${positionOf(error)}.`);
  }
  // Escapes are the only way in for what text itself cannot hold; most bodies have none.
  if (text.includes('\\u')) checkText(value, '');
  return value;
}

function positionOf(error: unknown): string {
  const match = /position (\d+)/.exec((error as Error).message);
  return match ? ` (near character ${match[1]})` : '';
}

function checkDepth(text: string): void {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 92) i++;
      else if (code === 34) inString = false;
      else if (code === 0) throw malformed.with('The body holds a NUL character.');
    } else if (code === 34) inString = true;
    else if (code === 123 || code === 91) {
      if (++depth > MAX_DEPTH) throw malformed.with(`The body is nested deeper than ${MAX_DEPTH} levels.`);
    } else if (code === 125 || code === 93) depth--;
  }
}

function checkText(value: unknown, pointer: string): void {
  if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed()) {
      throw malformed.with(`The text at ${pointer || '/'} holds a NUL character or half of a surrogate pair.`);
    }
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => checkText(item, `${pointer}/${index}`));
  } else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) {
      checkText(key, pointer);
      checkText(item, `${pointer}/${escapePointer(key)}`);
    }
  }
}

/** A JSON Pointer segment; cut short, because it comes from the caller. */
export function escapePointer(segment: string): string {
  return segment.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1');
}

/** Fastify's own errors about bodies, in our terms; undefined for others. */
export function bodyProblem(code: string | undefined): Problem | undefined {
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return tooLarge.with('The body is larger than this operation takes.');
  if (code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH')
    return malformed.with('The body is not as long as Content-Length says.');
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return malformed.with('The body is empty. Send a JSON object.');
  return undefined;
}
