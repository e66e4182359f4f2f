import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify';
import type { Config } from '../config/config.js';
import type { Logger } from '../log/logger.js';
import type { Metrics } from '../ops/metrics.js';
import { ORDINARY_VALUES, parseJsonBody } from './json-body.js';
import { malformed, tooLarge, unsupportedMedia } from './problem.js';
import { sendProblem, toProblem } from './problem.filter.js';

const MEBIBYTE = 1024 * 1024;
/** A thousand signals with everything in them. */
const LARGEST_BODY = 8 * MEBIBYTE;
/** Everything else. */
const ORDINARY_BODY = MEBIBYTE;
const LARGE_PATHS = new Set(['/api/v1/alerts/batch', '/api/v1/incidents/batch']);
/** A thousand signals have some twenty values each. */
const LARGE_VALUES = 60_000;
/** Where files are taken. */
const UPLOAD_PATHS = new Set(['/api/v1/alerts/import', '/api/v1/incidents/import']);

/** Fastify's settings: sizes and patience are bounded, so that silent or endless requests cost little. */
export function serverOptions(config: Config): FastifyServerOptions {
  return {
    bodyLimit: LARGEST_BODY,
    trustProxy: config.trustProxy > 0 ? config.trustProxy : false,
    requestTimeout: 120_000,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    routerOptions: { maxParamLength: 100, ignoreTrailingSlash: false },
    http: { headersTimeout: 15_000, connectionsCheckingInterval: 5_000, maxHeaderSize: 16_384 },
    genReqId: (request) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && /^[\x21-\x7e]{1,128}$/.test(given) ? given : randomUUID();
    },
    clientErrorHandler: refuseUnreadable,
    frameworkErrors: refuseAddress,
    logger: false,
  } as FastifyServerOptions;
}

/** What is not HTTP, or too large to be: answered before there is a request. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, phrase, detail] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'Request Header Fields Too Large', 'The address and headers may have 16 KiB together. Shorten them.']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'Request Timeout', 'The request did not come whole in time. Send it again.']
        : [400, 'Bad Request', 'This is not HTTP that can be read.'];
  const [code, requestId] = ['malformed-request', randomUUID()];
  const problem = { type: `/api/problems/${code}`, title: phrase, status, detail, instance: '/', code, requestId };
  const body = JSON.stringify(problem);
  const headers = [
    `HTTP/1.1 ${status} ${phrase}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    'connection: close',
  ];
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`);
}

/** An address that leads to no route because it cannot be read: answered before there are hooks. */
function refuseAddress(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  void reply.header('x-request-id', request.id).header('cache-control', 'no-store');
  sendProblem(reply, request, toProblem(error));
}

/** Bodies, request ids, one log line a request, and errors that never reach a controller. */
export function prepareServer(server: FastifyInstance, logger: Logger, metrics: Metrics): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(['application/json'], { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = body as Buffer;
    try {
      const large = LARGE_PATHS.has(pathOf(request));
      if (bytes.length > ORDINARY_BODY && !large) {
        throw tooLarge.with(
          `The body is larger than ${ORDINARY_BODY / MEBIBYTE} MiB, which this operation takes at most.`,
        );
      }
      if (request.headers['idempotency-key'] !== undefined) request.rawBody = bytes;
      done(null, parseJsonBody(bytes, large ? LARGE_VALUES : ORDINARY_VALUES));
    } catch (error) {
      done(error as Error);
    }
  });
  server.addHook('onRequest', (request, reply, done) => {
    void reply
      .header('x-request-id', request.id)
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'no-store');
    // PostgreSQL has no such character in any text.
    done(/%00/.test(request.url) ? malformed.with('The address holds a NUL character.') : undefined);
  });
  // A command without anything to say may come without a body.
  server.addHook('preValidation', (request, _reply, done) => {
    if (isUpload(request) && !UPLOAD_PATHS.has(pathOf(request))) {
      // Its fields would be dropped without a word.
      done(unsupportedMedia.with('Send application/json.'));
      return;
    }
    if (request.body === undefined || request.body === null) request.body = {};
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    const { statusCode: status, elapsedTime } = reply;
    metrics.requests.observe({ method: request.method, route, status }, elapsedTime / 1000);
    // The route with its placeholders, not the address: a query may hold a phone number.
    logger.info(
      {
        requestId: request.id,
        method: request.method,
        route,
        status,
        ms: Math.round(elapsedTime * 10) / 10,
        actor: request.actorId,
      },
      'request',
    );
    done();
  });
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?')[0]!;
}

function isUpload({ headers }: FastifyRequest): boolean {
  return /^\s*multipart\//i.test(headers['content-type'] ?? '');
}
