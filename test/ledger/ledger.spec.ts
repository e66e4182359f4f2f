import { Database, session } from '../../src/platform/database/database.js';
import { newId } from '../../src/platform/clock/id.js';
import { LedgerStore, type NewEntry } from '../../src/ledger/ledger.store.js';
import { LedgerView } from '../../src/ledger/ledger.view.js';
import { OrganizationRegistry } from '../../src/organization/organization.registry.js';
import { signal, START, TestApp, type Officer } from '../support/app.js';

const COUNTY = '411322';
const nobody = session({ actor: 'test', agency_path: '', roles: 'system' });

let app: TestApp;
let database: Database;
let store: LedgerStore;
let view: LedgerView;
let cityId: number;
let agencyId: number;
let feed: Officer;
let county: Officer;

beforeAll(async () => {
  app = await TestApp.start();
  database = app.app.get(Database);
  store = app.app.get(LedgerStore, { strict: false });
  view = app.app.get(LedgerView, { strict: false });
  const organization = await app.app.get(OrganizationRegistry).current();
  cityId = organization.byCode('4113')!.id;
  agencyId = organization.byCode(COUNTY)!.id;
  feed = await app.feed();
  county = await app.user(COUNTY, 'officer', 'supervisor');
});
afterAll(() => app.stop());

let serial = 0;
async function account(): Promise<string> {
  const number = `622202${String(++serial).padStart(12, '0')}`;
  return database.transaction(nobody, (tx) => store.holdNumber(tx, cityId, number));
}

function entry(accountId: string, kind: NewEntry['kind'], amountFen: number): NewEntry {
  return {
    cityId,
    kind,
    accountId,
    amountFen,
    at: new Date(START),
    caseKind: 'incident',
    caseId: newId(new Date(START)),
    agencyId,
    originKind: 'freeze',
    originId: newId(new Date(START)),
    basis: null,
    byUser: null,
  };
}

/** @returns the constraint that refused it, or undefined */
async function append(...entries: NewEntry[]): Promise<string | undefined> {
  try {
    await database.transaction(nobody, async (tx) => store.append(tx, entries));
    return undefined;
  } catch (error) {
    return (error as { constraint?: string }).constraint ?? String(error);
  }
}

const balance = async (accountId: string): Promise<unknown> =>
  database.read(nobody, (tx) => view.balance(tx, accountId));

describe('the database holds the books', () => {
  it('sums entries, and refuses one that would take a balance below zero', async () => {
    const one = await account();
    expect(await append(entry(one, 'stopped', 700), entry(one, 'frozen', 1_000))).toBeUndefined();
    expect(await append(entry(one, 'freeze-released', 400))).toBeUndefined();
    expect(await balance(one)).toEqual({ stoppedFen: 700, frozenFen: 600 });
    expect(await append(entry(one, 'freeze-released', 601))).toBe('ledger_balance_ck');
    expect(await append(entry(one, 'stop-released', 701))).toBe('ledger_balance_ck');
    expect(await balance(one)).toEqual({ stoppedFen: 700, frozenFen: 600 });
  });

  it('lets of many who take the same money at once exactly as many through as there is money for', async () => {
    const one = await account();
    await append(entry(one, 'frozen', 1_000));
    const results = await Promise.all(Array.from({ length: 12 }, () => append(entry(one, 'freeze-released', 300))));
    expect(results.filter((refused) => refused === undefined)).toHaveLength(3);
    expect(new Set(results.filter((refused) => refused !== undefined))).toEqual(new Set(['ledger_balance_ck']));
    expect(await balance(one)).toEqual({ stoppedFen: 0, frozenFen: 100 });
  });

  it('takes an entry back once, by its exact contrary, and never below zero', async () => {
    const one = await account();
    const frozen = entry(one, 'frozen', 1_000);
    await append(frozen);
    const standing = (): ReturnType<LedgerStore['standing']> =>
      database.read(nobody, (tx) => store.standing(tx, frozen.originId));
    const reverse = async (change: object = {}): Promise<string | undefined> => {
      const [stored] = await standing();
      try {
        await database.transaction(nobody, async (tx) => store.reverse(tx, [{ ...stored!, ...change }], null));
        return undefined;
      } catch (error) {
        return (error as { constraint?: string }).constraint;
      }
    };
    expect(await reverse({ amountFen: 999 })).toBe('ledger_reversal_ck');
    expect(await reverse({ kind: 'stopped' })).toBe('ledger_reversal_ck');
    await append(entry(one, 'freeze-released', 1));
    expect(await reverse()).toBe('ledger_balance_ck');
    const other = await account();
    const mistaken = entry(other, 'frozen', 50);
    await append(mistaken);
    const [stored] = await database.read(nobody, (tx) => store.standing(tx, mistaken.originId));
    const twice = await Promise.allSettled(
      [1, 2].map(() => database.transaction(nobody, async (tx) => store.reverse(tx, [stored!], null))),
    );
    expect(twice.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await balance(other)).toEqual({ stoppedFen: 0, frozenFen: 0 });
    expect(await database.read(nobody, (tx) => store.standing(tx, mistaken.originId))).toEqual([]);
  });

  it('cannot be changed or erased', async () => {
    const change = (sql: string): Promise<unknown> =>
      database.transaction(nobody, (tx) => tx.adHoc(sql)).catch((error: Error) => error.message);
    expect(await change('UPDATE ledger_entry SET amount_fen = 1')).toMatch(/permission denied/);
    expect(await change('DELETE FROM ledger_entry')).toMatch(/permission denied/);
  });
});

