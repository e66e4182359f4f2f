import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { HmacSha256 } from './sha256.js';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORMAT = 1;
const NONCES_AT_ONCE = 1024;

let nonces = Buffer.alloc(0);

/** Random, each given out once. Drawn many at a time: asking the system costs as much as sealing a value. */
function nextNonce(): Buffer {
  if (nonces.length === 0) nonces = randomBytes(NONCES_AT_ONCE * NONCE_BYTES);
  const nonce = nonces.subarray(0, NONCE_BYTES);
  nonces = nonces.subarray(NONCE_BYTES);
  return nonce;
}

/** A wrong or missing key: the message never holds key material. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
}

/**
 * Seals values with AES-256-GCM under the first key and opens them with any key it holds.
 * A sealed value is: format (1 byte) · length of key id (1) · key id · nonce (12) · ciphertext · tag (16).
 * `context` (the row the value belongs to) is authenticated with it: a value copied into another row does not open.
 */
export class Keyring {
  private readonly keys = new Map<string, Buffer>();
  private readonly header: Buffer;
  readonly currentId: string;

  private constructor(entries: [string, Buffer][]) {
    for (const [id, key] of entries) this.keys.set(id, key);
    this.currentId = entries[0]![0];
    const id = Buffer.from(this.currentId, 'utf8');
    this.header = Buffer.concat([Buffer.from([FORMAT, id.length]), id]);
  }

  /** @param text `id:base64[,id:base64…]` @throws KeyError */
  static parse(text: string): Keyring {
    const entries = text
      .split(/[,\n]/)
      .map((entry) => entry.trim())
      .filter(Boolean)
      .map((entry, index): [string, Buffer] => {
        const at = entry.indexOf(':');
        const id = entry.slice(0, at);
        if (at < 1 || !/^[A-Za-z0-9._-]{1,32}$/.test(id))
          throw new KeyError(`key ${index + 1} has no id before its colon`);
        const key = Buffer.from(entry.slice(at + 1), 'base64');
        if (key.length !== KEY_BYTES)
          throw new KeyError(`key "${id}" is ${key.length} bytes of base64, not ${KEY_BYTES}`);
        return [id, key];
      });
    if (entries.length === 0) throw new KeyError('no key is given');
    if (new Set(entries.map(([id]) => id)).size < entries.length) throw new KeyError('two keys have the same id');
    return new Keyring(entries);
  }

  /** The text of a new key, for a key file. */
  static generate(id: string): string {
    return `${id}:${randomBytes(KEY_BYTES).toString('base64')}`;
  }

  seal(plain: string | Buffer, context: string): Buffer {
    const nonce = nextNonce();
    const cipher = createCipheriv('aes-256-gcm', this.keys.get(this.currentId)!, nonce);
    cipher.setAAD(Buffer.from(context, 'utf8'));
    const body = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain);
    const rest = cipher.final();
    return Buffer.concat([this.header, nonce, body, rest, cipher.getAuthTag()]);
  }

  /** @throws KeyError where the key is unknown or the value was changed or moved */
  open(sealed: Buffer, context: string): Buffer {
    const idLength = sealed[1] ?? 0;
    const start = 2 + idLength;
    if (sealed[0] !== FORMAT || sealed.length < start + NONCE_BYTES + TAG_BYTES)
      throw new KeyError('not a sealed value');
    const id = sealed.toString('utf8', 2, start);
    const key = this.keys.get(id);
    if (!key) throw new KeyError(`a value is sealed with key "${id}", which is not among SANJI_KEYS`);
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(start, start + NONCE_BYTES));
    decipher.setAAD(Buffer.from(context, 'utf8'));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    try {
      const body = decipher.update(sealed.subarray(start + NONCE_BYTES, sealed.length - TAG_BYTES));
      return Buffer.concat([body, decipher.final()]);
    } catch {
      throw new KeyError('a sealed value does not open: it was changed, or belongs to another row');
    }
  }

  openText(sealed: Buffer, context: string): string {
    return this.open(sealed, context).toString('utf8');
  }

  /** Which key a value is sealed with. */
  static keyIdOf(sealed: Buffer): string {
    return sealed.toString('utf8', 2, 2 + (sealed[1] ?? 0));
  }
}

/**
 * Keyed digests for exact search over sealed values (HMAC-SHA-256, cut to 128 bits: collisions among 10^9 values are
 * still 10^-20). The key is made once per database and kept there sealed, so that rotating SANJI_KEYS keeps the index.
 */
export class BlindIndex {
  private readonly hmac: HmacSha256;

  constructor(key: Buffer) {
    this.hmac = new HmacSha256(key);
  }

  /** @param field keeps a phone and an account with the same digits apart */
  of(field: string, normalised: string): Buffer {
    return this.hmac.of(`${field}\0${normalised}`).subarray(0, 16);
  }

  /** A full-length digest of a person's own words, for the history's proof that they were not changed. */
  digest(text: string): Buffer {
    return this.hmac.of(`text\0${text}`);
  }
}
