import { DEFAULT_POLICIES } from '../../src/organization/policy.js';
import { PutPolicyBody, PolicyPath } from '../../src/organization/policy.dto.js';
import { createValidationPipe } from '../../src/platform/http/validation.js';
import type { OrganizationCaller } from '../../src/organization/organization.caller.js';
import { USER_ID, World, problemOf, until, type Instance } from './support.js';

const NOON = '2023-06-01T12:00:00+08:00';

let world: World;
let one: Instance;
let two: Instance;
let city: OrganizationCaller;
let county: OrganizationCaller;
let otherCity: OrganizationCaller;

beforeEach(async () => {
  world = await World.create(NOON);
  one = await world.instance();
  two = await world.instance();
  await one.seed.seedCity('4113');
  await one.seed.seedCity('6202');
  [city, county, otherCity] = (await Promise.all(['4113', '411322', '6202'].map((code) => one.callerOf(code)))) as [
    OrganizationCaller,
    OrganizationCaller,
    OrganizationCaller,
  ];
});

afterEach(() => world.drop());

const routing = (watchDays: number) => ({ autoPush: true, watchDays, maxReturns: 2 });

test('a seeded city answers the defaults, to everybody in it', async () => {
  for (const caller of [city, county]) {
    expect(await one.policy.get(caller, 'clocks')).toEqual({
      kind: 'clocks',
      document: DEFAULT_POLICIES.clocks,
      effectiveFrom: '1970-01-01T08:00:00.000+08:00',
      setBy: null,
      setAt: '2023-06-01T12:00:00.000+08:00',
      scheduled: [],
    });
  }
});

test('without a moment a policy holds at once, on every instance, in this city only', async () => {
  await two.policies.current();
  const before = new Date(world.clock.now().getTime() - 1);
  const answer = await one.policy.put(city, 'routing', { document: routing(45) });
  expect(answer).toMatchObject({
    document: routing(45),
    effectiveFrom: '2023-06-01T12:00:00.000+08:00',
    setBy: USER_ID,
  });
  const cityId = city.agency.id;
  expect((await one.policies.at(cityId, world.clock.now())).routing.watchDays).toBe(45);
  expect((await one.policies.at(cityId, before)).routing.watchDays).toBe(30);
  expect((await one.policies.at(otherCity.agency.id, world.clock.now())).routing.watchDays).toBe(30);
  expect((await one.policy.get(otherCity, 'routing')).document).toEqual(DEFAULT_POLICIES.routing);
  await until(async () => (await two.policies.at(cityId, world.clock.now())).routing.watchDays === 45);
});

test('a scheduled policy waits for its moment, and is shown until then', async () => {
  const answer = await one.policy.put(city, 'routing', {
    effectiveFrom: '2023-07-01T00:00:00+08:00',
    document: routing(60),
  });
  expect(answer).toMatchObject({
    document: DEFAULT_POLICIES.routing,
    scheduled: [{ document: routing(60), effectiveFrom: '2023-07-01T00:00:00.000+08:00', setBy: USER_ID }],
  });
  world.clock.set('2023-07-01T00:00:00+08:00');
  expect(await one.policy.get(county, 'routing')).toMatchObject({ document: routing(60), scheduled: [] });
});

test('a later version leaves the past as it was', async () => {
  await one.policy.put(city, 'routing', { document: routing(45) });
  world.clock.advanceMinutes(60);
  await one.policy.put(city, 'routing', { document: routing(50) });
  const watchDays = async (moment: string) =>
    (await one.policies.at(city.agency.id, new Date(moment))).routing.watchDays;
  expect([await watchDays('2023-06-01T12:59:59+08:00'), await watchDays('2023-06-01T13:00:00+08:00')]).toEqual([
    45, 50,
  ]);
});

test('a version is never rewritten: a second one of the same moment is refused', async () => {
  const body = { effectiveFrom: '2023-07-01T00:00:00+08:00', document: routing(60) };
  await one.policy.put(city, 'routing', body);
  const problem = await problemOf(one.policy.put(city, 'routing', { ...body, document: routing(61) }));
  expect([problem.kind.status, problem.kind.code]).toEqual([409, 'policy-exists']);
  expect((await one.policy.get(city, 'routing')).scheduled.map(({ document }) => document)).toEqual([routing(60)]);
  const rewrite = one.source.query('UPDATE policy SET set_by = NULL');
  await expect(rewrite).rejects.toThrow('permission denied');
});

test('is set at the city only', async () => {
  const problem = await problemOf(one.policy.put(county, 'routing', { document: routing(45) }));
  expect(problem.kind.code).toBe('forbidden');
});

test('what is not right is named, all of it, and changes nothing', async () => {
  const document = {
    ...DEFAULT_POLICIES.clocks,
    urgent: { acceptMinutes: 0, callMinutes: 10, visitMinutes: 60, feedbackMinutes: 240 },
  };
  const problem = await problemOf(
    one.policy.put(city, 'clocks', { effectiveFrom: '2023-06-01T11:59:59+08:00', document }),
  );
  expect(problem.errors?.map(({ pointer }) => pointer)).toEqual(['/effectiveFrom', '/document/urgent/acceptMinutes']);
  expect((await one.policy.get(city, 'clocks')).document).toEqual(DEFAULT_POLICIES.clocks);
  expect(one.recorder.changes).toEqual([]);
});

test.each(['2023-06-31T00:00:00+08:00', '2023-06-31', '2023-05-31', '2123-07-01T00:00:00+08:00', 'tomorrow'])(
  '%s is no moment from which a policy holds',
  async (effectiveFrom) => {
    const problem = await problemOf(one.policy.put(city, 'routing', { effectiveFrom, document: routing(45) }));
    expect(problem.errors?.map(({ pointer }) => pointer)).toEqual(['/effectiveFrom']);
  },
);

test('is on the record', async () => {
  await one.policy.put(city, 'routing', { document: routing(45) });
  expect(one.recorder.changes).toMatchObject([
    {
      agency: '4113',
      action: 'policy.set',
      objectKind: 'policy',
      objectId: 'routing',
      data: { document: routing(45) },
    },
  ]);
});

test('bodies are an object with a document; kinds are five', async () => {
  const pipe = createValidationPipe();
  const body = { document: routing(45) };
  expect(await pipe.transform(body, { type: 'body', metatype: PutPolicyBody })).toEqual(body);
  for (const wrong of [
    {},
    { document: null },
    { document: [] },
    { document: 'x' },
    { ...body, effectiveFrom: null },
    { ...body, x: 1 },
  ]) {
    expect((await problemOf(pipe.transform(wrong, { type: 'body', metatype: PutPolicyBody }))).kind.code).toBe(
      'invalid',
    );
  }
  expect((await problemOf(pipe.transform({ kind: 'money' }, { type: 'param', metatype: PolicyPath }))).kind.code).toBe(
    'invalid',
  );
});
