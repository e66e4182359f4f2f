import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Agency } from '../organization/agency.js';
import { session, type Session } from '../platform/database/database.js';
import type { Role } from './role.js';

/** Something that must be done before anything else is allowed. */
export type Obligation = 'change-password' | 'enrol-totp';

/** Who acts, and where: made once per token or key and remembered; a request adds its own facts to a copy. */
export interface Caller {
  readonly kind: 'user' | 'key' | 'system';
  /** Id of the user or API key; null for the system itself. */
  readonly id: string | null;
  /** Username, name of the key, or `system`. */
  readonly name: string;
  readonly agency: Agency;
  readonly roles: ReadonlySet<Role>;
  /** A feed: the sources that it may hand in and read back. Null for everybody else. */
  readonly sources: readonly string[] | null;
  /** Tells the database who acts, see Database.transaction. */
  readonly session: Session;
  readonly sessionId?: string;
  readonly obligation?: Obligation;
  readonly requestId?: string;
  readonly address?: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the access guard, absent where an operation is open to anybody. */
    caller?: Caller;
  }
}

export interface CallerFacts {
  kind: 'user' | 'key';
  id: string;
  name: string;
  agency: Agency;
  roles: readonly Role[];
  sources?: readonly string[] | null;
  sessionId?: string;
  obligation?: Obligation;
}

export function callerFor(facts: CallerFacts): Caller {
  return {
    kind: facts.kind,
    id: facts.id,
    name: facts.name,
    agency: facts.agency,
    roles: new Set(facts.roles),
    sources: facts.sources ?? null,
    session: session({ actor: facts.id, agency_path: facts.agency.path, roles: facts.roles.join(',') }),
    sessionId: facts.sessionId,
    obligation: facts.obligation,
  };
}

/** The product itself at work: clocks, imports that go on, the command line. Reaches every agency. */
export function systemCaller(agency: Agency): Caller {
  return {
    kind: 'system',
    id: null,
    name: 'system',
    agency,
    roles: new Set<Role>(),
    sources: null,
    session: session({ actor: 'system', agency_path: agency.path, roles: 'system' }),
  };
}

/** The caller of one request. */
export function callerOfRequest(known: Caller, requestId: string, address: string): Caller {
  return {
    kind: known.kind,
    id: known.id,
    name: known.name,
    agency: known.agency,
    roles: known.roles,
    sources: known.sources,
    session: known.session,
    sessionId: known.sessionId,
    obligation: known.obligation,
    requestId,
    address,
  };
}

/** The caller of the request, in a controller's parameters. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!caller) throw new Error('an operation that is open to anybody asks for its caller');
  return caller;
});
