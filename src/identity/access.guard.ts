import type { IncomingHttpHeaders } from 'node:http';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { OPERATION } from '../platform/http/operation.js';
import { forbidden, malformed, unauthenticated, type Problem } from '../platform/http/problem.js';
import { judge, ruleOf, type Verdict } from './access.policy.js';
import { Authenticator } from './authenticator.js';
import { callerOfRequest, type Caller } from './caller.js';
import { challenge, passwordChangeRequired, totpEnrolmentRequired } from './identity.problems.js';

interface Route {
  operationId: string;
  open: boolean;
}

const SCHEME = 'bearer ';

type Handler = ReturnType<ExecutionContext['getHandler']>;

/** Stands before every route: who calls, and may they. Whatever has no operation id or no rule is refused. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly routes = new Map<Handler, Route>();

  constructor(private readonly authenticator: Authenticator) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const route = this.routeOf(context.getHandler());
    if (route.open) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const caller = this.authenticate(request.headers);
    return caller instanceof Promise
      ? caller.then((known) => admit(request, known, route))
      : admit(request, caller, route);
  }

  /**
   * Who calls by a request's headers, and whether that caller may call an operation now: asked again by what lasts longer
   * than its request took to begin.
   * @throws Problem like a request that comes now
   */
  async callerOf(headers: IncomingHttpHeaders, operationId: string): Promise<Caller> {
    const caller = await this.authenticate(headers);
    const verdict = judge(caller, operationId);
    if (verdict !== 'allowed') throw refusal(verdict, caller, operationId);
    return caller;
  }

  private authenticate(headers: IncomingHttpHeaders): Caller | Promise<Caller> {
    const key = headers['x-api-key'];
    const { authorization } = headers;
    if (key !== undefined && authorization !== undefined) {
      throw malformed.with('Send Authorization or X-API-Key, not both.');
    }
    if (typeof key === 'string' && key !== '') return this.authenticator.ofKey(key);
    if (authorization === undefined) throw challenge(unauthenticated, 'Send Authorization: Bearer … or X-API-Key.');
    return this.authenticator.ofToken(tokenOf(authorization));
  }

  private routeOf(handler: Handler): Route {
    let route = this.routes.get(handler);
    if (!route) {
      const operationId = (Reflect.getMetadata(OPERATION, handler) as string | undefined) ?? '';
      const rule = ruleOf(operationId);
      route = { operationId, open: rule !== undefined && 'open' in rule };
      this.routes.set(handler, route);
    }
    return route;
  }
}

/** Without a regular expression: this is done at every request, on some 300 characters. */
function tokenOf(authorization: string): string {
  const token = authorization.slice(SCHEME.length);
  if (token === '' || token.includes(' ') || authorization.slice(0, SCHEME.length).toLowerCase() !== SCHEME) {
    throw challenge(unauthenticated, 'The Authorization header must be: Bearer, one space, the access token.');
  }
  return token;
}

function admit(request: FastifyRequest, known: Caller, { operationId }: Route): true {
  const verdict = judge(known, operationId);
  if (verdict !== 'allowed') throw refusal(verdict, known, operationId);
  request.caller = callerOfRequest(known, request.id, request.ip);
  request.actorId = known.id ?? undefined;
  return true;
}

/** Why not, and what to do: the first thing that somebody who set up a role wants to know. */
export function refusal(verdict: Exclude<Verdict, 'allowed'>, caller: Caller, operationId: string): Problem {
  switch (verdict) {
    case 'change-password':
      return passwordChangeRequired.with(
        'Your password was set by somebody else. Change it with POST /auth/password, then go on.',
      );
    case 'enrol-totp':
      return totpEnrolmentRequired.with('Your role needs a second factor. Set it up with POST /auth/totp, then go on.');
    case 'people-only':
      return forbidden.with('This is for people who are signed in, not for API keys.');
    case 'wrong-role': {
      const rule = ruleOf(operationId);
      const needed = rule && 'roles' in rule ? rule.roles.join(', ') : 'nobody';
      const own = [...caller.roles].join(', ');
      return forbidden.with(`This is for: ${needed}. You are ${own} at a ${caller.agency.tier} agency.`);
    }
  }
}
