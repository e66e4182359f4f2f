import { createServer, type Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { allProblemKinds, notFound } from '../http/problem.js';
import type { Metrics } from './metrics.js';
import { readiness, type ReadinessChecks } from './readiness.js';

/** `/healthz`, `/readyz` and, where asked for, `/metrics` on the public port. They need no caller and tell nothing of cases. */
export function addOpsRoutes(
  server: FastifyInstance,
  checks: ReadinessChecks,
  metrics: Metrics,
  metricsPublic: boolean,
): void {
  server.get('/healthz', { logLevel: 'silent' }, async () => ({ status: 'ok' }));
  server.get('/readyz', { logLevel: 'silent' }, async (_request, reply) => {
    const { ready, checks: results } = await readiness(checks.all());
    return reply
      .status(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: ready ? 'ready' : 'not ready', checks: results });
  });
  if (!metricsPublic) return;
  server.get('/metrics', { logLevel: 'silent' }, async (_request, reply) =>
    reply.header('content-type', metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}

/** What the `type` of a problem leads to: the kind in both languages. */
export function addProblemPages(server: FastifyInstance): void {
  const kinds = new Map(allProblemKinds().map((kind) => [kind.code, kind]));
  server.get<{ Params: { code: string } }>('/api/problems/:code', async (request, reply) => {
    const kind = kinds.get(request.params.code);
    if (!kind) throw notFound.with('There is no problem of that code. docs/errors.md lists them.');
    return reply.send({ code: kind.code, status: kind.status, title: kind.title, titleZh: kind.titleZh });
  });
}

/** `/metrics` on a port of its own, for the inside network. */
export function serveMetrics(metrics: Metrics, port: number, host: string): Server {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    metrics.registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  return server.listen(port, host);
}
