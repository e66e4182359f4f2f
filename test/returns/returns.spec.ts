import { unzipSync, strFromU8 } from 'fflate';
import { SaxesParser } from 'saxes';
import { HolidayService } from '../../src/returns/holiday.service.js';
import { systemCaller } from '../../src/identity/caller.js';
import { OrganizationRegistry } from '../../src/organization/organization.registry.js';
import { call, PLACES, type Answer } from '../case/support.js';
import { account, codeOf } from '../freeze/support.js';
import { incident } from '../incident/support.js';
import { stopped } from '../stop/support.js';
import { DEFAULT_POLICIES } from '../../src/organization/policy.js';
import type { Officer } from '../support/app.js';
import { Returners, type Pot } from './support.js';

let at: Returners;
/** An officer of the city who proposes, and may approve others' returns. */
let both: Officer;

beforeAll(async () => {
  at = await Returners.start();
  both = at.world.as('city');
  const city = (await at.app.app.get(OrganizationRegistry).current()).byCode(PLACES.city)!;
  await at.app.app.get(HolidayService, { strict: false }).seed(systemCaller(city));
});
afterAll(() => at.stop());

interface Allocation {
  claimId: string;
  incidentId: string;
  returnFen: number;
  claimFen: number;
}
const sharesOf = (body: Answer['body']): number[] =>
  (body.allocations as Allocation[]).map(({ returnFen }) => returnFen);
const claimsOf = (body: Answer['body']): string[] => (body.allocations as Allocation[]).map(({ claimId }) => claimId);
const pointers = ({ body }: Answer): string[] => (body.errors as { pointer: string }[]).map(({ pointer }) => pointer);

async function atBankAfterNotice(pot: Pot): Promise<Answer['body']> {
  const { id } = await at.published(pot);
  at.app.clock.set(at.midnight(31));
  return at.must(at.toBank(id as string));
}

describe('one credit', () => {
  it('goes back directly: proposed, approved by another, taken to the bank, paid', async () => {
    const pot = await at.pot({ paid: [4_500_000], frozenFen: 4_000_000 });
    const applied = await at.applied(pot);
    expect(applied).toMatchObject({
      status: 'applied',
      proposedMethod: 'direct-single',
      method: null,
      frozenFen: 4_000_000,
      inflowFen: 4_500_000,
      allocations: [{ incidentId: pot.incidentId, transferIds: [1], claimFen: 4_500_000, returnFen: 4_000_000 }],
      otherClaims: null,
      residualFen: 0,
      version: 1,
    });
    const id = applied.id as string;
    await at.must(at.propose(id, 'direct-single'));
    expect(await at.must(at.approve(id))).toMatchObject({ status: 'payable', method: 'direct-single' });
    expect((await at.world.get('county', '/returns?queue=payable')).body.items).toMatchObject([{ id }]);
    // A bank writes whole seconds, also in the second of the notice itself.
    at.app.clock.advanceMinutes(0.005);
    const atBank = await at.must(at.toBank(id));
    expect(atBank).toMatchObject({ status: 'at-bank', calendarComplete: true });
    const [claimId] = claimsOf(atBank);
    const second = new Date(Math.floor(at.app.clock.now().getTime() / 1_000) * 1_000).toISOString();
    const paid = await at.must(at.pay(id, claimId!, { paidAt: second }));
    expect(paid).toMatchObject({ status: 'paid', allocations: [{ receiptNo: `R-${claimId!.slice(-6)}` }] });
    expect(await at.frozenFen(pot)).toBe(0);
    expect(await at.types(pot.incidentId)).toEqual([
      'return-applied',
      'return-proposed',
      'return-approved',
      'return-at-bank',
      'return-paid',
    ]);
    expect((await at.pay(id, claimId!)).status).toBe(409);
  });

  it('is computed without being stored in a preview', async () => {
    const pot = await at.pot({ paid: [10_000], frozenFen: 6_000 });
    const preview = await at.apply(pot, {}, 'county', '?preview=true');
    expect(preview.status).toBe(200);
    expect(preview.body).toMatchObject({
      id: null,
      status: 'preview',
      allocations: [{ claimId: null, returnFen: 6_000 }],
    });
    expect((await at.world.get('county', `/returns?freeze=${pot.freezeId}&count=true`)).body.total).toBe(0);
  });
});