describe('what an outcome saved and what was lost', () => {
  const close = async (outcome: object): Promise<string> => {
    const { id } = (await feed.post('/alerts', signal())).body as { id: string };
    await county.post(`/alerts/${id}/accept`);
    await county.post(`/alerts/${id}/attempts`, { method: 'visit', at: START, reached: true, participants: [] });
    await county.post(`/alerts/${id}/outcome`, { note: '已劝阻', lossFen: 0, ...outcome });
    return id;
  };
  const entries = async (id: string): Promise<Record<string, unknown>[]> =>
    (await county.get(`/ledger?case=${id}`)).body.items as Record<string, unknown>[];

  it('goes into the ledger when it is approved, and is taken back when the case is opened again', async () => {
    const id = await close({ result: 'dissuaded', interceptedFen: 120_000, interceptedBasis: 'bank-blocked' });
    const [booked] = await entries(id);
    expect(booked).toMatchObject({
      kind: 'intercepted',
      amountFen: 120_000,
      basis: 'bank',
      account: null,
      case: { kind: 'alert', id },
      agency: { code: COUNTY },
      reverses: null,
      reversedBy: null,
    });
    const city = await app.user('4113', 'supervisor');
    expect((await city.post(`/alerts/${id}/reopen`, { reason: '金额有误' })).status).toBe(200);
    const [reversal, first] = await entries(id);
    expect(reversal).toMatchObject({ kind: 'intercepted', amountFen: 120_000, reverses: booked!['id'] });
    expect(first).toMatchObject({ id: booked!['id'], reversedBy: reversal!['id'] });
    await county.post(`/alerts/${id}/outcome`, {
      result: 'dissuaded',
      interceptedFen: 90_000,
      interceptedBasis: 'transfer-cancelled',
      lossFen: 0,
      note: '更正',
    });
    expect((await entries(id)).map(({ amountFen, basis }) => [amountFen, basis])).toEqual([
      [90_000, 'dissuasion'],
      [120_000, 'bank'],
      [120_000, 'bank'],
    ]);
  });

  it('counts nothing before the review, and nothing for an outcome without money', async () => {
    const waiting = await close({
      result: 'partial-loss',
      interceptedFen: 5_000,
      interceptedBasis: 'transfer-recalled',
      lossFen: 300,
    });
    expect(await entries(waiting)).toEqual([]);
    const city = await app.user('4113', 'supervisor');
    await city.post(`/alerts/${waiting}/review`, { decision: 'approve' });
    expect((await entries(waiting)).map(({ kind, amountFen }) => [kind, amountFen]).sort()).toEqual([
      ['intercepted', 5_000],
      ['lost', 300],
    ]);
    expect(await entries(await close({ result: 'dissuaded', interceptedFen: 0 }))).toEqual([]);
  });
});

test('the list is filtered, paged and counted; the number of an account must be one', async () => {
  const page = (await county.get('/ledger?limit=2&count=true')).body as {
    items: unknown[];
    nextCursor: string;
    total: number;
  };
  expect(page.items).toHaveLength(2);
  expect(page.total).toBeGreaterThan(2);
  const rest = (await county.get(`/ledger?limit=200&cursor=${page.nextCursor}`)).body as { items: { id: string }[] };
  expect(rest.items).toHaveLength(page.total - 2);
  expect((await county.get('/ledger?kind=lost&count=true')).body).toMatchObject({ total: 1 });
  expect((await county.get('/ledger?from=2023-06-02&count=true')).body).toMatchObject({ total: 0 });
  expect((await county.get('/ledger?account=x')).body).toMatchObject({
    status: 422,
    errors: [{ pointer: '/account' }],
  });
  expect((await county.get('/ledger/balance?account=6222021234560123')).status).toBe(404);
});
