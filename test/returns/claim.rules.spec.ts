import { basisOf, claimedTwice, type KnownTransfer, type OtherClaim } from '../../src/returns/claim.rules.js';

const REPORT = { reportedAt: new Date('2023-06-01T10:00:00Z'), lossFen: 900 };
const transfer = (no: number, amountFen: number, into: KnownTransfer['into']): KnownTransfer => ({
  no,
  amountFen,
  into,
  at: new Date(Date.UTC(2023, 5, 1, 10 - no)),
});

describe('what a claim rests on', () => {
  const transfers = [
    transfer(1, 100, 'account'),
    transfer(2, 200, 'upstream'),
    transfer(3, 300, null),
    transfer(4, 400, 'other'),
  ];

  it('is all that went into the account, else what moved on to it, else what may have', () => {
    expect(basisOf(transfers, undefined, REPORT, false)).toEqual({
      transferNos: [1],
      firstTransferAt: transfers[0]!.at,
      mostFen: 100,
      traced: true,
    });
    expect(basisOf(transfers.slice(1), undefined, REPORT, false)).toMatchObject({ transferNos: [2], traced: false });
    expect(basisOf(transfers.slice(2), undefined, REPORT, false)).toMatchObject({ transferNos: [3], traced: false });
    expect(basisOf(transfers.slice(3), undefined, REPORT, false)).toMatchObject({ pointer: '/incidentId' });
  });

  it('is what is named, if it did not go elsewhere; the earliest counts', () => {
    expect(basisOf(transfers, [1, 2, 3], REPORT, false)).toEqual({
      transferNos: [1, 2, 3],
      firstTransferAt: transfers[2]!.at,
      mostFen: 600,
      traced: false,
    });
    expect(basisOf(transfers, [1, 4], REPORT, false)).toMatchObject({ pointer: '/transferIds' });
    expect(basisOf(transfers, [9], REPORT, true)).toMatchObject({ pointer: '/transferIds' });
  });

  it('is the loss where no transfer is known, or where the officers of the freeze have traced it themselves', () => {
    const loss = { transferNos: [], mostFen: 900, traced: false };
    expect(basisOf([], undefined, REPORT, false)).toEqual({ ...loss, firstTransferAt: REPORT.reportedAt });
    expect(basisOf(transfers.slice(3), undefined, REPORT, true)).toEqual({
      ...loss,
      firstTransferAt: transfers[3]!.at,
    });
  });
});

describe('what is claimed elsewhere', () => {
  const basis = { transferNos: [1, 2], mostFen: 1_000 };
  const other = (more: Partial<OtherClaim>): OtherClaim => ({
    accountId: 'a',
    transferNos: [2],
    takenFen: 400,
    paid: true,
    ...more,
  });

  it('counts while it is open, and what it was paid; never beyond the transfers, or the loss', () => {
    expect(claimedTwice(basis, 600, 'a', 1_000, [other({})])).toBeUndefined();
    expect(claimedTwice(basis, 601, 'a', 2_000, [other({})])).toMatch(/more than was transferred/);
    expect(claimedTwice(basis, 1, 'a', 1_000, [other({ paid: false })])).toMatch(/still open/);
    // The same money moved on to two accounts, and is claimed from both.
    expect(claimedTwice(basis, 600, 'b', 1_000, [other({ paid: false })])).toBeUndefined();
    expect(claimedTwice(basis, 700, 'a', 1_000, [other({ transferNos: [3] })])).toMatch(/more than the incident lost/);
    expect(claimedTwice(basis, 1_000, 'a', 1_400, [other({ transferNos: [3] })])).toBeUndefined();
  });
});