describe('shares', () => {
  it('of the table of the contract come out to the fen', async () => {
    const pot = await at.pot({ paid: [12_000_000, 8_000_000, 5_000_000], frozenFen: 10_000_000, hidden: true });
    const applied = await at.applied(pot);
    expect(applied.proposedMethod).toBe('pro-rata');
    expect(sharesOf(applied)).toEqual([4_800_000, 3_200_000, 2_000_000]);
    const unknown = await at.must(
      at.apply(await at.pot({ paid: [10_000_000, 5_000_000], frozenFen: 6_000_000 }), { inflowFen: 20_000_000 }),
    );
    expect([sharesOf(unknown), unknown.residualFen]).toEqual([[3_000_000, 1_500_000], 1_500_000]);
    const known = await at.applied(await at.pot({ paid: [3_000, 3_000, 3_000], frozenFen: 10_000 }));
    expect([known.proposedMethod, sharesOf(known), known.residualFen]).toEqual([
      'direct-timestamp',
      [3_000, 3_000, 3_000],
      1_000,
    ]);
  });

  it('are of what other returns have left, also of those approved in the meantime', async () => {
    const pot = await at.pot({ paid: [6_000, 6_000], frozenFen: 10_000 });
    const first = await at.proposed(pot, { claims: at.claims(pot, [0]) }, 'direct-timestamp');
    const second = await at.proposed(pot, { claims: at.claims(pot, [1]) }, 'direct-timestamp');
    await at.must(at.approve(first.id as string));
    const refused = await at.approve(second.id as string);
    expect([codeOf(refused), refused.body.frozenFen]).toEqual(['409 not-enough-frozen', 4_000]);
    expect(codeOf(await at.propose(second.id as string, 'direct-timestamp'))).toBe('409 method-not-possible');
    expect(sharesOf(await at.must(at.propose(second.id as string, 'pro-rata')))).toEqual([4_000]);
    await at.must(at.approve(second.id as string));
  });
});

