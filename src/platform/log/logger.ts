import { pino, type DestinationStream, type Logger } from 'pino';

/**
 * Structured logs, one JSON object a line, to standard error unless told otherwise. They carry ids, codes and durations. Bodies, queries,
 * headers and database parameters are never logged: that is where personal data would come in.
 */
export function createLogger(
  level: string,
  to: DestinationStream = pino.destination({ dest: 2, sync: false }),
): Logger {
  return pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
    },
    to,
  );
}

/**
 * An error without what it may quote: PostgreSQL puts row values into `detail`, `where` and even `message`, so of a
 * database error only its code and names are kept.
 */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const facts = error as Error & { code?: string; constraint?: string; table?: string; routine?: string };
  const fromDatabase = /^[0-9A-Z]{5}$/.test(facts.code ?? '') && 'severity' in facts;
  return {
    type: error.name,
    message: fromDatabase ? `database error ${facts.code}` : error.message,
    code: facts.code,
    constraint: facts.constraint,
    table: facts.table,
    stack: fromDatabase ? undefined : error.stack?.split('\n').slice(1, 8).join('\n'),
  };
}

export type { Logger };
