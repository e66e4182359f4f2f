import { DEFAULT_POLICIES, POLICY_KINDS } from '../../src/organization/policy.js';
import { World, callerOf, problemOf, type Instance } from './support.js';

let world: World;
let one: Instance;

beforeAll(async () => {
  world = await World.create();
  one = await world.instance();
});

afterAll(() => world.drop());

/** Every row that a seed can write, as text. */
async function everything(): Promise<string[]> {
  const tables = ['agency', 'agency_area', 'fraud_type', 'policy'];
  const rows = tables.map((table) => `SELECT '${table} ' || to_json(t)::text AS row FROM ${table} t`);
  return (await one.source.query<{ row: string }[]>(`${rows.join(' UNION ALL ')} ORDER BY 1`)).map(({ row }) => row);
}

test.each([
  ['4113', '南阳市反诈中心', 15, 256],
  ['4201', '武汉市反诈中心', 13, 193],
  ['3101', '上海市反诈中心', 16, 234],
  ['4403', '深圳市反诈中心', 9, 79],
  ['4419', '东莞市反诈中心', 1, 36],
])(
  '%s makes %s, %i counties and %i townships, and a second time nothing',
  async (cityCode, cityName, counties, townships) => {
    const result = await one.seed.seedCity(cityCode);
    expect(result).toMatchObject({
      cityCode,
      cityName,
      counties,
      townships,
      created: 1 + counties + townships,
      policies: POLICY_KINDS.length,
    });
    const before = await everything();
    world.clock.advanceMinutes(60);
    expect(await one.seed.seedCity(cityCode)).toMatchObject({ created: 0, fraudTypes: 0, policies: 0 });
    expect(await everything()).toEqual(before);

    const snapshot = await one.registry.current();
    const city = snapshot.byCode(cityCode)!;
    expect(city).toMatchObject({
      tier: 'city',
      kind: 'centre',
      parentId: null,
      cityId: city.id,
      path: cityCode,
      active: true,
    });
    expect(snapshot.childrenOf(city)).toHaveLength(counties);
    for (const township of snapshot.subtree(city).filter(({ tier }) => tier === 'township')) {
      expect(snapshot.route(city.id, township.code, 'township')).toBe(township);
      expect(snapshot.route(city.id, township.code, 'county')).toBe(snapshot.parentOf(township));
    }
  },
);

test('Chongqing asked for by its second code is the same city', async () => {
  expect(await one.seed.seedCity('5001')).toMatchObject({ created: 1_070 });
  expect(await one.seed.seedCity('5002')).toMatchObject({ cityCode: '5001', created: 0 });
  const snapshot = await one.registry.current();
  expect(snapshot.route(snapshot.byCode('5001')!.id, '500229100', 'county')?.name).toBe('城口县公安局');
});

test('default policies hold for alerts from before the city was made', async () => {
  const { cityId } = (await one.registry.current()).byCode('4113')!;
  const seeded = await one.source.query('SELECT kind FROM policy WHERE city_id = $1 AND valid_from = to_timestamp(0)', [
    cityId,
  ]);
  expect(seeded).toHaveLength(POLICY_KINDS.length);
  expect(await one.policies.at(cityId, new Date('2019-01-01T00:00:00Z'))).toEqual(DEFAULT_POLICIES);
});

test('a second time leaves what an admin has arranged, and puts back nothing that was taken off', async () => {
  const admin = callerOf((await one.registry.current()).byCode('4113')!);
  await one.agencies.update(admin, '411322101', { name: '独树镇人民政府', areas: [] }, undefined);
  await one.agencies.update(admin, '411322102', { active: false }, undefined);
  await one.agencies.create(admin, {
    code: '411322-S01',
    name: '独树派出所',
    tier: 'township',
    kind: 'station',
    parent: '411322',
    areas: ['411322101'],
  });
  await one.policy.put(admin, 'routing', { document: { ...DEFAULT_POLICIES.routing, autoPush: false } });
  const before = await everything();
  expect(await one.seed.seedCity('4113')).toMatchObject({ created: 0, fraudTypes: 0, policies: 0 });
  expect(await everything()).toEqual(before);
});

test('a newer list of fraud types replaces the older labels', async () => {
  await one.source.query(
    `SET ROLE NONE; UPDATE fraud_type SET older_labels = '{}' WHERE code = 'romance'; SET ROLE sanji_app`,
  );
  expect(await one.seed.seedCity('4113')).toMatchObject({ created: 0, fraudTypes: 1 });
  expect((await one.registry.current()).fraudTypes.get('romance')?.olderLabels).toEqual(['网络交友投资赌博']);
});

test('two seeds of one city at once make it once', async () => {
  const two = await world.instance();
  const results = await Promise.all([one.seed.seedCity('6202'), two.seed.seedCity('6202')]);
  expect(results.map(({ created }) => created).sort()).toEqual([0, 7]);
});

test('a code that stands elsewhere stops the seed, and nothing of it stays', async () => {
  await one.source.query(
    `SET ROLE NONE; UPDATE agency SET code = '130102' WHERE code = '411322-S01'; SET ROLE sanji_app`,
  );
  const before = await everything();
  const problem = await problemOf(one.seed.seedCity('1301'));
  expect([problem.kind.code, problem.message]).toEqual(['seed-conflict', expect.stringContaining('130102')]);
  expect(await everything()).toEqual(before);
});

test.each(['9999', '41', '411322', ''])('%j is answered as no city', async (code) => {
  expect((await problemOf(one.seed.seedCity(code))).kind.code).toBe('unknown-city');
});