describe('the notice', () => {
  it('runs from the day after publication; nothing is paid before 00:00 of day 31', async () => {
    const pot = await at.pot({ paid: [6_000, 4_000], frozenFen: 5_000, places: ['county', 'county2'] });
    const { id } = await at.approved(pot, {}, 'pro-rata');
    expect(codeOf(await at.toBank(id as string))).toBe('409 illegal-return-step');
    const tomorrow = await at.give('county', id as string, 'publish', { publishedOn: at.freezers.day(1) });
    expect(codeOf(tomorrow)).toBe('422 invalid');
    const yesterday = await at.give('county', id as string, 'publish', { publishedOn: at.freezers.day(-1) });
    expect(codeOf(yesterday)).toBe('422 invalid');
    const published = await at.must(at.give('county', id as string, 'publish'));
    const midnight = at.midnight(31);
    expect(published).toMatchObject({ status: 'notice', publishedOn: at.freezers.day() });
    expect(new Date(published.payableFrom as string)).toEqual(midnight);
    at.app.clock.set(new Date(midnight.getTime() - 1));
    await at.app.clocks();
    expect(codeOf(await at.toBank(id as string))).toBe('409 illegal-return-step');
    expect((await at.read(id as string)).status).toBe('notice');
    at.app.clock.set(midnight);
    // By time, before the clock has told of it.
    expect((await at.read(id as string)).status).toBe('payable');
    expect((await at.world.get('county', `/returns?queue=payable&freeze=${pot.freezeId}`)).body.items).toHaveLength(1);
    const early = await at.toBank(id as string, { deliveredAt: new Date(midnight.getTime() - 1).toISOString() });
    expect(pointers(early)).toEqual(['/deliveredAt']);
    const atBank = await at.must(at.toBank(id as string));
    const [first, second] = claimsOf(atBank);
    const before = await at.pay(id as string, first!, { paidAt: new Date(midnight.getTime() - 1).toISOString() });
    expect(pointers(before)).toEqual(['/paidAt']);
    expect(await at.must(at.pay(id as string, first!))).toMatchObject({ status: 'at-bank' });
    expect(await at.must(at.pay(id as string, second!))).toMatchObject({ status: 'paid' });
    expect(await at.types(pot.victims[1]!.incidentId)).toEqual(['return-applied', 'return-paid']);
    expect((await at.types(pot.incidentId)).slice(3)).toEqual([
      'return-published',
      'return-payable',
      'return-at-bank',
      'return-paid',
      'return-paid',
    ]);
    const books = await at.world.sql<{ case_id: string; agency: string; fen: number }>(
      `SELECT e.case_id, a.code AS agency, e.amount_fen AS fen FROM ledger_entry e JOIN agency a ON a.id = e.agency_id
       WHERE e.kind = 'returned' AND e.origin_id = ANY($1::uuid[]) ORDER BY e.id`,
      [[first, second]],
    );
    expect(books).toEqual([
      { case_id: pot.incidentId, agency: PLACES.county, fen: 3_000 },
      { case_id: pot.victims[1]!.incidentId, agency: PLACES.county, fen: 2_000 },
    ]);
  });

  it('ends by itself, unless an objection is open; then its dismissal does', async () => {
    const quiet = await at.published(await at.pot({ paid: [6_000, 4_000], frozenFen: 5_000 }));
    const disputed = await at.published(await at.pot({ paid: [6_000, 4_000], frozenFen: 5_000 }));
    const id = disputed.id as string;
    const objected = await at.must(
      at.give('county', id, 'objections', { name: '李某某', reason: '李某某也向该账户转款 62220000111122223333' }),
    );
    const [objection] = objected.objections as { id: string; name: string; reason: string }[];
    expect([objection!.name, objection!.reason]).toEqual(['李*某', '李*某也向该账户转款 622****33']);
    at.app.clock.set(at.midnight(31));
    await at.app.clocks();
    expect((await at.read(quiet.id as string)).status).toBe('payable');
    expect((await at.read(id)).status).toBe('notice');
    expect(codeOf(await at.toBank(id))).toBe('409 illegal-return-step');
    const decide = `objections/${objection!.id}/decide`;
    const dismissal = { decision: 'dismissed', reason: '与本案无关' };
    expect(codeOf(await at.give('county', id, decide, dismissal))).toBe('409 four-eyes');
    expect(await at.must(at.give('city', id, decide, dismissal))).toMatchObject({ status: 'payable' });
    expect(codeOf(await at.give('city', id, decide, dismissal))).toBe('409 illegal-return-step');
    // Raised while it is payable, it stops the payment as well.
    await at.must(at.give('county', id, 'objections', { name: '王某', reason: '尚有争议' }));
    expect(codeOf(await at.toBank(id))).toBe('409 illegal-return-step');
  });

  it('begins anew when an objection is upheld', async () => {
    const pot = await at.pot({ paid: [6_000, 4_000], frozenFen: 5_000 });
    const { id } = await at.published(pot);
    const { objections } = await at.must(
      at.give('county', id as string, 'objections', { name: '李某', reason: '算错了' }),
    );
    const [{ id: objectionId }] = objections as [{ id: string }];
    const upheld = await at.must(
      at.give('city', id as string, `objections/${objectionId}/decide`, { decision: 'upheld', reason: '另有转入' }),
    );
    expect(upheld).toMatchObject({ status: 'applied', round: 2, method: null, publishedOn: null, payableFrom: null });
    at.app.clock.set(at.midnight(31));
    await at.app.clocks();
    expect((await at.read(id as string)).status).toBe('applied');
    const amended = await at.must(
      at.give('county', id as string, 'amend', { inflowFen: 20_000, claims: at.claims(pot) }),
    );
    expect([amended.status, sharesOf(amended), amended.residualFen]).toEqual(['applied', [1_500, 1_000], 2_500]);
    await at.must(at.propose(id as string, 'pro-rata'));
    await at.must(at.approve(id as string));
    expect(await at.must(at.give('county', id as string, 'publish'))).toMatchObject({ status: 'notice', round: 2 });
    expect(await at.types(pot.incidentId)).toEqual(expect.arrayContaining(['return-recomputed']));
  });
});

