import { Injectable } from '@nestjs/common';
import { hash, verify, type Options } from '@node-rs/argon2';
import { randomInt } from 'node:crypto';
import { normalisePassword, passwordFaults } from './password.rules.js';

const ARGON2ID = 2;
/** OWASP's choice for Argon2id: 19 MiB, two passes, one lane. */
const COST: Options = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

// Without 0/O, 1/l/I: these are read out and typed.
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789';

@Injectable()
export class PasswordHasher {
  private dummy: Promise<string> | undefined;

  /** @returns a PHC string: algorithm, cost, salt and digest */
  hash(password: string): Promise<string> {
    return hash(normalisePassword(password), COST);
  }

  /**
   * Whether a password is the one that was hashed. Without a hash (no such account, or none of its own) a dummy is
   * verified, so that the answer takes as long.
   */
  async verify(stored: string | null, password: string): Promise<boolean> {
    this.dummy ??= this.hash(this.generate());
    const matches = await verify(stored ?? (await this.dummy), normalisePassword(password));
    return matches && stored !== null;
  }

  /** The dummy costs as much as a hash of its own: made before anybody could measure it. */
  async prepare(): Promise<void> {
    await this.verify(null, '');
  }

  /** A new password for somebody to change, e.g. `k7Qm-x2Wd-9aTf-Lp4Z`: 92 bits. */
  generate(): string {
    for (;;) {
      const group = (): string => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
      const password = [group(), group(), group(), group()].join('-');
      if (passwordFaults(password, '').length === 0) return password;
    }
  }
}
