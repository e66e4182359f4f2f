import pg from 'pg';
import { call } from '../case/support.js';
import { codeOf } from '../freeze/support.js';
import type { TestApp } from '../support/app.js';
import { Returners, type Pot } from './support.js';

let at: Returners;
let other: TestApp;
/** What the program itself may do, without the program. */
let bare: pg.Client;

beforeAll(async () => {
  at = await Returners.start(['city', 'county', 'county2']);
  other = await at.another();
  bare = new pg.Client({ connectionString: at.app.database.url });
  await bare.connect();
  await bare.query('SET ROLE sanji_app');
});
afterAll(async () => {
  await bare.end();
  await other.stop(false);
  await at.stop();
});

/** An entry as the program would write it, and how the database answers. */
async function insert(claimId: string, amountFen: number, moment: Date): Promise<string> {
  try {
    await bare.query(
      `INSERT INTO ledger_entry (id, city_id, kind, account_id, amount_fen, at, case_kind, case_id, agency_id, origin_kind,
         origin_id, recorded_at)
       SELECT gen_random_uuid(), r.city_id, 'returned', r.account_id, $2, $3, 'incident', c.incident_id, r.agency_id,
         'return-claim', c.id, $3 FROM return_claim c JOIN fund_return r ON r.id = c.return_id WHERE c.id = $1`,
      [claimId, amountFen, moment.toISOString()],
    );
    return 'taken';
  } catch (error) {
    return (error as { constraint?: string }).constraint ?? String(error);
  }
}

const claimIds = (body: { allocations: { claimId: string }[] }): string[] =>
  body.allocations.map(({ claimId }) => claimId);
const now = (): Date => at.app.clock.now();
const move = (moment: Date): void => {
  at.app.clock.set(moment);
  other.clock.set(moment);
};

async function paidOf(pot: Pot): Promise<number> {
  const [row] = await at.world.sql<{ fen: number }>(
    `SELECT coalesce(sum(CASE WHEN e.reverses IS NULL THEN e.amount_fen ELSE -e.amount_fen END), 0)::bigint AS fen
     FROM ledger_entry e JOIN fund_freeze f ON f.account_id = e.account_id WHERE e.kind = 'returned' AND f.id = $1`,
    [pot.freezeId],
  );
  return row!.fen;
}

describe('the database itself refuses a return', () => {
  it('before it is at the bank, before its day, over its allotment, and twice', async () => {
    const pot = await at.pot({ paid: [6_000, 4_000], frozenFen: 5_000 });
    const { id, allocations } = await at.published(pot);
    const [first] = claimIds({ allocations });
    const day31 = at.midnight(31);
    expect(await insert(first!, 3_000, now())).toBe('ledger_return_ck');
    move(day31);
    expect(await insert(first!, 3_000, day31)).toBe('ledger_return_ck');
    await at.must(at.toBank(id as string));
    expect(await insert(first!, 3_000, new Date(day31.getTime() - 1))).toBe('ledger_return_ck');
    expect(await insert(first!, 3_001, day31)).toBe('ledger_return_ck');
    expect(await insert(first!, 3_000, day31)).toBe('taken');
    expect(await insert(first!, 1, day31)).toBe('ledger_return_ck');
  });

  it('while somebody objects, and of a claim that others took the place of', async () => {
    const pot = await at.pot({ paid: [6_000, 4_000], frozenFen: 5_000 });
    const { id, allocations } = await at.published(pot);
    move(at.midnight(31));
    await at.must(at.toBank(id as string));
    await at.must(at.give('county', id as string, 'objections', { name: '李某', reason: '有异议' }));
    const [first] = claimIds({ allocations });
    expect(await insert(first!, 3_000, now())).toBe('ledger_return_ck');
    expect(codeOf(await at.pay(id as string, first!))).toBe('409 illegal-return-step');
    await at.must(at.give('county', id as string, 'send-back', { reason: '重新申请' }));
    await at.must(at.give('county', id as string, 'amend', { claims: at.claims(pot) }));
    expect(await insert(first!, 3_000, now())).toBe('ledger_return_ck');
  });

  it('that would take the account below zero', async () => {
    const pot = await at.pot({ paid: [6_000], frozenFen: 6_000 });
    const { id, allocations } = await at.atBank(pot);
    await at.must(at.freezers.give('county', pot.freezeId, 'correct', { frozenFen: 2_000, reason: '银行更正' }));
    const [claimId] = claimIds({ allocations });
    expect(codeOf(await at.pay(id as string, claimId!))).toBe('409 not-enough-frozen');
    expect(await insert(claimId!, 6_000, now())).toBe('ledger_balance_ck');
  });

  it('never decided by who proposed it, and claims are not deleted', async () => {
    const { id } = await at.proposed(await at.pot({ paid: [6_000], frozenFen: 6_000 }));
    await expect(bare.query('UPDATE fund_return SET decided_by = proposed_by WHERE id = $1', [id])).rejects.toThrow(
      /fund_return_four_eyes_ck/,
    );
    await expect(bare.query('DELETE FROM return_claim')).rejects.toThrow(/permission denied/);
    await expect(bare.query('UPDATE return_claim SET claim_fen = 1')).rejects.toThrow(/permission denied/);
  });
});

