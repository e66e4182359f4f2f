import type { ArgumentMetadata } from '@nestjs/common';
import { createValidationPipe } from '../../src/platform/http/validation.js';
import { AgencyListQuery, CreateAgencyBody, UpdateAgencyBody } from '../../src/organization/agency.dto.js';
import type { AgencyDraft } from '../../src/organization/agency.rules.js';
import type { OrganizationCaller } from '../../src/organization/organization.caller.js';
import { World, problemOf, until, type Instance } from './support.js';

let world: World;
let one: Instance;
let two: Instance;
let city: OrganizationCaller;
let county: OrganizationCaller;
let township: OrganizationCaller;
let otherCity: OrganizationCaller;

beforeAll(async () => {
  world = await World.create();
  one = await world.instance();
  two = await world.instance();
  await one.seed.seedCity('4113');
  await one.seed.seedCity('6202');
  [city, county, township, otherCity] = (await Promise.all(
    ['4113', '411322', '411322101', '6202'].map((code) => one.callerOf(code)),
  )) as [OrganizationCaller, OrganizationCaller, OrganizationCaller, OrganizationCaller];
});

afterAll(() => world.drop());

function station(code: string, changes: Partial<AgencyDraft> = {}): AgencyDraft {
  return { code, name: '凤瑞派出所', tier: 'township', kind: 'station', parent: '411322', areas: [], ...changes };
}

function query(changes: Partial<AgencyListQuery> = {}): AgencyListQuery {
  return Object.assign(new AgencyListQuery(), changes);
}

async function codesSeen(caller: OrganizationCaller, changes: Partial<AgencyListQuery> = {}): Promise<string[]> {
  const codes: string[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await one.agencies.list(caller, query({ ...changes, cursor: cursor ?? undefined }));
    codes.push(...page.items.map(({ code }) => code));
    cursor = page.nextCursor;
  } while (cursor);
  return codes;
}

/** [status, code] of the problem. */
async function refusal(work: Promise<unknown>): Promise<[number, string]> {
  const { kind } = await problemOf(work);
  return [kind.status, kind.code];
}

describe('reading', () => {
  test('pages show each agency once, in the order of codes', async () => {
    const all = await codesSeen(city, { limit: 100 });
    expect(all).toHaveLength(272);
    expect(all).toEqual([...all].sort());
    expect(new Set(all).size).toBe(272);
  });

  test('a county sees its townships and its city; filters stay inside that', async () => {
    const seen = await codesSeen(county, { limit: 200 });
    expect(seen.filter((code) => !code.startsWith('411322'))).toEqual(['4113']);
    expect(await codesSeen(county, { tier: 'county' })).toEqual(['411322']);
    expect(await codesSeen(county, { parent: '411327' })).toEqual([]);
    expect(await codesSeen(county, { q: '独树' })).toEqual(['411322101']);
  });

  test('the total counts what the caller sees', async () => {
    expect(await one.agencies.list(city, query({ tier: 'county', limit: 2, count: true }))).toMatchObject({
      total: 15,
    });
    expect(await one.agencies.list(otherCity, query({ count: true }))).toMatchObject({ total: 7, nextCursor: null });
    expect(await one.agencies.list(city, query())).not.toHaveProperty('total');
  });

  test('a cursor is good for the same list of the same caller only', async () => {
    const { nextCursor } = await one.agencies.list(city, query({ limit: 2 }));
    const cursor = nextCursor!;
    expect(await refusal(one.agencies.list(city, query({ tier: 'county', cursor })))).toEqual([422, 'invalid-cursor']);
    expect(await refusal(one.agencies.list(county, query({ cursor })))).toEqual([422, 'invalid-cursor']);
    expect(await refusal(one.agencies.list(city, query({ cursor: 'x.y' })))).toEqual([422, 'invalid-cursor']);
  });

  test('one agency is answered with what it covers and where it stands', async () => {
    expect(await one.agencies.get(township, '411322')).toEqual({
      code: '411322',
      name: '方城县公安局',
      tier: 'county',
      kind: 'bureau',
      parent: '4113',
      city: '4113',
      areas: ['411322'],
      active: true,
      version: 1,
    });
  });

  test.each(['411327', '411322102', '6202', '9999', '4113/411322'])(
    'a township does not learn whether %s exists',
    async (code) => {
      const problem = await problemOf(one.agencies.get(township, code));
      expect([problem.kind.code, problem.message]).toEqual(['not-found', 'You have no agency with this code.']);
    },
  );
});

