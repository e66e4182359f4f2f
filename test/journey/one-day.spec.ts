import { signal, TestApp, type Officer } from '../support/app.js';

describe('an alert on its way through the three tiers', () => {
  let app: TestApp;
  let feed: Officer;
  let city: Officer;
  let county: Officer;
  let countySupervisor: Officer;
  let township: Officer;

  beforeAll(async () => {
    app = await TestApp.start();
    feed = await app.feed();
    city = await app.user('4113', 'officer');
    county = await app.user('411322', 'officer');
    countySupervisor = await app.user('411322', 'supervisor');
    township = await app.user('411322101', 'officer');
  });
  afterAll(() => app.stop());

  it('is pushed, signed for, handed down, visited, reported, reviewed and closed', async () => {
    const created = await feed.post('/alerts', signal({ riskLevel: 'high' }));
    expect(created.status).toBe(201);
    const { id } = created.body as { id: string };
    const seen = await county.get(`/alerts/${id}`);
    expect(seen.body).toMatchObject({
      status: 'assigned',
      holder: { code: '411322', tier: 'county' },
      subject: { name: '王*某' },
    });
    expect(seen.body.allowed).toContain('accept');

    app.clock.advanceMinutes(5);
    expect((await county.post(`/alerts/${id}/accept`)).body.status).toBe('in_progress');
    const call = {
      method: 'call',
      at: app.clock.now().toISOString(),
      reached: true,
      participants: [{ kind: 'police', name: '李警官' }],
    };
    expect((await county.post(`/alerts/${id}/attempts`, call)).status).toBe(201);
    expect((await county.post(`/alerts/${id}/forward`, { agency: '411322101' })).body.holder.code).toBe('411322101');
    app.clock.advanceMinutes(5);
    await township.post(`/alerts/${id}/accept`).expect(200);
    const visit = {
      method: 'visit',
      at: app.clock.now().toISOString(),
      reached: true,
      participants: [{ kind: 'grid-worker' }],
      note: '已见面',
    };
    await township.post(`/alerts/${id}/attempts`, visit).expect(201);
    const outcome = {
      result: 'dissuaded',
      interceptedFen: 2_000_000,
      interceptedBasis: 'transfer-cancelled',
      lossFen: 0,
      note: '已劝阻',
    };
    expect((await township.post(`/alerts/${id}/outcome`, outcome)).body.status).toBe('pending_review');
    const closed = await countySupervisor.post(`/alerts/${id}/review`, { decision: 'approve' });
    expect(closed.body).toMatchObject({ status: 'closed', result: 'dissuaded' });

    const timeline = await city.get(`/alerts/${id}/timeline`);
    expect(timeline.body.items.map((event: { type: string }) => event.type)).toEqual([
      'received',
      'accepted',
      'attempted',
      'forwarded',
      'accepted',
      'attempted',
      'outcome-submitted',
      'outcome-approved',
      'closed',
    ]);
  });
});
