import { CommanderError } from 'commander';
import { ConfigError } from '../platform/config/config.js';
import { KeyError } from '../platform/crypto/keyring.js';
import { Problem } from '../platform/http/problem.js';

export const EXIT_FAILED = 1;
export const EXIT_WRONG_CALL = 2;

/** The command was called in a way that cannot work: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command could not do it, for a reason that one sentence tells: exit code 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** Trying again cannot help before the command line or the environment is changed. */
const WRONG_CALLS = [UsageError, ConfigError, KeyError];

/** The exit code for what a command threw; 0 where it only showed its help or version. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_WRONG_CALL;
  const wrongInput = error instanceof Problem && error.kind.status === 422;
  return wrongInput || WRONG_CALLS.some((kind) => error instanceof kind) ? EXIT_WRONG_CALL : EXIT_FAILED;
}

/**
 * What to tell the person at the terminal; undefined where commander has said it already.
 * PostgreSQL's messages may quote rows: of those only the code and the names of things are told.
 */
export function messageOf(error: unknown): string | undefined {
  if (error instanceof CommanderError) return undefined;
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.message === '') return messageOf(error.errors[0]);
  if (error instanceof Problem) {
    // Over HTTP the faults stand in a field of their own.
    const sentence = error.message.replace(/: see errors\.$/, ':');
    const faults = (error.errors ?? []).map(({ pointer, message }) => `  ${pointer.replace(/^\//, '')}: ${message}`);
    return [sentence, ...faults].join('\n');
  }
  const { code, constraint } = error as { code?: string; constraint?: string };
  if ('severity' in error && code) {
    // Class 28 and 3D: the server refuses this user or has no such database; their messages quote only those names.
    if (/^(28|3D)/.test(code)) return `The database refuses the connection: ${error.message}`;
    return `The database refused it (${[code, constraint].filter(Boolean).join(', ')}).`;
  }
  return error.message;
}