describe('four eyes', () => {
  it('whoever proposed it, or applied for it, decides nothing about it', async () => {
    const pot = await at.pot({ paid: [5_000], frozenFen: 5_000 });
    const { id } = await at.applied(pot);
    const propose = { method: 'direct-single', reason: '核实' };
    await at.must(at.give('city', id as string, 'propose', propose));
    expect(codeOf(await at.approve(id as string, both))).toBe('409 four-eyes');
    expect((await at.read(id as string)).allowed).not.toContain('approve');
    const refuse = call(at.app, both, { method: 'POST', path: `/returns/${id}/refuse`, body: { reason: '无' } });
    expect(codeOf(await refuse)).toBe('409 four-eyes');
    const queue = async (who: Officer): Promise<string[]> =>
      (await call(at.app, who, { path: `/returns?queue=approval&freeze=${pot.freezeId}` })).body.items.map(
        (item: { id: string }) => item.id,
      ) as string[];
    expect([await queue(both), await queue(at.approver)]).toEqual([[], [id]]);
    await at.must(at.propose(id as string, 'direct-single'));
    expect(await queue(both)).toEqual([id]);
    expect(codeOf(await at.approve(id as string, at.freezers.countyChief))).toBe('403 forbidden');
    await at.must(at.approve(id as string, both));
    const own = await at.must(at.apply(await at.pot({ paid: [5_000], frozenFen: 5_000 }), {}, 'city'));
    await at.must(at.propose(own.id as string, 'direct-single'));
    expect(codeOf(await at.approve(own.id as string, both))).toBe('409 four-eyes');
  });

  it('two officers, different and of the freezing agency or above it or below', async () => {
    const { id } = await at.approved(await at.pot({ paid: [5_000], frozenFen: 5_000 }));
    const [county, city, stranger] = [at.world.as('county').name, both.name, at.world.as('county2').name];
    expect(pointers(await at.toBank(id as string, { officers: [county, county] }))).toEqual(['/officers/1']);
    expect(pointers(await at.toBank(id as string, { officers: [stranger, 'nobody'] }))).toEqual([
      '/officers/0',
      '/officers/1',
    ]);
    await at.must(at.toBank(id as string, { officers: [county, city] }));
  });
});

