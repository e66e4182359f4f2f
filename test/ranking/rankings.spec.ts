import { createHash } from 'node:crypto';
import type { Type } from '@nestjs/common';
import { systemCaller } from '../../src/identity/caller.js';
import { OrganizationRegistry } from '../../src/organization/organization.registry.js';
import { DEFAULT_RANKING } from '../../src/organization/ranking-policy.js';
import { Database } from '../../src/platform/database/database.js';
import type { CardAnswer, CardWithHistoryAnswer } from '../../src/ranking/card.dto.js';
import { CardStore } from '../../src/ranking/card.store.js';
import type { WholeEditionAnswer } from '../../src/ranking/edition.dto.js';
import type { RankingAnswer } from '../../src/ranking/ranking.dto.js';
import { organizationSession } from '../../src/organization/organization.view.js';
import { EditionChecks } from '../../src/verify/edition.checks.js';
import { Findings } from '../../src/verify/verify.result.js';
import { VerifyService } from '../../src/verify/verify.service.js';
import { call, outcome, World, type Answer, type Place } from '../case/support.js';
import type { Officer } from '../support/app.js';

/** Three counties: the first signs for everything in time, the second for half, the third for nothing. */
const [FIRST, SECOND, THIRD] = ['411322', '411325', '411321'];
const PLACES: readonly Place[] = ['city', 'county', 'township', 'county2', 'otherCity'];
const RULES = {
  ...DEFAULT_RANKING,
  weights: { ...DEFAULT_RANKING.floors, acceptOnTimeRate: 60, successRate: 40 },
  smallestDenominator: 2,
  cards: { ...DEFAULT_RANKING.cards, noticePercent: 40 },
};

let world: World;
let third: Officer;
/** A case of July that the second county signed for. */
let julyCase: string;
let first: WholeEditionAnswer;

const propose = (month: string): Promise<Answer> =>
  world.post('city', `/reports/rankings/${month}/cards/propose?tier=county`);
const publish = (month: string, body: object = {}): Promise<Answer> =>
  world.post('city', `/reports/rankings/${month}/publish`, { tier: 'county', ...body });
const asThird = (path: string, body?: unknown): Promise<Answer> =>
  call(world.app, third, { path, ...(body === undefined ? {} : { method: 'POST', body }) });
const kinds = (answer: Answer): string[] =>
  (answer.body.proposed as CardAnswer[]).map(({ kind, agency }) => `${agency.code} ${kind}`);

/** A month of work. @returns the case that the second county signed for */
async function work(day: string): Promise<string> {
  world.app.clock.set(`${day}T09:00:00+08:00`);
  for (let i = 0; i < 2; i++) await world.must('county', await world.alert({ divisionCode: FIRST }), 'accept');
  await world.alert({ divisionCode: SECOND });
  const id = await world.alert({ divisionCode: SECOND });
  await world.must('county2', id, 'accept');
  for (let i = 0; i < 2; i++) await world.alert({ divisionCode: THIRD });
  world.app.clock.advanceMinutes(24 * 60);
  return id;
}

beforeAll(async () => {
  world = await World.start(PLACES, ['4113', '4201']);
  third = await world.app.user(THIRD, 'supervisor');
  const admin = await world.app.user('4113', 'admin');
  const set = await admin.put('/policies/ranking', { effectiveFrom: '2023-07-01', document: RULES });
  expect([set.status, set.body.scheduled]).toMatchObject([200, [{ document: RULES }]]);
  julyCase = await work('2023-07-10');
});

afterAll(() => world.stop());

