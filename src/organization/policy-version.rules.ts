import { DEFAULT_POLICIES } from './policy.js';
import type { PolicyVersion } from './policy.snapshot.js';

/** A version holds from its moment until the next one's; two of one moment cannot be, so each holds for some time. */
export const VERSION_STATES = ['past', 'current', 'scheduled'] as const;
export type VersionState = (typeof VERSION_STATES)[number];

/** One value that differs between two documents. */
export interface Change {
  /** JSON pointer within the document, e.g. `/urgent/callMinutes`. */
  readonly path: string;
  /** null: none, or not there. */
  readonly before: unknown;
  readonly after: unknown;
}

/** @param until when the next version begins; undefined: none does */
export function stateOf(effectiveFrom: Date, until: Date | undefined, now: Date): VersionState {
  if (effectiveFrom > now) return 'scheduled';
  return until !== undefined && until <= now ? 'past' : 'current';
}

/**
 * What a version changed against the one before it. The first that an admin set is held against the product's default,
 * which held until then; what came with the seed holds from the beginning and changed nothing.
 */
export function changesOf(version: PolicyVersion, previous: PolicyVersion | undefined): Change[] {
  if (previous) return changesBetween(previous.document, version.document);
  return version.setBy === null ? [] : changesBetween(DEFAULT_POLICIES[version.kind], version.document);
}

/** The values that differ, in the order of the later document. Lists are sets here: their order changes nothing. */
export function changesBetween(before: unknown, after: unknown, path = ''): Change[] {
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(after), ...Object.keys(before)])];
    return names.flatMap((name) => changesBetween(before[name], after[name], `${path}/${name}`));
  }
  if (canonical(before) === canonical(after)) return [];
  return [{ path, before: before ?? null, after: after ?? null }];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function canonical(value: unknown): string {
  return JSON.stringify(Array.isArray(value) ? value.map((entry) => JSON.stringify(entry)).sort() : (value ?? null));
}