describe('the bank', () => {
  it('has three working days, over the holidays as well', async () => {
    at.app.clock.set('2023-12-28T10:00:00+08:00');
    const { id, paymentDueAt, calendarComplete } = await at.atBank(await at.pot({ paid: [5_000], frozenFen: 5_000 }));
    expect([paymentDueAt, calendarComplete]).toEqual(['2024-01-04T00:00:00.000+08:00', true]);
    at.app.clock.set('2024-01-03T23:59:59+08:00');
    await at.app.clocks();
    const lines = async (): Promise<string[]> =>
      (await at.types((await at.read(id as string)).incidentId as string)).slice(4);
    expect(await lines()).toEqual([]);
    at.app.clock.set('2024-01-04T00:00:00+08:00');
    await at.app.clocks();
    expect(await lines()).toEqual(['return-payment-overdue']);
  });

  it('is given the holidays of a year, and told where none are known', async () => {
    const year = async (of: number): Promise<Answer['body']> =>
      (await at.world.get('county', `/holidays?year=${of}`)).body;
    const known = await year(2026);
    expect([known.complete, known.days.length]).toEqual([true, 39]);
    expect(known.days[0]).toEqual({ day: '2026-01-01', working: false, name: '元旦' });
    expect(await year(2030)).toEqual({ year: 2030, complete: false, days: [] });
  });

  it('is corrected by a contrary entry: the claim is to be paid again', async () => {
    const pot = await at.pot({ paid: [5_000], frozenFen: 8_000 });
    const { id, allocations } = await at.atBank(pot, {}, 'direct-single');
    const [{ claimId }] = allocations as [Allocation];
    expect(codeOf(await at.give('county', id as string, `payments/${claimId}/reverse`, { reason: '退汇' }))).toBe(
      '409 illegal-return-step',
    );
    await at.must(at.pay(id as string, claimId));
    expect(await at.frozenFen(pot)).toBe(3_000);
    const reversed = await at.must(at.give('county', id as string, `payments/${claimId}/reverse`, { reason: '退汇' }));
    expect(reversed).toMatchObject({
      status: 'at-bank',
      endedAt: null,
      allocations: [{ paidAt: null, receiptNo: null }],
    });
    expect(await at.frozenFen(pot)).toBe(8_000);
    expect(await at.must(at.pay(id as string, claimId))).toMatchObject({ status: 'paid' });
    expect(await at.frozenFen(pot)).toBe(3_000);
  });

  it('pays nothing to a claim that gets nothing', async () => {
    const pot = await at.pot({ paid: [100, 200], frozenFen: 1 });
    const { id, allocations } = await atBankAfterNotice(pot);
    const [nothing, one] = allocations as Allocation[];
    expect([nothing!.returnFen, one!.returnFen]).toEqual([0, 1]);
    expect(codeOf(await at.pay(id as string, nothing!.claimId))).toBe('409 nothing-allotted');
    expect(await at.must(at.pay(id as string, one!.claimId))).toMatchObject({ status: 'paid' });
  });
});

