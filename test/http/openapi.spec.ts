import { readFile } from 'node:fs/promises';
import { TestApp } from '../support/app.js';

interface Media {
  schema?: Record<string, unknown>;
  example?: unknown;
  examples?: Record<string, unknown>;
}
interface Described {
  operationId: string;
  summary?: string;
  tags?: string[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { description?: string; content?: Record<string, Media> }>;
}

describe('the API document', () => {
  let app: TestApp;
  let operations: [string, Described][];

  beforeAll(async () => {
    app = await TestApp.start([]);
    const { body } = await app.http.get('/api/openapi.json');
    operations = Object.entries(body.paths as Record<string, Record<string, Described>>).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, described]): [string, Described] => [`${method} ${path}`, described]),
    );
  });
  afterAll(() => app.stop());

  it('is the committed one, and OpenAPI 3.1', async () => {
    const { body } = await app.http.get('/api/openapi.json');
    expect(body.openapi).toMatch(/^3\.1\./);
    expect(body).toEqual(JSON.parse(await readFile('openapi.json', 'utf8')));
  });

  it('names every operation once, with a summary, a tag and its errors', () => {
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const bare = operations.filter(
      ([, { operationId, summary, tags, responses }]) =>
        !operationId || !summary || !tags?.length || !Object.keys(responses).some((status) => Number(status) >= 400),
    );
    expect(bare.map(([name]) => name)).toEqual([]);
  });

  it('shows a realistic body and answer for each', () => {
    const without = operations.flatMap(([name, { requestBody, responses }]) => {
      const faults: string[] = [];
      for (const [type, media] of Object.entries(requestBody?.content ?? {})) {
        if (type === 'application/json' && !media.example && !media.examples)
          faults.push(`${name}: no example of its body`);
      }
      for (const [status, { content }] of Object.entries(responses)) {
        for (const [type, media] of Object.entries(content ?? {})) {
          if (type.includes('json') && media.example === undefined && !media.examples)
            faults.push(`${name}: no example of ${status}`);
        }
      }
      return faults;
    });
    expect(without).toEqual([]);
  });

  it('refers only to schemas that it holds', async () => {
    const { text, body } = await app.http.get('/api/openapi.json');
    const names = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name!);
    const missing = names.filter((name) => !(name in (body.components.schemas as object)));
    expect([...new Set(missing)]).toEqual([]);
    expect(text).not.toContain('"nullable"');
  });

  it('is browsable, and explains every problem code', async () => {
    expect((await app.http.get('/api/docs')).status).toBe(200);
    const page = await app.http.get('/api/problems/illegal-transition');
    expect(page.body).toMatchObject({ status: 409, title: expect.any(String), titleZh: expect.any(String) });
  });

  it('is alive and ready', async () => {
    expect((await app.http.get('/healthz')).body).toEqual({ status: 'ok' });
    expect((await app.http.get('/readyz')).body).toMatchObject({
      status: 'ready',
      checks: { database: 'ok', migrations: 'ok' },
    });
    expect((await app.http.get('/metrics')).status).toBe(404);
  });
});
