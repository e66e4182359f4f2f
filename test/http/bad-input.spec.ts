import { signal, TestApp, type Officer } from '../support/app.js';

describe('input that is not right', () => {
  let app: TestApp;
  let feed: Officer;
  let city: Officer;

  beforeAll(async () => {
    app = await TestApp.start();
    feed = await app.feed();
    city = await app.user('4113', 'officer');
  });
  afterAll(() => app.stop());

  const send = (body: string, type = 'application/json') =>
    app.http.post('/api/v1/alerts').set(feed.headers).set('content-type', type).send(body);

  it.each([
    ['JSON that breaks off', '{"source":', 400],
    ['a lone surrogate', '{"source":"\\ud800"}', 400],
    ['a NUL character', '{"source":"a\\u0000b"}', 400],
    ['deep nesting', '['.repeat(5_000) + ']'.repeat(5_000), 400],
    ['a list', '[]', 422],
    ['a number', '7', 422],
    ['null', 'null', 422],
  ])('refuses %s with a problem', async (_what, body, status) => {
    const answer = await send(body);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({
      status,
      code: expect.any(String),
      detail: expect.any(String),
      requestId: answer.headers['x-request-id'],
    });
  });

  it('refuses bytes that are not UTF-8', async () => {
    const answer = await app.app.inject({
      method: 'POST',
      url: '/api/v1/alerts',
      headers: { ...feed.headers, 'content-type': 'application/json' },
      payload: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
    });
    expect(answer.statusCode).toBe(400);
  });

  it('refuses another content type with 415 and a huge body with 413', async () => {
    expect((await send('<a/>', 'application/xml')).status).toBe(415);
    expect((await send(JSON.stringify({ summary: 'x'.repeat(10_000_000) }))).status).toBe(413);
    expect((await send(JSON.stringify({ summary: 'x'.repeat(2_000_000) }))).status).toBe(413);
  });

  it('names every fault of a signal, and echoes nothing personal', async () => {
    const answer = await feed.post('/alerts', {
      source: 'elsewhere',
      sourceRef: ' ',
      detectedAt: '2023-02-30T00:00:00+08:00',
      riskLevel: 'extreme',
      fraudType: 'nope',
      divisionCode: '420100',
      amountAtRiskFen: -1.5,
      subject: { phone: '12345', idNumber: '411322196501011230', secret: 1 },
      surplus: true,
    });
    expect(answer.status).toBe(422);
    const pointers = (answer.body.errors as { pointer: string }[]).map(({ pointer }) => pointer).sort();
    expect(pointers).toEqual(
      [
        '/amountAtRiskFen',
        '/detectedAt',
        '/divisionCode',
        '/fraudType',
        '/riskLevel',
        '/source',
        '/sourceRef',
        '/subject/idNumber',
        '/subject/phone',
        '/subject/secret',
        '/surplus',
      ].sort(),
    );
    expect(answer.text).not.toContain('411322196501011230');
  });

  it('refuses 1,001 items, and takes the good ones of a mixed batch', async () => {
    const many = Array.from({ length: 1_001 }, () => signal());
    expect((await feed.post('/alerts/batch', { alerts: many })).status).toBe(422);
    const mixed = await feed.post('/alerts/batch', { alerts: [signal(), { nonsense: 1 }, null, signal()] });
    expect(mixed.body).toMatchObject({ created: 2, rejected: 2, merged: 0, duplicates: 0 });
  });

  it('answers unknown paths, methods, ids and cursors with problems', async () => {
    expect((await city.get('/nowhere')).body.code).toBe('not-found');
    expect((await city.get('/alerts/not-an-id')).body.code).toBe('not-found');
    expect((await city.get('/alerts?cursor=forged')).body.code).toBe('invalid-cursor');
    expect((await city.get('/alerts?limit=201')).status).toBe(422);
    expect((await city.get('/alerts?colour=red')).body.errors).toEqual([
      { pointer: '/colour', message: 'is not a field of this request' },
    ]);
    expect((await city.get('/alerts?receivedFrom=2023-02-29')).status).toBe(422);
  });

  it('stores and gives back script and SQL as text', async () => {
    const summary = `<script>alert(1)</script>'); DROP TABLE alert; --`;
    const { body } = await feed.post('/alerts', signal({ summary }));
    expect((await city.get(`/alerts/${body.id as string}`)).body.summary).toBe(summary);
  });
});