describe('what is claimed', () => {
  it('rests on transfers into the account, and is no more than they were', async () => {
    const pot = await at.pot({ paid: [5_000, 6_000], frozenFen: 5_000 });
    const other = await at.pot({ paid: [7_000], frozenFen: 5_000 });
    const [claim] = at.claims(pot, [0]) as [Record<string, unknown>];
    const faults = async (more: Record<string, unknown>): Promise<string[]> =>
      pointers(await at.apply(pot, { claims: [{ ...claim, ...more }] }));
    expect(await faults({ claimFen: 5_001 })).toEqual(['/claims/0/claimFen']);
    expect(await faults({ transferIds: [2] })).toEqual(['/claims/0/transferIds']);
    expect(await faults({ refundedFen: 5_000 })).toEqual(['/claims/0/refundedFen']);
    expect(await faults({ account: '?' })).toEqual(['/claims/0/account']);
    expect(await faults({ claimFen: 0 })).toEqual(['/claims/0/claimFen']);
    expect(await faults({ claimFen: 1.5 })).not.toEqual([]);
    expect(pointers(await at.apply(pot, { claims: [claim, claim] }))).toEqual(['/claims/1/incidentId']);
    expect(pointers(await at.apply(pot, { inflowFen: 4_999, claims: [claim] }))).toEqual(['/inflowFen']);
    const elsewhere = { ...claim, incidentId: other.incidentId };
    expect(pointers(await at.apply(pot, { claims: [elsewhere] }))).toEqual(['/claims/0/incidentId']);
    expect(pointers(await at.apply(pot, { claims: [{ ...elsewhere, transferIds: [1] }] }))).toEqual([
      '/claims/0/transferIds',
    ]);
  });

  it('may have moved on to the frozen account from the one that was paid into', async () => {
    const first = account();
    const paid = { at: at.world.now, amountFen: 5_000, toAccount: first };
    const { id } = (await incident(at.world, 'county', { lossFen: 5_000, transfers: [paid] })) as { id: string };
    await at.must(at.world.post('county', `/incidents/${id}/file`, { caseNo: `A${id.slice(-12)}` }));
    const parent = await stopped(at.world, id, 5_000, { account: first, transferFen: 5_000 });
    const second = account();
    const child = { account: second, parent: parent.id as string, transferFen: 5_000 };
    await stopped(at.world, id, 5_000, child);
    const holder = await at.pot({ paid: [3_000], frozenFen: 1 });
    const freeze = await at.freezers.frozen({ incidentId: holder.incidentId, account: second, frozenFen: 4_000 });
    const claims = [{ incidentId: id, claimFen: 5_000, account: account(), bank: '农业银行' }];
    const body = await at.must(at.world.post('county', `/freezes/${freeze.id}/returns`, { claims }));
    expect(body).toMatchObject({ proposedMethod: 'pro-rata', allocations: [{ transferIds: [1], returnFen: 4_000 }] });
    await at.must(at.propose(body.id as string, 'pro-rata'));
    const url = `/api/v1/returns/${body.id}/documents/flow?purpose=${encodeURIComponent('入卷')}`;
    const flow = await at.app.app.inject({ url, headers: at.world.as('county').headers });
    expect(strFromU8(unzipSync(new Uint8Array(flow.rawPayload))['word/document.xml']!)).toContain('2级');
  });

  it('is claimed once: not while another return runs, and never beyond the loss', async () => {
    const pot = await at.pot({ paid: [10_000, 2_000], frozenFen: 4_000 });
    const claims = at.claims(pot, [0]) as Record<string, unknown>[];
    const open = (await at.applied(pot, { claims })) as { id: string };
    expect(codeOf(await at.apply(pot, { claims }))).toBe('409 claimed-twice');
    await at.must(at.propose(open.id, 'pro-rata'));
    await at.must(at.approve(open.id));
    await at.must(at.give('county', open.id, 'publish'));
    at.app.clock.set(at.midnight(31));
    const atBank = await at.must(at.toBank(open.id));
    expect(await at.must(at.pay(open.id, claimsOf(atBank)[0]!))).toMatchObject({ status: 'paid' });
    expect(codeOf(await at.apply(pot, { claims }))).toBe('409 claimed-twice');
    expect((await at.apply(pot, { claims: [{ ...claims[0]!, refundedFen: 4_000 }] })).status).toBe(201);
  });

  it('is corrected when it is sent back, and refused for good', async () => {
    const pot = await at.pot({ paid: [5_000, 6_000], frozenFen: 5_000 });
    const { id } = await at.proposed(pot, { claims: at.claims(pot, [0]) }, 'pro-rata');
    const sentBack = await at.must(
      call(at.app, at.approver, { method: 'POST', path: `/returns/${id}/send-back`, body: { reason: '补充材料' } }),
    );
    expect(sentBack.status).toBe('returned');
    expect(codeOf(await at.propose(id as string, 'pro-rata'))).toBe('409 illegal-return-step');
    const amended = await at.must(at.give('county', id as string, 'amend', { claims: at.claims(pot) }));
    expect([amended.status, (amended.allocations as unknown[]).length]).toEqual(['applied', 2]);
    const refused = await at.must(
      call(at.app, at.approver, { method: 'POST', path: `/returns/${id}/refuse`, body: { reason: '权属不明' } }),
    );
    expect(refused).toMatchObject({ status: 'refused', allowed: [] });
    expect((await at.apply(pot)).status).toBe(201);
  });
});

describe('versions and retries', () => {
  it('a stale version changes nothing, a repeated key applies once', async () => {
    const pot = await at.pot({ paid: [5_000], frozenFen: 5_000 });
    const key = { 'idempotency-key': `k-${pot.freezeId}` };
    const body = { claims: at.claims(pot) };
    const once = await at.world.post('county', `/freezes/${pot.freezeId}/returns`, body, key);
    const twice = await at.world.post('county', `/freezes/${pot.freezeId}/returns`, body, key);
    expect([once.status, twice.status, twice.headers['idempotent-replayed'], once.headers['etag']]).toEqual([
      201,
      201,
      'true',
      '"1"',
    ]);
    expect(twice.text).toBe(once.text);
    const id = once.body.id as string;
    const propose = { method: 'direct-single', reason: '核实' };
    expect((await at.give('county', id, 'propose', propose, { 'if-match': '"7"' })).status).toBe(412);
    expect((await at.give('county', id, 'propose', propose, { 'if-match': '"1"' })).headers['etag']).toBe('"2"');
  });
});

