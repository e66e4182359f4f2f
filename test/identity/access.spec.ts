import { Controller, Get } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { readFile } from 'node:fs/promises';
import { AccessCheck } from '../../src/identity/access.check.js';
import { ACCESS, comparePolicy, judge, mayCall, mayReach, mayUseSource } from '../../src/identity/access.policy.js';
import { callerFor, systemCaller, type Caller } from '../../src/identity/caller.js';
import { ROLES, type Role } from '../../src/identity/role.js';
import type { Agency, Tier } from '../../src/organization/agency.js';
import { Operation } from '../../src/platform/http/operation.js';
import { World, told, type Ask, type Instance } from './support.js';

const PATHS: Record<Tier, string> = { city: '4113', county: '4113/411322', township: '4113/411322/411322101' };

function agency(tier: Tier, path = PATHS[tier]): Agency {
  const code = path.split('/').at(-1)!;
  return { id: 1, code, name: code, tier, kind: 'bureau', parentId: null, cityId: 1, path, active: true, version: 1 };
}

function caller(role: Role, tier: Tier, kind: 'user' | 'key' = 'user'): Caller {
  return callerFor({
    kind,
    id: 'x',
    name: 'x',
    agency: agency(tier),
    roles: [role],
    sources: role === 'feed' ? ['bank'] : null,
  });
}

/** `role@tier` of everybody whom the policy lets call an operation. */
function allowed(operationId: string, kind: 'user' | 'key' = 'user'): string[] {
  return ROLES.flatMap((role) =>
    (Object.keys(PATHS) as Tier[])
      .filter((tier) => mayCall(caller(role, tier, kind), operationId))
      .map((tier) => `${role}@${tier}`),
  );
}

const everywhere = (...roles: string[]): string[] =>
  roles.flatMap((role) => [`${role}@city`, `${role}@county`, `${role}@township`]);

describe('the policy', () => {
  test.each([
    ['createAlert', ['feed@city', 'feed@county', 'feed@township', 'officer@city']],
    ['importAlerts', ['feed@city', 'feed@county', 'feed@township', 'officer@city']],
    ['listAlerts', everywhere('feed', 'officer', 'supervisor')],
    ['getAlertTimeline', everywhere('officer', 'supervisor')],
    ['revealAlert', everywhere('officer', 'supervisor')],
    ['pushAlert', ['officer@city']],
    ['withdrawAlert', ['officer@city']],
    ['transferAlert', ['officer@city', 'officer@county']],
    ['recallAlert', ['officer@city', 'officer@county']],
    ['acceptAlert', everywhere('officer')],
    ['forwardAlert', ['officer@county']],
    ['submitOutcome', everywhere('officer')],
    ['reviewOutcome', ['supervisor@city', 'supervisor@county']],
    ['reopenAlert', ['supervisor@city', 'supervisor@county']],
    ['urgeAlert', ['supervisor@city', 'supervisor@county']],
    ['escalateAlert', everywhere('officer', 'supervisor')],
    ['getTierReport', everywhere('supervisor')],
    ['putPolicy', ['admin@city']],
    ['createApiKey', everywhere('admin')],
    ['createUser', everywhere('security')],
    ['listAudit', everywhere('auditor')],
    ['listAgencies', everywhere(...ROLES)],
    ['changePassword', everywhere('officer', 'supervisor', 'auditor', 'admin', 'security')],
  ])('%s is for %j', (operationId, expected) => {
    expect(allowed(operationId).sort()).toEqual([...expected].sort());
  });

  test('keeps the three administrators from cases, and everybody else from their work', () => {
    const cases = Object.keys(ACCESS).filter((id) => /Alert|Outcome|Attempt|Urge|FollowUp|Import|Report/.test(id));
    expect(cases.length).toBeGreaterThan(25);
    for (const id of cases) {
      expect([id, allowed(id).filter((who) => /admin|security|auditor/.test(who))]).toEqual([id, []]);
    }
    for (const id of Object.keys(ACCESS).filter((each) => /User|ApiKey|Audit/.test(each) && each !== 'login')) {
      expect([id, new Set(allowed(id).map((who) => who.split('@')[0])).size]).toEqual([id, 1]);
    }
  });

  test('lets a machine neither reveal, review nor administer', () => {
    for (const id of [
      'revealAlert',
      'reviewOutcome',
      'createUser',
      'createApiKey',
      'listAudit',
      'putPolicy',
      'changePassword',
      'logout',
    ]) {
      expect([id, allowed(id, 'key')]).toEqual([id, []]);
    }
    expect(allowed('acceptAlert', 'key')).toEqual(everywhere('officer'));
    expect(judge(caller('supervisor', 'city', 'key'), 'reviewOutcome')).toBe('people-only');
  });

  test('refuses what has no rule, to the system, too, and names of the language itself', () => {
    for (const id of ['', 'deleteEverything', 'toString', '__proto__', 'constructor']) {
      for (const role of ROLES) expect(mayCall(caller(role, 'city'), id)).toBe(false);
      expect(mayCall(systemCaller(agency('city')), id)).toBe(false);
    }
  });

  test('leaves to whoever must change the password, or set up a second factor, nothing else', () => {
    const under = (obligation: 'change-password' | 'enrol-totp'): string[] => {
      const somebody = callerFor({
        kind: 'user',
        id: 'x',
        name: 'x',
        agency: agency('city'),
        roles: ['officer'],
        obligation,
      });
      return Object.keys(ACCESS).filter((id) => mayCall(somebody, id));
    };
    expect(under('change-password')).toEqual(['login', 'refreshToken', 'logout', 'getMe', 'changePassword']);
    expect(under('enrol-totp')).toEqual([
      'login',
      'refreshToken',
      'logout',
      'getMe',
      'changePassword',
      'enrolTotp',
      'confirmTotp',
    ]);
  });

  test('and the operations of a program are compared both ways', () => {
    expect(comparePolicy(['login', 'mystery'])).toEqual({
      withoutRule: ['mystery'],
      withoutOperation: Object.keys(ACCESS).filter((id) => id !== 'login'),
    });
  });

  test('has one line for each operation', async () => {
    const source = await readFile(new URL('../../src/identity/access.policy.ts', import.meta.url), 'utf8');
    for (const id of Object.keys(ACCESS)) expect(source).toMatch(new RegExp(`^  ${id}: .*,$`, 'm'));
  });
});

