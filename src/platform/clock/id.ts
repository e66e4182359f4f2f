import { V7Generator } from 'uuidv7';

const generator = new V7Generator();

/**
 * A UUIDv7 of a moment: ids made later sort later, and rows that arrive together stay together on disk.
 * The moment comes from the product's clock, so that ids and times agree when it is moved.
 */
export function newId(at: Date): string {
  return generator.generateOrResetCore(at.getTime(), 1).toString();
}

/** The smallest UUIDv7 that can carry a moment: the lower bound of a range of ids. */
export function firstIdAt(at: Date): string {
  const hex = Math.max(0, at.getTime()).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7000-8000-000000000000`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isId(text: unknown): text is string {
  return typeof text === 'string' && UUID.test(text);
}