describe('jurisdiction', () => {
  it('an accepting agency claims for its own victim, and sees the others as totals', async () => {
    const pot = await at.pot({ paid: [6_000, 4_000], frozenFen: 5_000, places: ['county', 'county2'] });
    expect((await at.world.get('county2', `/freezes/${pot.freezeId}`)).status).toBe(404);
    const both = await at.apply(pot, {}, 'county2');
    expect(codeOf(both)).toBe('404 not-found');
    const own = await at.must(at.apply(pot, { claims: at.claims(pot, [1]) }, 'county2'));
    expect((await at.world.get('county2', `/freezes/${pot.freezeId}`)).status).toBe(200);
    expect((await at.world.get('county2', `/returns/${own.id}`)).status).toBe(200);
    expect(codeOf(await at.give('county2', own.id as string, 'propose', { method: 'pro-rata', reason: '核实' }))).toBe(
      '403 not-the-holder',
    );
    await at.must(
      call(at.app, at.approver, { method: 'POST', path: `/returns/${own.id}/refuse`, body: { reason: '合并办理' } }),
    );
    const all = await at.applied(pot);
    const seen = await at.read(all.id as string, 'county2');
    expect((seen.allocations as Allocation[]).map(({ incidentId }) => incidentId)).toEqual([
      pot.victims[1]!.incidentId,
    ]);
    expect(seen.otherClaims).toEqual({ count: 1, claimFen: 6_000, returnFen: 3_000 });
    expect(codeOf(await at.give('county2', all.id as string, 'amend', { claims: at.claims(pot, [1]) }))).toBe(
      '403 not-the-holder',
    );
    const listed = (place: 'county2' | 'otherCity' | 'city'): Promise<Answer> =>
      at.world.get(place, `/returns?freeze=${pot.freezeId}`);
    expect((await listed('city')).body.items).toHaveLength(2);
    expect((await listed('county2')).body.items).toHaveLength(2);
    expect((await listed('otherCity')).body.items).toHaveLength(0);
  });

  it('siblings and other cities find nothing', async () => {
    const pot = await at.pot({ paid: [5_000], frozenFen: 5_000 });
    const { id } = await at.applied(pot);
    for (const place of ['county2', 'otherCity'] as const) {
      expect((await at.world.get(place, `/returns/${id}`)).status).toBe(404);
      expect((await at.apply(pot, {}, place)).status).toBe(404);
      expect((await at.give(place, id as string, 'objections', { name: '甲', reason: '乙' })).status).toBe(404);
      expect((await at.world.get(place, `/returns/${id}/documents/flow?purpose=核对`)).status).toBe(404);
    }
  });
});

describe('the end of the freeze', () => {
  it('ends what is open, and leaves what was paid', async () => {
    const pot = await at.pot({ paid: [5_000, 6_000], frozenFen: 9_000, until: at.freezers.day(40) });
    const { id, allocations } = await at.atBank(pot, { claims: at.claims(pot, [0]) }, 'direct-timestamp');
    await at.must(at.pay(id as string, (allocations as Allocation[])[0]!.claimId));
    const second = await at.published(pot, { claims: at.claims(pot, [1]) });
    at.app.clock.set(at.midnight(41));
    expect((await at.read(second.id as string)).status).toBe('lapsed');
    expect(codeOf(await at.toBank(second.id as string))).toBe('409 illegal-return-step');
    await at.app.clocks();
    expect((await at.read(second.id as string)).status).toBe('lapsed');
    expect((await at.read(id as string)).status).toBe('paid');
    expect(await at.frozenFen(pot)).toBe(0);
    expect(await at.types(pot.incidentId)).toEqual(expect.arrayContaining(['return-lapsed']));
    expect(codeOf(await at.apply(pot, { claims: at.claims(pot, [1]) }))).toBe('409 freeze-not-effective');
    // A payment that turns out not to have been made is released as the rest was.
    const claimId = (allocations as Allocation[])[0]!.claimId;
    const reversed = await at.must(at.give('county', id as string, `payments/${claimId}/reverse`, { reason: '退汇' }));
    expect([reversed.status, await at.frozenFen(pot)]).toEqual(['lapsed', 0]);
  });
});