describe('jurisdiction', () => {
  const county = caller('officer', 'county');

  test.each([
    ['the own agency', '4113/411322', true],
    ['a township below', '4113/411322/411322101', true],
    ['the city above', '4113', false],
    ['a sibling', '4113/411327', false],
    ['a sibling whose code begins alike', '4113/411322-2', false],
    ['another city', '6202', false],
  ])('%s', (_what, path, reached) => {
    expect(mayReach(county, path)).toBe(reached);
  });

  test('the system reaches everything', () => {
    expect(mayReach(systemCaller(agency('township')), '6202')).toBe(true);
  });

  test('a feed is bound to its sources, others are not', () => {
    const feed = caller('feed', 'city', 'key');
    expect([mayUseSource(feed, 'bank'), mayUseSource(feed, 'other'), mayUseSource(county, 'other')]).toEqual([
      true,
      false,
      true,
    ]);
  });
});

describe('the guard', () => {
  let world: World;
  let one: Instance;

  beforeAll(async () => {
    world = await World.create();
    one = await world.instance();
    await one.seed('6202');
    await one.addUser('li.jing', '620201', ['officer']);
  });

  afterAll(() => world.drop());

  test.each<[string, Ask, number, string, string | undefined]>([
    ['nothing', {}, 401, 'unauthenticated', 'Bearer realm="sanji"'],
    [
      'rubbish',
      { token: 'rubbish' },
      401,
      'token-invalid',
      'Bearer realm="sanji", error="invalid_token", error_description="The access token is not valid"',
    ],
    [
      'another scheme',
      { headers: { authorization: 'Basic bGk6amluZw==' } },
      401,
      'unauthenticated',
      'Bearer realm="sanji"',
    ],
    ['an empty bearer', { headers: { authorization: 'Bearer ' } }, 401, 'unauthenticated', 'Bearer realm="sanji"'],
    [
      'an unknown key',
      { key: 'sk_0000000000000000000000000000000000000000000' },
      401,
      'key-unknown',
      'Bearer realm="sanji"',
    ],
    ['an empty key', { key: '' }, 401, 'unauthenticated', 'Bearer realm="sanji"'],
    ['token and key', { token: 'a', key: 'b' }, 400, 'malformed-request', undefined],
  ])('answers %s', async (_what, ask, status, code, challenge) => {
    const answer = await one.ask('GET', '/auth/me', ask);
    expect(told(answer)).toEqual([status, code]);
    expect(answer.headers['www-authenticate']).toBe(challenge);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  });

  test('says to whom an operation is open, and who asks', async () => {
    const { status, body } = await one.ask('GET', '/users', { token: await one.token('li.jing') });
    expect([status, body.code, body['detail']]).toEqual([
      403,
      'forbidden',
      'This is for: security. You are officer at a county agency.',
    ]);
  });

  test('asks nothing of whoever signs in, even with a dead token', async () => {
    const body = { username: 'li.jing', password: 'Qiu-7-shan-Xue' };
    expect((await one.ask('POST', '/auth/login', { body, token: 'dead' })).status).toBe(200);
  });

  test('every route of this module has a rule', () => {
    expect(one.app.get(AccessCheck).unusedRules()).not.toContain('login');
    expect(() => one.app.get(AccessCheck).onApplicationBootstrap()).not.toThrow();
  });

  test('an application with a route that nobody could call does not start', async () => {
    @Controller('mystery')
    class MysteryController {
      @Get()
      nameless(): void {}

      @Get('named')
      @Operation({ id: 'mystery', summary: 'No row' })
      named(): void {}
    }
    const { DiscoveryModule } = await import('@nestjs/core');
    const root = {
      module: class Root {},
      imports: [DiscoveryModule],
      controllers: [MysteryController],
      providers: [AccessCheck],
    };
    const app = await NestFactory.createApplicationContext(root, { logger: false, abortOnError: false }).catch(
      (error: Error) => error,
    );
    expect((app as Error).message).toBe(
      'Routes that nobody could call:\n- MysteryController.nameless has no @Operation\n- mystery has no row in access.policy.ts',
    );
  });
});