describe('the ranking', () => {
  const ask = (who: Place, more = '', month = '2023-07'): Promise<Answer> =>
    world.get(who, `/reports/rankings?tier=county&month=${month}${more}`);

  test('shows score, rank and what each indicator gave, by the rules in force when the month began', async () => {
    const ranking = (await ask('city')).body as RankingAnswer;
    expect(ranking).toMatchObject({ tier: 'county', period: '2023-07', to: '2023-07-31', parent: '4113', ranked: 3 });
    expect([ranking.closed, ranking.provisional]).toEqual([false, true]);
    expect(ranking.policy).toEqual({ effectiveFrom: '2023-07-01T00:00:00.000+08:00', document: RULES });
    expect(ranking.rows.slice(0, 3).map(({ agency, rank, score }) => [agency.code, rank, score])).toEqual([
      [FIRST, 1, 100],
      [SECOND, 2, 50],
      [THIRD, 3, 0],
    ]);
    expect(ranking.rows[1]!.indicators).toEqual({
      acceptOnTimeRate: {
        rate: 0.5,
        numerator: 1,
        denominator: 2,
        weight: 60,
        appliedWeight: 100,
        points: 50,
        belowFloor: false,
      },
      successRate: {
        rate: null,
        numerator: 0,
        denominator: 0,
        weight: 40,
        appliedWeight: 0,
        points: 0,
        belowFloor: false,
      },
    });
    const unranked = ranking.rows.slice(3);
    expect(unranked).toHaveLength(12);
    for (const { rank, score, unranked: why } of unranked)
      expect([rank, score, why]).toEqual([null, null, 'too-few-cases']);
    expect(ranking.total.rates).toMatchObject({ acceptOnTimeRate: { numerator: 3, denominator: 6 } });
    expect(Object.keys(ranking.definitions)).toEqual(
      expect.arrayContaining(['score', 'floors', 'unranked', 'period', 'acceptOnTimeRate', 'successRate']),
    );
    const june = (await ask('city', '', '2023-06')).body as RankingAnswer;
    expect(june.policy.document).toEqual(DEFAULT_RANKING);
  });

  test('is for those above the units', async () => {
    expect((await ask('county')).status).toBe(403);
    expect((await ask('township')).status).toBe(403);
    expect((await ask('city', '&parent=4201')).status).toBe(404);
    expect((await ask('city', `&parent=${FIRST}`)).body.errors).toMatchObject([{ pointer: '/parent' }]);
    const own = await world.get('county', '/reports/rankings?tier=township&month=2023-07');
    expect([own.status, own.body.parent]).toEqual([200, FIRST]);
    const other = (await ask('otherCity')).body as RankingAnswer;
    expect([other.policy.document, other.ranked]).toEqual([DEFAULT_RANKING, 0]);
  });

  test.each(['&month=2023-13', '&month=1989-12', '&month=2023-7', '&tier=city', '&format=pdf'])(
    'refuses %s',
    async (more) => {
      const query = new URLSearchParams({ tier: 'county', month: '2023-07' });
      for (const [name, value] of new URLSearchParams(more)) query.set(name, value);
      expect((await world.get('city', `/reports/rankings?${query.toString()}`)).status).toBe(422);
    },
  );

  test('comes as a file with its definitions', async () => {
    const { text, headers } = await ask('city', '&format=csv');
    expect(headers['content-disposition']).toContain('sanji-4113-ranking-county-2023-07.csv');
    const lines = text.split('\r\n');
    expect(lines[0]).toMatch(/^\uFEFF名次,单位代码,单位名称,得分,接收,劝阻成功率,劝阻成功率-分子/);
    expect(lines[1]).toMatch(new RegExp(`^1,${FIRST},方城县公安局,100\\.0000,2,`));
    expect(text).toContain('得分相同名次并列');
  });
});

test('a month that has not ended is neither published nor given cards', async () => {
  world.app.clock.set('2023-07-31T23:59:59+08:00');
  for (const answer of [await publish('2023-07'), await propose('2023-07')])
    expect([answer.status, answer.body.code]).toEqual([409, 'month-not-over']);
  world.app.clock.set('2023-08-01T00:00:00+08:00');
});

