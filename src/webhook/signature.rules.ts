import { createHmac } from 'node:crypto';

/** Standard Webhooks: the bytes behind `whsec_`, in base64. */
const PREFIX = 'whsec_';
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const LEAST_BYTES = 24;
const MOST_BYTES = 64;
/** Of a secret that we make. */
export const SECRET_BYTES = 32;
export const SECRET_RULE = 'must be whsec_ and the base64 of 24 to 64 random bytes; leave it out to have one made';

/** @returns the key behind a secret; undefined where the text is none */
export function keyOf(secret: string): Buffer | undefined {
  const text = secret.slice(PREFIX.length);
  if (!secret.startsWith(PREFIX) || !BASE64.test(text) || text.length % 4 !== 0) return undefined;
  const key = Buffer.from(text, 'base64');
  return key.length >= LEAST_BYTES && key.length <= MOST_BYTES ? key : undefined;
}

export function secretOf(key: Buffer): string {
  return `${PREFIX}${key.toString('base64')}`;
}

/**
 * Headers of one attempt.
 * @param keys all that are valid: a receiver takes the message where one signature is right
 */
export function signedHeaders(
  id: string,
  at: Date,
  body: string,
  keys: readonly Buffer[],
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const sign = (key: Buffer): string =>
    `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': keys.map(sign).join(' ') };
}
