import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isConnectionFailure, QUERY_CANCELED } from '../database/database.js';
import type { Logger } from '../log/logger.js';
import { bodyProblem } from './json-body.js';
import {
  Problem,
  type ProblemKind,
  forbidden,
  internalError,
  malformed,
  methodNotAllowed,
  notFound,
  takesTooLong,
  tooLarge,
  tooManyRequests,
  unauthenticated,
  unavailable,
  unsupportedMedia,
} from './problem.js';

/** A constraint of the database that stands for a rule: its name and the problem that callers see. */
export interface ConstraintProblem {
  constraint: string;
  kind: ProblemKind;
  detail: string;
}

const constraintProblems = new Map<string, ConstraintProblem>();

/** Each module maps its own constraints, in its `*.problems.ts`. */
export function mapConstraint(constraint: string, kind: ProblemKind, detail: string): void {
  constraintProblems.set(constraint, { constraint, kind, detail });
}

/** Turns whatever was thrown into the one shape of error that the API has. Never a stack, SQL or personal data. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const facts = error as { code?: string; constraint?: string; statusCode?: number };
  const mapped = constraintProblems.get(facts?.constraint ?? '');
  if (mapped) return mapped.kind.with(mapped.detail);
  const ofBody = bodyProblem(facts?.code);
  if (ofBody) return ofBody;
  if (facts?.code === QUERY_CANCELED) {
    return takesTooLong.with(
      'This took longer than a request may, and nothing was changed. Narrow a question by more filters or fewer days, or let a report or a list be made in the background: POST /exports. Send a command again.',
    );
  }
  if (isConnectionFailure(error)) {
    return unavailable.with('The database cannot be reached at the moment; try again shortly.', {
      headers: { 'retry-after': '2' },
    });
  }
  const status = error instanceof HttpException ? error.getStatus() : facts?.statusCode;
  switch (status) {
    case 400:
      return malformed.with('The request cannot be read. See /api/docs for what this path takes.');
    case 401:
      return unauthenticated.with('Send Authorization: Bearer … or X-API-Key.');
    case 403:
      return forbidden.with('Your role may not do this.');
    case 404:
      return notFound.with('There is nothing at this path. The paths are listed at /api/docs.');
    case 405:
      return methodNotAllowed.with('This path does not take that method.');
    case 413:
      return tooLarge.with('The request is larger than this operation takes.');
    case 414:
    case 431:
      return malformed.with('The address or the headers are too long.');
    case 415:
      return unsupportedMedia.with('Send application/json (multipart/form-data for files).');
    case 429:
      return tooManyRequests.with('Slow down and try again.', { headers: { 'retry-after': '1' } });
    default:
      return internalError.with('The server could not finish this. The request id below finds it in the logs.');
  }
}

/** No address of ours is longer. */
const LONGEST_INSTANCE = 200;

/** The body of a problem answer. */
export function problemBody(
  problem: Problem,
  request: { url: string; id: string },
  chinese: boolean,
): Record<string, unknown> {
  return {
    ...problem.members,
    type: `/api/problems/${problem.kind.code}`,
    title: chinese ? problem.kind.titleZh : problem.kind.title,
    status: problem.kind.status,
    detail: problem.message,
    instance: request.url.split('?')[0]!.slice(0, LONGEST_INSTANCE),
    code: problem.kind.code,
    requestId: request.id,
    ...(problem.errors ? { errors: problem.errors } : {}),
  };
}

export function wantsChinese({ headers }: FastifyRequest): boolean {
  return /^\s*zh\b/i.test(headers['accept-language'] ?? '');
}

export function sendProblem(reply: FastifyReply, request: FastifyRequest, problem: Problem): void {
  void reply
    .status(problem.kind.status)
    .headers(problem.headers)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(problemBody(problem, request, wantsChinese(request))));
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = toProblem(error);
    if (problem.kind.status >= 500) {
      this.logger.error({ err: error, requestId: request.id, code: problem.kind.code }, 'request failed');
    }
    sendProblem(reply, request, problem);
  }
}