describe('publishing', () => {
  test('two at once make one edition', async () => {
    const answers = await Promise.all([publish('2023-07', { note: '七月通报' }), publish('2023-07')]);
    const [made] = answers.filter(({ status }) => status === 201);
    const [refused] = answers.filter(({ status }) => status !== 201);
    expect(refused!.status).toBe(409);
    first = made!.body as WholeEditionAnswer;
    expect(first).toMatchObject({ kind: 'ranking', edition: 1, previous: null, changes: [] });
    expect(first.content.report.rows).toHaveLength(15);
    const again = await publish('2023-07');
    expect([again.status, again.body.code, again.body.edition]).toEqual([409, 'nothing-new', 1]);
  });

  test('the whole city reads it, nobody else', async () => {
    for (const who of ['city', 'county', 'county2', 'township'] as const) {
      const { items } = (await world.get(who, '/reports/published?month=2023-07')).body as { items: { id: string }[] };
      expect(items.map(({ id }) => id)).toEqual([first.id]);
      expect((await world.get(who, `/reports/published/${first.id}`)).body).toEqual(first);
    }
    expect((await world.get('otherCity', '/reports/published')).body.items).toEqual([]);
    expect((await world.get('otherCity', `/reports/published/${first.id}`)).status).toBe(404);
  });

  test('the hash is of the bytes that anybody may have', async () => {
    const { text } = await world.get('county2', `/reports/published/${first.id}?format=canonical`);
    expect(createHash('sha256').update(text).digest('hex')).toBe(first.hash);
    expect(JSON.parse(text)).toEqual(first.content);
  });

  test('a correction is a new edition that tells what differs; the former stays as it was', async () => {
    await world.must('county2', julyCase, 'attempts', world.attempt('call'));
    await world.must('county2', julyCase, 'outcome', outcome());
    const answer = await publish('2023-07', { note: '更正' });
    const second = answer.body as WholeEditionAnswer;
    expect([answer.status, second.edition, second.content.previous]).toEqual([201, 2, first.hash]);
    expect(second.previous).toEqual({ id: first.id, edition: 1, hash: first.hash });
    expect(second.changes).toEqual(
      expect.arrayContaining([
        { unit: SECOND, field: '/score', before: 50, after: 70 },
        { unit: SECOND, field: '/indicators/successRate/rate', before: null, after: 1 },
        { unit: null, field: '/total/rates/successRate/numerator', before: 0, after: 1 },
      ]),
    );
    expect(second.changes.every(({ unit }) => unit === null || unit === SECOND)).toBe(true);
    expect((await world.get('city', `/reports/published/${first.id}`)).body).toEqual(first);
    const csv = await world.get('county', `/reports/published/${second.id}?format=csv`);
    expect(csv.text).toContain(`SHA-256,${second.hash}`);
    expect(csv.text).toContain(`${SECOND},/score,50,70`);
    const { status, headers } = await world.get('county', `/reports/published/${second.id}?format=xlsx`);
    expect([status, headers['content-disposition']]).toEqual([200, expect.stringMatching(/\.xlsx"$/)]);
  });

  test('so is the tier report of a month, without what it says of the present', async () => {
    const answer = await publish('2023-07', { kind: 'tier', tier: 'city' });
    expect([answer.status, answer.body.edition]).toEqual([201, 1]);
    const [row] = (answer.body as WholeEditionAnswer).content.report.rows;
    expect(row).toMatchObject({ agency: { code: '4113' }, received: 6 });
    expect(row).not.toHaveProperty('open');
    expect((await publish('2023-07', { kind: 'tier', tier: 'city' })).body.code).toBe('nothing-new');
    const csv = (await world.get('city', `/reports/published/${answer.body.id as string}?format=csv`)).text.split(
      '\r\n',
    );
    expect(csv[0]).toContain('及时签收率,及时签收率-分子,及时签收率-分母');
    expect(csv[1]!.split(',').slice(0, 3)).toEqual(['4113', expect.any(String), '6']);
    expect((await publish('2023-07', { tier: 'city' })).body.errors).toMatchObject([{ pointer: '/tier' }]);
    expect((await publish('2023-07', { note: '联系人13812345678' })).body.errors).toMatchObject([{ pointer: '/note' }]);
    for (const field of ['kind', 'note'])
      expect((await publish('2023-07', { [field]: null })).body.errors[0].pointer).toBe(`/${field}`);
  });

  test('the database refuses to change or delete what was published', async () => {
    for (const statement of [
      `UPDATE published_edition SET note = 'x'`,
      'DELETE FROM published_edition',
      'TRUNCATE published_edition CASCADE',
      `INSERT INTO published_edition SELECT gen_random_uuid(), city_id, kind, tier, month, 9, 'x'::bytea, hash, as_of,
         published_at, published_by, published_by_name, note FROM published_edition LIMIT 1`,
    ]) {
      await expect(world.sql(statement)).rejects.toThrow();
    }
  });
});

describe('cards', () => {
  const cards: Record<string, string> = {};

  async function remember(month: string): Promise<string[]> {
    const answer = await propose(month);
    for (const { id, kind } of answer.body.proposed as CardAnswer[]) cards[`${kind} ${month}`] = id;
    return kinds(answer);
  }
  const give = async (id: string, command: string, who: Place = 'city'): Promise<CardWithHistoryAnswer> => {
    const answer = await world.post(who, `/cards/${id}/${command}`, { reason: '情况属实' });
    expect(answer.status).toBe(200);
    return answer.body as CardWithHistoryAnswer;
  };

  test('are proposed for a month that has ended, and not twice', async () => {
    expect(await remember('2023-07')).toEqual([`${THIRD} notice`]);
    expect(kinds(await propose('2023-07'))).toEqual([]);
    await work('2023-08-10');
    world.app.clock.set('2023-09-01T09:00:00+08:00');
    const answers = await Promise.all([propose('2023-08'), propose('2023-08')]);
    expect(answers.flatMap(kinds).sort()).toEqual([`${THIRD} notice`, `${THIRD} yellow`]);
    for (const { id, kind } of answers.flatMap(({ body }) => body.proposed as CardAnswer[]))
      cards[`${kind} 2023-08`] = id;
  });

  test('are seen by their unit and those above it', async () => {
    const id = cards['yellow 2023-08']!;
    const seen = (await asThird(`/cards/${id}`)).body as CardWithHistoryAnswer;
    expect(seen).toMatchObject({ name: '黄牌', status: 'proposed', allowed: [], agency: { code: THIRD } });
    expect(seen.grounds[0]).toMatchObject({
      rule: 'worst-months',
      standings: [
        { period: '2023-08', rank: 3, of: 3, score: 0 },
        { period: '2023-07', rank: 3, of: 3, score: 0 },
      ],
    });
    expect(seen.history).toMatchObject([{ action: 'proposed', by: 'system' }]);
    expect((await world.get('city', `/cards/${id}`)).body.allowed).toEqual(['confirm', 'dismiss']);
    const ranking = await world.get('city', '/reports/rankings?tier=county&month=2023-08');
    const shown = (ranking.body.rows as RankingAnswer['rows']).flatMap(({ agency, cards: own }) =>
      own.map(({ kind, status }) => `${agency.code} ${kind} ${status}`),
    );
    expect(shown).toEqual([`${THIRD} notice proposed`, `${THIRD} yellow proposed`]);
    for (const who of ['county', 'township', 'otherCity'] as const) {
      expect((await world.get(who, `/cards/${id}`)).status).toBe(404);
      expect((await world.get(who, '/cards')).body.items).toEqual([]);
    }
    expect((await world.get('city', '/cards?count=true&status=proposed&kind=notice')).body.total).toBe(2);
    expect((await world.get('city', `/cards?agency=${FIRST}`)).body.items).toEqual([]);
  });

  test('are confirmed from above, answered by the unit, closed; each step is told and none is skipped', async () => {
    const id = cards['yellow 2023-08']!;
    expect((await asThird(`/cards/${id}/answer`, { note: '早了' })).body.code).toBe('card-state');
    expect((await asThird(`/cards/${id}/confirm`, { reason: '不是我的事' })).status).toBe(403);
    const stale = await world.post('city', `/cards/${id}/confirm`, { reason: '属实' }, { 'if-match': '"7"' });
    expect(stale.status).toBe(412);
    await give(id, 'confirm');
    expect((await world.post('city', `/cards/${id}/dismiss`, { reason: '晚了' })).body).toMatchObject({
      code: 'card-state',
      status: 409,
    });
    expect((await asThird(`/cards/${id}/answer`, { note: '请联系13812345678' })).body.code).toBe('invalid');
    expect((await asThird(`/cards/${id}/answer`, { note: '已增配夜间值班警力' })).body.status).toBe('answered');
    const closed = (await world.post('city', `/cards/${id}/close`, { note: '复查合格' })).body as CardWithHistoryAnswer;
    expect(closed.history.map(({ action, text }) => [action, text]).slice(1)).toEqual([
      ['confirmed', '情况属实'],
      ['answered', '已增配夜间值班警力'],
      ['closed', '复查合格'],
    ]);
    expect((await give(cards['notice 2023-07']!, 'dismiss')).status).toBe('dismissed');
    expect(kinds(await propose('2023-07'))).toEqual([]);
    await expect(world.sql(`UPDATE card_event SET text = 'x'`)).rejects.toThrow();
    await expect(world.sql('DELETE FROM card_event')).rejects.toThrow();
  });

  test('lead to others as they are confirmed, and off the list in the end', async () => {
    const listed = await onTheList(FIRST!, '2023-03');
    await work('2023-09-10');
    world.app.clock.set('2023-10-01T09:00:00+08:00');
    expect((await remember('2023-09')).sort()).toEqual(
      [`${THIRD} notice`, `${THIRD} yellow`, `${FIRST} delisted`].sort(),
    );
    const off = (await world.get('city', `/cards/${cards['delisted 2023-09']!}`)).body as CardAnswer;
    expect(off).toMatchObject({ restsOn: [listed], grounds: [{ rule: 'recovered' }] });
    expect((await give(off.id, 'confirm')).allowed).toEqual(['close']);

    await give(cards['yellow 2023-09']!, 'confirm');
    const waiting = async (): Promise<CardAnswer[]> =>
      (await world.get('city', `/cards?status=proposed&month=2023-09&agency=${THIRD}`)).body.items as CardAnswer[];
    const [red] = (await waiting()).filter(({ kind }) => kind === 'red');
    expect(red!.restsOn.sort()).toEqual([cards['yellow 2023-08'], cards['yellow 2023-09']].sort());
    await give(red!.id, 'confirm');
    expect((await waiting()).map(({ kind }) => kind).sort()).toEqual(['notice', 'talk']);
    expect(kinds(await propose('2023-09'))).toEqual([]);
  });

  /** A unit that was put on the list in a month long ago. @returns the id of the card */
  async function onTheList(code: string, month: string): Promise<string> {
    const { app } = world.app;
    const unit = (await app.get(OrganizationRegistry).current()).byCode(code)!;
    const card = await app
      .get<Database>(Database as Type, { strict: false })
      .transaction(systemCaller(unit).session, (tx) =>
        app
          .get(CardStore, { strict: false })
          .propose(tx, unit, { kind: 'listed', month, grounds: [], restsOn: [] }, '系统建议'),
      );
    await give(card!.id, 'confirm');
    return card!.id;
  }
});

describe('institutions', () => {
  const NOTICE = {
    kind: 'bank',
    institution: '某银行城关网点',
    measure: 'suspended',
    reason: '核查不严',
    from: '2023-10-01',
  };

  test('that were warned or suspended are listed for the city, until it is lifted, with its history', async () => {
    const issued = await world.post('city', '/notices', { ...NOTICE, until: '2023-12-31' });
    expect([issued.status, issued.body.until]).toEqual([201, '2023-12-31']);
    const id = issued.body.id as string;
    const listed = async (who: Place, query: string): Promise<string[]> =>
      ((await world.get(who, `/notices?${query}`)).body.items as { id: string }[]).map((notice) => notice.id);
    expect(await listed('township', 'holdsOn=2023-12-31')).toEqual([id]);
    expect(await listed('county', 'holdsOn=2024-01-01')).toEqual([]);
    expect(await listed('county', 'kind=operator')).toEqual([]);
    expect(await listed('otherCity', '')).toEqual([]);
    const lifted = await world.post('city', `/notices/${id}/lift`, { reason: '整改合格' });
    expect(lifted.body.history).toMatchObject([{ action: 'issued' }, { action: 'lifted', text: '整改合格' }]);
    expect((await world.post('city', `/notices/${id}/lift`, { reason: '再次' })).body.code).toBe('notice-lifted');
    expect(await listed('county', 'holdsOn=2023-12-01')).toEqual([]);
    expect(await listed('county', 'measure=suspended')).toEqual([id]);
  });

  test('bad notices are told where', async () => {
    const faults = async (body: object): Promise<unknown> =>
      ((await world.post('city', '/notices', { ...NOTICE, ...body })).body.errors as { pointer: string }[])[0]!.pointer;
    expect(await faults({ until: '2023-09-30' })).toBe('/until');
    expect(await faults({ reason: '柜员 13812345678' })).toBe('/reason');
    expect(await faults({ measure: 'closed' })).toBe('/measure');
  });
});

test('verify computes every published hash anew and finds the byte that was changed', async () => {
  const { app } = world.app;
  const database = app.get<Database>(Database as Type, { strict: false });
  const verify = async (): Promise<Findings & { editions: number }> => {
    const findings = new Findings(10);
    const editions = await database.read(organizationSession, (tx) =>
      app.get(EditionChecks, { strict: false }).check(tx, findings),
    );
    return Object.assign(findings, { editions });
  };
  expect(await verify()).toMatchObject({ editions: 3, differences: [] });
  await world.sql('ALTER TABLE published_edition DROP CONSTRAINT published_edition_hash_ck, DISABLE TRIGGER USER');
  await world.sql(
    `UPDATE published_edition SET content = overlay(content placing 'X' from length(content) - 3) WHERE id = $1`,
    [first.id],
  );
  expect((await verify()).differences[0]).toMatchObject({
    where: 'published 4113/ranking/county/2023-07, edition 1',
    what: 'hash of the stored bytes',
    found: first.hash,
  });
  await world.app.clocks();
  const whole = await app.get(VerifyService, { strict: false }).verify({ months: ['2023-07'] });
  expect([whole.editions, whole.differences[0]!.what]).toEqual([3, 'hash of the stored bytes']);
});
