import { DEFAULT_POLICIES } from '../../src/organization/policy.js';
import type { PolicyHistoryAnswer } from '../../src/organization/policy-version.dto.js';
import { TestApp, type Officer } from '../support/app.js';

let app: TestApp;
let admin: Officer;
let county: Officer;
let otherCity: Officer;

beforeAll(async () => {
  app = await TestApp.start(['4113', '4201']);
  admin = await app.user('4113', 'admin');
  county = await app.user('411322', 'officer');
  otherCity = await app.user('4201', 'auditor');
});

afterAll(() => app.stop());

async function set(kind: string, document: object, effectiveFrom?: string): Promise<void> {
  const answer = await admin.put(`/policies/${kind}`, { document, ...(effectiveFrom ? { effectiveFrom } : {}) });
  if (answer.status !== 200) throw new Error(answer.text);
}

async function versions(who: Officer, kind: string, query = ''): Promise<PolicyHistoryAnswer[]> {
  const answer = await who.get(`/policies/${kind}/versions${query}`);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body.items as PolicyHistoryAnswer[];
}

const routing = (watchDays: number) => ({ ...DEFAULT_POLICIES.routing, watchDays });

test('a city that has set nothing has the version of its seed, in force, set by nobody', async () => {
  expect(await versions(county, 'ladder')).toEqual([
    {
      state: 'current',
      effectiveFrom: '1970-01-01T08:00:00.000+08:00',
      effectiveUntil: null,
      setAt: '2023-06-01T09:30:00.000+08:00',
      actor: { kind: 'seed', id: null, name: null },
      document: DEFAULT_POLICIES.ladder,
      changes: [],
    },
  ]);
});

test('every version stays on the list with who set it, its state and what it changed, the latest first', async () => {
  await set('routing', routing(45));
  app.clock.advanceMinutes(30);
  await set('routing', { ...routing(60), autoPush: false }, '2023-07-01T00:00:00+08:00');
  await set('routing', routing(50), '2023-06-15');
  const told = await versions(county, 'routing');
  const changed = (path: string, before: unknown, after: unknown) => ({ path, before, after });
  expect(
    told.map(({ state, effectiveFrom, effectiveUntil, changes }) => [state, effectiveFrom, effectiveUntil, changes]),
  ).toEqual([
    [
      'scheduled',
      '2023-07-01T00:00:00.000+08:00',
      null,
      [changed('/autoPush', true, false), changed('/watchDays', 50, 60)],
    ],
    ['scheduled', '2023-06-15T00:00:00.000+08:00', '2023-07-01T00:00:00.000+08:00', [changed('/watchDays', 45, 50)]],
    ['current', '2023-06-01T09:30:00.000+08:00', '2023-06-15T00:00:00.000+08:00', [changed('/watchDays', 30, 45)]],
    ['past', '1970-01-01T08:00:00.000+08:00', '2023-06-01T09:30:00.000+08:00', []],
  ]);
  expect(told.map(({ setAt }) => setAt.slice(11, 16))).toEqual(['10:00', '10:00', '09:30', '09:30']);
  const { body } = await (await app.user('4113', 'auditor')).get('/audit?action=policy.set&limit=1');
  const { actor } = (body.items as { actor: { id: string; name: string } }[])[0]!;
  expect(actor.name).toBe(admin.name);
  expect(told.map((version) => version.actor)).toEqual([
    ...new Array<unknown>(3).fill({ kind: 'user', ...actor }),
    { kind: 'seed', id: null, name: null },
  ]);
  expect(told[0]!.document).toEqual({ ...routing(60), autoPush: false });
  app.clock.set('2023-07-01T00:00:00+08:00');
  expect((await versions(county, 'routing')).map(({ state }) => state)).toEqual(['current', 'past', 'past', 'past']);
});

test('another city has its own history, and of a kind that there is not there is none', async () => {
  expect(await versions(otherCity, 'routing')).toHaveLength(1);
  expect((await otherCity.get('/policies/money/versions')).status).toBe(422);
});

test('pages give each version once; a cursor is of one kind of one city', async () => {
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { body } = await county.get(
      `/policies/routing/versions?limit=3&count=true${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    seen.push(...(body.items as PolicyHistoryAnswer[]).map(({ effectiveFrom }) => effectiveFrom.slice(0, 10)));
    expect(body.total).toBe(4);
    if (cursor === '') {
      const foreign = encodeURIComponent(body.nextCursor as string);
      const answers = await Promise.all([
        county.get(`/policies/clocks/versions?cursor=${foreign}`),
        otherCity.get(`/policies/routing/versions?cursor=${foreign}`),
      ]);
      expect(answers.map((answer) => answer.body.code as string)).toEqual(['invalid-cursor', 'invalid-cursor']);
    }
    cursor = body.nextCursor as string | null;
  }
  expect(seen).toEqual(['2023-07-01', '2023-06-15', '2023-06-01', '1970-01-01']);
});
