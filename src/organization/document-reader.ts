import { escapePointer } from '../platform/http/json-body.js';
import type { Fault } from '../platform/http/problem.js';

const MAX_FAULTS = 100;

/**
 * Reads a JSON value of a known shape field by field and collects what is wrong with it. After a fault the value that a
 * method gives is of no use: look at `faults` before using any.
 */
export class DocumentReader {
  readonly faults: Fault[] = [];

  fault(pointer: string, message: string): void {
    if (this.faults.length < MAX_FAULTS) this.faults.push({ pointer, message });
  }

  /** An object with exactly these fields. */
  object<Key extends string>(value: unknown, pointer: string, keys: readonly Key[]): Record<Key, unknown> | undefined {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.fault(pointer, `must be an object with ${keys.join(', ')}`);
      return undefined;
    }
    for (const key of Object.keys(value)) {
      if (!(keys as readonly string[]).includes(key)) {
        this.fault(`${pointer}/${escapePointer(key)}`, 'is not a field of this document');
      }
    }
    const missing = keys.filter((key) => !Object.hasOwn(value, key));
    for (const key of missing) this.fault(`${pointer}/${key}`, 'is missing');
    return missing.length > 0 ? undefined : (value as Record<Key, unknown>);
  }

  integer(value: unknown, pointer: string, least: number, most: number): number {
    if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return value as number;
    this.fault(pointer, `must be a whole number from ${least} to ${most}`);
    return least;
  }

  /** A share from 0 to 1 with at most 4 decimals. */
  fraction(value: unknown, pointer: string): number {
    if (typeof value === 'number' && value >= 0 && value <= 1 && Math.round(value * 10_000) / 10_000 === value) {
      return value;
    }
    this.fault(pointer, 'must be a number from 0 to 1 with at most 4 decimals');
    return 0;
  }

  boolean(value: unknown, pointer: string): boolean {
    if (typeof value !== 'boolean') this.fault(pointer, 'must be true or false');
    return value === true;
  }

  /** One line of text, its length in characters. */
  text(value: unknown, pointer: string, least: number, most: number): string {
    if (typeof value !== 'string') {
      this.fault(pointer, 'must be a text');
      return '';
    }
    if (value.trim().length < least || value.length > most) {
      this.fault(pointer, `must have ${least} to ${most} characters`);
    } else if (/\p{Cc}/u.test(value)) {
      this.fault(pointer, 'must be one line, without control characters');
    }
    return value;
  }

  oneOf<T extends string>(value: unknown, pointer: string, allowed: readonly T[]): T {
    if (!(allowed as readonly unknown[]).includes(value)) this.fault(pointer, `must be one of ${allowed.join(', ')}`);
    return value as T;
  }

  /** A list of these words, each at most once, in whatever order. */
  listOf<T extends string>(value: unknown, pointer: string, allowed: readonly T[]): T[] {
    if (!Array.isArray(value) || value.length > allowed.length) {
      this.fault(pointer, `must be a list of different words among ${allowed.join(', ')}`);
      return [];
    }
    const words = value.map((word, index) => this.oneOf(word, `${pointer}/${index}`, allowed));
    words.forEach((word, index) => {
      if (words.indexOf(word) < index) this.fault(`${pointer}/${index}`, 'stands in the list already');
    });
    return words;
  }
}
