import type { DivisionCatalogue } from '../../src/organization/division.catalogue.js';
import { readDivisions, readFraudTypes } from '../../src/organization/seed.files.js';
import { planCity } from '../../src/organization/seed.rules.js';

let catalogue: DivisionCatalogue;

beforeAll(async () => {
  catalogue = await readDivisions();
});

function plan(code: string) {
  const found = planCity(catalogue, code)!;
  return { ...found, name: found.city.name, size: [found.counties.length, found.townships.length] };
}

test('every city of the country makes three tiers whose codes, paths and areas fit together', () => {
  const cities = catalogue.cityCodes();
  expect(cities).toHaveLength(342);
  const seen = new Map<string, string>();
  const misfits: string[] = [];
  for (const cityCode of cities) {
    const { city, counties, townships } = planCity(catalogue, cityCode)!;
    if (counties.length === 0 || townships.length === 0) misfits.push(cityCode);
    const all = new Map([city, ...counties, ...townships].map((agency) => [agency.code, agency]));
    for (const agency of all.values()) {
      const parent = all.get(agency.parent ?? '');
      const fits = parent
        ? agency.path === `${parent.path}/${agency.code}` &&
          agency.areas.every((area) => parent.areas.some((above) => area.startsWith(above)))
        : agency === city;
      if (!fits || (seen.get(agency.code) ?? city.code) !== city.code) misfits.push(agency.code);
      seen.set(agency.code, city.code);
    }
  }
  expect(misfits).toEqual([]);
  // 342 rows are 341 centres (Chongqing has two rows), 2,978 counties and 41,352 townships.
  expect(seen.size).toBe(341 + 2_978 + 41_352);
});

test.each([
  ['4113', '南阳市反诈中心', [15, 256]],
  ['4201', '武汉市反诈中心', [13, 193]],
  ['4403', '深圳市反诈中心', [9, 79]],
  ['1522', '兴安盟反诈中心', [6, 90]],
  ['2224', '延边朝鲜族自治州反诈中心', [8, 118]],
])('%s is %s with %j counties and townships', (code, name, size) => {
  expect(plan(code)).toMatchObject({ name, size });
});

test.each([
  ['1101', '北京市反诈中心'],
  ['1201', '天津市反诈中心'],
  ['3101', '上海市反诈中心'],
  ['5001', '重庆市反诈中心'],
])('the municipality %s bears its own name', (code, name) => {
  expect(plan(code).name).toBe(name);
});

test('Chongqing is one centre for its districts and its counties, by either code', () => {
  expect(planCity(catalogue, '5002')).toEqual(planCity(catalogue, '5001'));
  expect(plan('5001').city.areas).toEqual(['5001', '5002']);
  expect(plan('5001').size).toEqual([38, 1_031]);
});

test.each([
  ['4419', '东莞市反诈中心', '441900', '东莞市公安局'],
  ['4420', '中山市反诈中心', '442000', '中山市公安局'],
  ['4604', '儋州市反诈中心', '460400', '儋州市公安局'],
  ['6202', '嘉峪关市反诈中心', '620201', '嘉峪关市公安局'],
])(
  'the city without counties %s has the one of the divisions between it and its townships',
  (code, name, county, countyName) => {
    const { city, counties, townships } = plan(code);
    expect([city.name, counties.map((each) => [each.code, each.name])]).toEqual([name, [[county, countyName]]]);
    expect(townships.length).toBeGreaterThan(2);
  },
);

test.each([
  ['4190', '河南省直辖县级行政区反诈中心', '济源市公安局'],
  ['4290', '湖北省直辖县级行政区反诈中心', '仙桃市公安局'],
  ['4690', '海南省直辖县级行政区反诈中心', '五指山市公安局'],
  ['6590', '新疆维吾尔自治区直辖县级行政区反诈中心', '石河子市公安局'],
])('counties directly under the province, %s, have one centre', (code, name, first) => {
  const { city, counties } = plan(code);
  expect([city.name, counties[0]!.name]).toEqual([name, first]);
});

test.each([
  ['4113', '411302', '宛城区公安分局', 'branch'],
  ['4113', '411322', '方城县公安局', 'bureau'],
  ['4113', '411381', '邓州市公安局', 'bureau'],
  ['4113', '411371', '南阳高新技术产业开发区公安分局', 'branch'],
  ['1525', '152571', '乌拉盖管理区公安分局', 'branch'],
  ['4290', '429021', '神农架林区公安局', 'bureau'],
])('in %s the county agency %s is %s', (cityCode, code, name, kind) => {
  const county = plan(cityCode).counties.find((each) => each.code === code);
  expect(county).toMatchObject({ name, kind, tier: 'county', areas: [code] });
});

test('a township keeps its own name', () => {
  expect(plan('4113').townships.find(({ code }) => code === '411322101')).toMatchObject({
    name: '独树镇',
    kind: 'government',
    path: '4113/411322/411322101',
  });
});

test.each(['', '41', '411322', '411322101', '9999', 'abcd', '4113 '])('%j is no city', (code) => {
  expect(planCity(catalogue, code)).toBeUndefined();
});

test('the list of fraud types has its ranks and its older labels', async () => {
  const types = await readFraudTypes();
  expect(types).toHaveLength(13);
  expect(types.find(({ code }) => code === 'brushing-rebate')).toEqual({
    code: 'brushing-rebate',
    nameZh: '刷单返利',
    nameEn: 'Fake-order rebate',
    listYear: 2023,
    mpsRank: 1,
    olderLabels: ['兼职刷单', '网络刷单返利'],
  });
  expect(types.find(({ code }) => code === 'other')).toMatchObject({ mpsRank: null, olderLabels: [] });
});