describe('two servers at once', () => {
  it('pay a claim once', async () => {
    const pot = await at.pot({ paid: [6_000], frozenFen: 6_000 });
    const { id, allocations } = await at.atBank(pot);
    const [claimId] = claimIds({ allocations });
    const answers = await Promise.all(
      [at.app, other, at.app, other].map((app) => at.pay(id as string, claimId!, {}, app)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    expect(await paidOf(pot)).toBe(6_000);
  });

  it('approve no more than there is', async () => {
    const pot = await at.pot({ paid: [6_000, 6_000, 6_000], frozenFen: 10_000 });
    const ids: string[] = [];
    for (const index of [0, 1, 2]) {
      ids.push((await at.proposed(pot, { claims: at.claims(pot, [index]) }, 'direct-timestamp')).id as string);
    }
    const answers = await Promise.all(ids.map((id, index) => at.approve(id, at.approver, index % 2 ? other : at.app)));
    expect(answers.map(codeOf).sort()).toEqual(['200 undefined', '409 not-enough-frozen', '409 not-enough-frozen']);
  });

  it('take one application for the same loss', async () => {
    const pot = await at.pot({ paid: [6_000, 6_000], frozenFen: 10_000 });
    const claims = at.claims(pot, [0]);
    const apply = (app: TestApp): ReturnType<typeof call> =>
      call(app, at.world.as('county'), { method: 'POST', path: `/freezes/${pot.freezeId}/returns`, body: { claims } });
    const answers = await Promise.all([apply(at.app), apply(other), apply(at.app)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  it('race payments against the release of the freeze: nothing falls below zero, nothing is lost', async () => {
    for (let round = 0; round < 4; round++) {
      const pot = await at.pot({ paid: [3_000, 3_000, 3_000], frozenFen: 9_500 });
      const { id, allocations } = await at.atBank(pot);
      const release = call(round % 2 ? other : at.app, at.world.as('county'), {
        method: 'POST',
        path: `/freezes/${pot.freezeId}/release`,
        body: { reason: '解除' },
      });
      const payments = claimIds({ allocations }).map((claimId, index) =>
        at.pay(id as string, claimId, {}, index % 2 ? other : at.app),
      );
      const [released, ...paid] = await Promise.all([release, ...payments]);
      expect(released.status).toBe(200);
      expect(paid.every(({ status }) => status === 200 || status === 409)).toBe(true);
      const returned = 3_000 * paid.filter(({ status }) => status === 200).length;
      const [entry] = await at.world.sql<{ fen: number }>(
        `SELECT amount_fen AS fen FROM ledger_entry WHERE origin_id = $1 AND kind = 'freeze-released'`,
        [pot.freezeId],
      );
      expect([await paidOf(pot), entry!.fen, await at.frozenFen(pot)]).toEqual([returned, 9_500 - returned, 0]);
      expect((await at.read(id as string)).status).toBe(returned === 9_000 ? 'paid' : 'lapsed');
    }
  });
});