describe('documents', () => {
  /** Texts of a Word file, which must be a well-formed package. */
  function textOf(bytes: Buffer): string {
    const parts = unzipSync(new Uint8Array(bytes));
    expect(Object.keys(parts)).toEqual(
      expect.arrayContaining(['[Content_Types].xml', '_rels/.rels', 'word/document.xml']),
    );
    let text = '';
    for (const [name, part] of Object.entries(parts)) {
      const parser = new SaxesParser({ xmlns: true });
      parser.on('error', (error) => {
        throw error;
      });
      if (name === 'word/document.xml') parser.on('text', (piece) => (text += `${piece}\n`));
      parser.write(strFromU8(part)).close();
    }
    return text;
  }
  const paper = async (id: string, path: string, place: 'county' | 'county2' = 'county'): Promise<Buffer | number> => {
    const { headers } = at.world.as(place);
    const answer = await at.app.app.inject({ url: `/api/v1/returns/${id}/documents/${path}`, headers });
    return answer.statusCode === 200 ? answer.rawPayload : answer.statusCode;
  };

  it('show nobody in the notice, and everything in the decision and the flow, each opening on record', async () => {
    const pot = await at.pot({ paid: [600_000, 400_000], frozenFen: 500_000, places: ['county', 'county2'] });
    const { id } = await at.proposed(pot, {}, 'pro-rata');
    expect(await paper(id as string, 'notice')).toBe(409);
    expect(await paper(id as string, `decision?purpose=${encodeURIComponent('送达银行')}`)).toBe(409);
    await at.must(at.approve(id as string));
    await at.must(at.give('county', id as string, 'publish'));
    const notice = textOf((await paper(id as string, 'notice')) as Buffer);
    expect(notice).toContain('李*明');
    expect(notice).toContain('3,000.00');
    expect(notice).not.toContain('李小明');
    expect(notice).not.toContain(pot.account);
    expect(await paper(id as string, 'decision')).toBe(422);
    expect(await paper(id as string, `decision?purpose=${encodeURIComponent('送达银行')}`, 'county2')).toBe(403);
    const decision = textOf(
      (await paper(id as string, `decision?purpose=${encodeURIComponent('送达银行')}`)) as Buffer,
    );
    for (const text of ['冻结资金返还决定书', '李小明', '赵六', pot.account, '3,000.00', '2,000.00', '10,000.00']) {
      expect(decision).toContain(text);
    }
    const flow = textOf((await paper(id as string, `flow?purpose=${encodeURIComponent('入卷')}`)) as Buffer);
    for (const text of ['涉案资金流向表', '李小明', pot.account, '6,000.00']) expect(flow).toContain(text);
    const audit = await at.world.sql<{ data: Record<string, unknown> }>(
      `SELECT data FROM audit_entry WHERE action = 'return.revealed' AND object_id = $1 ORDER BY id`,
      [id],
    );
    expect(audit.map(({ data }) => data['paper'])).toEqual(['decision', 'flow']);
    const events = await at.world.sql('SELECT FROM event WHERE case_id = ANY($1::uuid[]) AND type = $2', [
      pot.victims.map(({ incidentId }) => incidentId),
      'incident-revealed',
    ]);
    expect(events).toHaveLength(4);
  });
});

describe('a city that counts identified inflow only', () => {
  it('shares by what the claims come to, whatever else flowed in', async () => {
    const admin = await at.app.user(PLACES.city, 'admin');
    const document = { ...DEFAULT_POLICIES.funds, identifiedInflowOnly: true };
    at.app.clock.advanceMinutes(1);
    expect((await admin.put('/policies/funds', { document })).status).toBe(200);
    const pot = await at.pot({ paid: [6_000, 4_000], frozenFen: 5_000 });
    const body = await at.applied(pot, { inflowFen: 20_000 });
    expect([body.inflowFen, sharesOf(body)]).toEqual([10_000, [3_000, 2_000]]);
  });
});