describe('creating', () => {
  test('a station is there at once, on every instance, with what it covers, and on the record', async () => {
    await two.registry.current();
    const answer = await one.agencies.create(county, station('411322-S01', { areas: ['411322101005', '411322999'] }));
    expect(answer).toEqual({
      code: '411322-S01',
      name: '凤瑞派出所',
      tier: 'township',
      kind: 'station',
      parent: '411322',
      city: '4113',
      areas: ['411322101005', '411322999'],
      active: true,
      version: 1,
    });
    const snapshot = await one.registry.current();
    expect(snapshot.byCode('411322-S01')!.path).toBe('4113/411322/411322-S01');
    expect(snapshot.route(city.agency.id, '411322101005', 'township')?.code).toBe('411322-S01');
    expect(one.recorder.changes.at(-1)).toMatchObject({
      agency: '411322',
      action: 'agency.created',
      objectId: '411322-S01',
    });
    await until(async () => (await two.registry.current()).byCode('411322-S01') !== undefined);
  });

  test('a code is given once, in whatever city', async () => {
    expect(await refusal(one.agencies.create(county, station('411322-S01')))).toEqual([409, 'agency-code-taken']);
    await one.agencies.create(otherCity, station('X1', { tier: 'county', kind: 'branch', parent: '6202' }));
    expect(await refusal(one.agencies.create(county, station('X1')))).toEqual([409, 'agency-code-taken']);
  });

  test('a division has one agency of a tier; the answer names it', async () => {
    const problem = await problemOf(
      one.agencies.create(county, station('411322-S02', { kind: 'government', areas: ['411322888', '411322102'] })),
    );
    expect([problem.kind.status, problem.kind.code]).toEqual([409, 'area-taken']);
    expect(problem.message).toContain('411322102.');
  });

  test('a refused one leaves nothing behind', async () => {
    const recorded = one.recorder.changes.length;
    await problemOf(one.agencies.create(county, station('411322-S02', { kind: 'government', areas: ['411322102'] })));
    await problemOf(one.agencies.create(county, station('411322-S02', { parent: '411327' })));
    expect(await refusal(one.agencies.get(county, '411322-S02'))).toEqual([404, 'not-found']);
    expect(one.recorder.changes).toHaveLength(recorded);
  });

  test('faults are named by field', async () => {
    const draft = station('411324', { tier: 'county', parent: '411322', areas: ['411327'] });
    const problem = await problemOf(one.agencies.create(city, draft));
    expect(problem.errors?.map(({ pointer }) => pointer)).toEqual(['/areas/0', '/tier', '/code']);
  });

  test('of two that race for one division one wins', async () => {
    const racing = [one, two].map((instance, index) =>
      instance.agencies.create(county, station(`411322-R${index}`, { areas: ['411322777'] })),
    );
    const outcomes = await Promise.allSettled(racing);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('changing', () => {
  test('takes what is given, leaves the rest, counts the version and records before and after', async () => {
    const answer = await one.agencies.update(county, '411322103', { name: '拐河镇人民政府' }, '"1"');
    expect(answer).toMatchObject({ name: '拐河镇人民政府', kind: 'government', areas: ['411322103'], version: 2 });
    expect(one.recorder.changes.at(-1)).toMatchObject({
      action: 'agency.updated',
      objectId: '411322103',
      data: { before: { name: '拐河镇' }, after: { name: '拐河镇人民政府' } },
    });
  });

  test('a stale If-Match changes nothing', async () => {
    expect(await refusal(one.agencies.update(county, '411322103', { name: '甲' }, '"1"'))).toEqual([
      412,
      'stale-version',
    ]);
    expect(await one.agencies.get(county, '411322103')).toMatchObject({ name: '拐河镇人民政府', version: 2 });
  });

  test('what changes nothing makes no version and no record', async () => {
    const recorded = one.recorder.changes.length;
    expect(await one.agencies.update(county, '411322103', {}, undefined)).toMatchObject({ version: 2 });
    const same = { name: '拐河镇人民政府', areas: ['411322103'], active: true };
    expect(await one.agencies.update(county, '411322103', same, undefined)).toMatchObject({ version: 2 });
    expect(one.recorder.changes).toHaveLength(recorded);
  });

  test('a station takes over townships and parts of them, not what another station covers; each on the record', async () => {
    await one.agencies.create(county, station('411322-S05', { areas: ['411322104'] }));
    expect(await one.agencies.get(county, '411322104')).toMatchObject({ areas: [], version: 2 });
    expect(one.recorder.changes.slice(-2).map(({ objectId }) => objectId)).toEqual(['411322104', '411322-S05']);
    expect(await refusal(one.agencies.create(county, station('411322-S06', { areas: ['411322104'] })))).toEqual([
      409,
      'area-taken',
    ]);
    await one.agencies.update(county, '411322-S05', { areas: ['411322104', '411322105007'] }, undefined);
    const snapshot = await one.registry.current();
    expect(
      ['411322104', '411322104001', '411322105007', '411322105008'].map(
        (code) => snapshot.route(city.agency.id, code, 'township')?.code,
      ),
    ).toEqual(['411322-S05', '411322-S05', '411322-S05', '411322105']);
  });

  test('a closed agency gets no more alerts and can be opened again', async () => {
    const route = async () => (await one.registry.current()).route(city.agency.id, '411322106', 'township')?.code;
    await one.agencies.update(county, '411322106', { active: false }, undefined);
    expect(await route()).toBeUndefined();
    expect(await one.agencies.get(county, '411322106')).toMatchObject({ active: false, areas: ['411322106'] });
    await one.agencies.update(county, '411322106', { active: true }, undefined);
    expect(await route()).toBe('411322106');
  });

  test('a county with active townships is not closed, nor loses divisions that they cover', async () => {
    expect(await refusal(one.agencies.update(city, '411322', { active: false }, undefined))).toEqual([
      409,
      'agency-in-use',
    ]);
    expect(await refusal(one.agencies.update(city, '411322', { areas: ['411322101'] }, undefined))).toEqual([
      409,
      'agency-in-use',
    ]);
    expect(await one.agencies.update(city, '411322', { areas: ['411322', '411399'] }, undefined)).toMatchObject({
      version: 2,
    });
    expect((await one.registry.current()).route(city.agency.id, '411399001', 'county')?.code).toBe('411322');
  });

  test('areas lie in those of the agency above', async () => {
    const problem = await problemOf(
      one.agencies.update(city, '411322109', { areas: ['411322109', '411327'] }, undefined),
    );
    expect(problem.errors?.map(({ pointer }) => pointer)).toEqual(['/areas/1']);
  });

  test('the own agency may be renamed, but what it covers is decided from above', async () => {
    expect(await one.agencies.update(county, '411322', { name: '方城县公安局反诈大队' }, undefined)).toMatchObject({
      name: '方城县公安局反诈大队',
    });
    expect(await refusal(one.agencies.update(county, '411322', { areas: ['411327101'] }, undefined))).toEqual([
      403,
      'forbidden',
    ]);
    expect(await refusal(one.agencies.update(city, '4113', { active: false }, undefined))).toEqual([403, 'forbidden']);
  });

  test('agencies above are seen but not changed; siblings and other cities are not there', async () => {
    expect(await refusal(one.agencies.update(township, '411322', { name: '甲' }, undefined))).toEqual([
      403,
      'forbidden',
    ]);
    expect(await refusal(one.agencies.update(township, '411322102', { name: '甲' }, undefined))).toEqual([
      404,
      'not-found',
    ]);
    expect(await refusal(one.agencies.update(otherCity, '411322', { name: '甲' }, undefined))).toEqual([
      404,
      'not-found',
    ]);
  });

  test('of several who read the same version one wins', async () => {
    const { version } = await one.agencies.get(county, '411322108');
    const racing = [one, two, one, two].map((instance, index) =>
      instance.agencies.update(county, '411322108', { name: `第${index}个` }, `"${version}"`),
    );
    const outcomes = await Promise.allSettled(racing);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await one.agencies.get(county, '411322108')).toMatchObject({ version: version + 1 });
  });
});

describe('bodies', () => {
  const pipe = createValidationPipe();
  const faults = async (metatype: ArgumentMetadata['metatype'], body: unknown): Promise<string[]> => {
    const problem = await problemOf(pipe.transform(body, { type: 'body', metatype }));
    return [...new Set(problem.errors?.map(({ pointer }) => pointer))].sort();
  };

  test('a good one passes, trimmed, with no areas where none are given', async () => {
    const body = { code: '411322-S01', name: ' 凤瑞派出所 ', tier: 'township', kind: 'station', parent: '411322' };
    expect(await pipe.transform(body, { type: 'body', metatype: CreateAgencyBody })).toEqual({
      ...body,
      name: '凤瑞派出所',
      areas: [],
    });
  });

  test.each([
    [{}, ['/code', '/kind', '/name', '/parent', '/tier']],
    [station('a/b'), ['/code']],
    [station('x'), ['/code']],
    [station('-S01'), ['/code']],
    [station('1'.repeat(21)), ['/code']],
    [station('S01', { name: '  ' }), ['/name']],
    [station('S01', { name: 'a\nb' }), ['/name']],
    [station('S01', { name: '名'.repeat(61) }), ['/name']],
    [station('S01', { areas: ['41132'] }), ['/areas']],
    [station('S01', { areas: ['411322', '411322'] }), ['/areas']],
    [{ ...station('S01'), areas: null }, ['/areas']],
    [{ ...station('S01'), areas: '411322' }, ['/areas']],
    [{ ...station('S01'), tier: 'province', kind: 'school', path: 'x' }, ['/kind', '/path', '/tier']],
  ])('%j is refused at %j', async (body, pointers) => {
    expect(await faults(CreateAgencyBody, body)).toEqual(pointers);
  });

  test('a change has no field that stays for good, and no null', async () => {
    expect(
      await faults(UpdateAgencyBody, { code: 'x', tier: 'city', parent: null, name: null, active: 'yes' }),
    ).toEqual(['/active', '/code', '/name', '/parent', '/tier']);
  });
});

test('fraud types come in pages, the most frequent first', async () => {
  const first = await one.fraudTypes.list(query({ limit: 12, count: true }));
  expect([first.items[0]?.code, first.items[9]?.code, first.total]).toEqual(['brushing-rebate', 'game-trade', 13]);
  const second = await one.fraudTypes.list(query({ limit: 12, cursor: first.nextCursor! }));
  expect([second.items.map(({ code }) => code), second.nextCursor]).toEqual([['other'], null]);
});
