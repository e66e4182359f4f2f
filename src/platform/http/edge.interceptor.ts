import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { HTTP_CODE_METADATA } from '@nestjs/common/constants.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, map, type Observable } from 'rxjs';
import type { Keyring } from '../crypto/keyring.js';
import { transactionHook } from '../database/database.js';
import { NEVER_REPLAYED } from './operation.js';
import { etagOf } from './etag.js';
import { IdempotentRequest, Replay, checkIdempotencyKey, hashRequest } from './idempotency.js';
import { invalid } from './problem.js';
import { problemBody, toProblem, wantsChinese } from './problem.filter.js';
import { Reply } from './reply.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls, as far as retries and logs must know: set by whatever authenticates. */
    actorId?: string;
    /** The bytes of the body, kept only for requests with an Idempotency-Key. */
    rawBody?: Buffer;
  }
}

/** The outermost layer of every operation: status and ETag of the answer, and retries with Idempotency-Key. */
export class EdgeInterceptor implements NestInterceptor {
  constructor(private readonly keyring: Keyring) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const header = request.headers['idempotency-key'];
    const everyTime = Reflect.getMetadata(NEVER_REPLAYED, context.getHandler()) === true;
    if (header === undefined || everyTime || request.method !== 'POST' || request.actorId === undefined) {
      return next.handle().pipe(map((result) => finish(reply, result)));
    }
    if (Array.isArray(header)) throw invalid.with('Send one Idempotency-Key.');
    const success = (Reflect.getMetadata(HTTP_CODE_METADATA, context.getHandler()) as number | undefined) ?? 201;
    const idempotent = new IdempotentRequest(
      this.keyring,
      request.actorId,
      checkIdempotencyKey(header),
      () => hashOf(request),
      success,
      (error) => failureOf(error, request),
    );
    return from(this.once(idempotent, request, reply, next));
  }

  private async once(
    idempotent: IdempotentRequest,
    request: FastifyRequest,
    reply: FastifyReply,
    next: CallHandler,
  ): Promise<unknown> {
    try {
      const result: unknown = await transactionHook.run({ hook: idempotent }, () => lastValueFrom(next.handle()));
      return finish(reply, result);
    } catch (error) {
      if (!(error instanceof Replay)) throw error;
      await idempotent.requireSame(error);
      return replayed(reply, error);
    }
  }
}

function failureOf(error: unknown, request: FastifyRequest): { status: number; body: string } {
  const problem = toProblem(error);
  return { status: problem.kind.status, body: JSON.stringify(problemBody(problem, request, wantsChinese(request))) };
}

async function hashOf(request: FastifyRequest): Promise<Buffer | undefined> {
  if (!request.bodyDigest) return hashRequest(request.method, request.url, request.rawBody);
  const digest = await request.bodyDigest();
  return digest && hashRequest(request.method, request.url, digest);
}

function finish(reply: FastifyReply, result: unknown): unknown {
  const body = result instanceof Reply ? (result.body as unknown) : result;
  if (result instanceof Reply) void reply.status(result.status).headers(result.headers);
  const own = (body as { version?: unknown } | null | undefined)?.version;
  const version = result instanceof Reply && result.version !== undefined ? result.version : own;
  if (typeof version === 'number') void reply.header('etag', etagOf(version));
  return body;
}

/** Sends the first answer's bytes again; a Buffer passes through untouched. */
function replayed(reply: FastifyReply, { status, body }: Replay): Buffer {
  const { version } = (body === '' ? {} : JSON.parse(body)) as { version?: unknown };
  if (typeof version === 'number' && status < 300) void reply.header('etag', etagOf(version));
  void reply
    .status(status)
    .header(
      'content-type',
      status < 400 ? 'application/json; charset=utf-8' : 'application/problem+json; charset=utf-8',
    )
    .header('idempotent-replayed', 'true');
  return Buffer.from(body, 'utf8');
}
