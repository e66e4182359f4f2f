import { VerifyService } from '../../src/verify/verify.service.js';
import { Returners } from '../returns/support.js';
import { stopped } from '../stop/support.js';
import { incident } from '../incident/support.js';

let returners: Returners;

beforeAll(async () => {
  returners = await Returners.start(['city', 'county', 'township']);
  const { world } = returners;
  const pot = await returners.pot({ paid: [90_000], frozenFen: 100_000 });
  const { id, allocations } = await returners.atBank(pot);
  await returners.must(returners.pay(id as string, (allocations as { claimId: string }[])[0]!.claimId));
  const { id: other } = (await incident(world, 'county', { lossFen: 70_000 })) as { id: string };
  await stopped(world, other, 65_000);
});
afterAll(() => returners.stop());

const verify = async (): Promise<string[]> =>
  (await returners.app.app.get(VerifyService).verify()).differences.map(({ where, what }) => `${where}: ${what}`);

/** As only the owner of the database can: past every trigger. */
async function behind(change: string): Promise<void> {
  await returners.world.sql(`BEGIN; SET LOCAL session_replication_role = replica; ${change}; COMMIT`);
}

test('the books agree with what they are the books of', async () => {
  const { entries, found } = await returners.app.app.get(VerifyService).verify();
  expect(found).toBe(0);
  // lost twice, frozen, returned, stopped
  expect(entries).toBe(5);
});

describe('what somebody changed behind the application’s back is found where it is:', () => {
  const entry = (kind: string): string => `(SELECT id FROM ledger_entry WHERE kind = '${kind}' ORDER BY id LIMIT 1)`;
  const fen = (kind: string, change: string): string =>
    `UPDATE ledger_entry SET amount_fen = amount_fen ${change} WHERE id = ${entry(kind)}`;
  const CHANGES: [what: string, change: string, back: string, found: RegExp][] = [
    ['a fen more returned', fen('returned', '+ 1'), fen('returned', '- 1'), /^claim 1 of return .*: ledger: returned$/],
    ['a fen less lost', fen('lost', '- 1'), fen('lost', '+ 1'), /^incident 4113-.*: ledger: lost$/],
    ['another amount stopped', fen('stopped', '+ 5'), fen('stopped', '- 5'), /^stop-payment .*: ledger: stopped$/],
    ['another amount frozen', fen('frozen', '- 3'), fen('frozen', '+ 3'), /^freeze .*: ledger: frozen$/],
    [
      'more returned than was frozen',
      fen('returned', '+ 20000'),
      fen('returned', '- 20000'),
      /^account .*: balance of frozen$/,
    ],
    [
      'a stop-payment of another amount',
      'UPDATE stop_payment SET stopped_fen = stopped_fen + 1',
      'UPDATE stop_payment SET stopped_fen = stopped_fen - 1',
      /^stop-payment .*: ledger: stopped$/,
    ],
    [
      'a payment that is not in the books',
      `CREATE TABLE hidden AS SELECT * FROM ledger_entry WHERE kind = 'returned'; DELETE FROM ledger_entry WHERE kind = 'returned'`,
      'INSERT INTO ledger_entry TABLE hidden; DROP TABLE hidden',
      /^claim 1 of return .*: ledger: returned$/,
    ],
    [
      'an entry that no event tells of',
      `INSERT INTO ledger_entry SELECT gen_random_uuid(), city_id, kind, account_id, amount_fen, at, case_kind, case_id, agency_id,
         origin_kind, gen_random_uuid(), basis, by_user, reverses, recorded_at FROM ledger_entry WHERE kind = 'frozen'`,
      `DELETE FROM ledger_entry e WHERE kind = 'frozen' AND NOT EXISTS (SELECT FROM fund_freeze f WHERE f.id = e.origin_id)`,
      /^ledger entry .*: told on the timeline of its case$/,
    ],
    [
      'an entry of another agency',
      `UPDATE ledger_entry SET agency_id = agency_id + 1 WHERE kind = 'stopped'`,
      `UPDATE ledger_entry SET agency_id = agency_id - 1 WHERE kind = 'stopped'`,
      /^stop-payment .*: ledger: stopped$/,
    ],
  ];

  it.each(CHANGES)('%s', async (_what, change, back, found) => {
    await behind(change);
    try {
      expect(await verify()).toContainEqual(expect.stringMatching(found));
    } finally {
      await behind(back);
    }
  });

  it('and nothing once it is mended', async () => {
    expect(await verify()).toEqual([]);
  });
});
