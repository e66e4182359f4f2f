import type { FreezeAnswer, RenewalAnswer } from './freeze.dto.js';

/** A freeze as the API document shows it. */
export const FREEZE_EXAMPLE: FreezeAnswer = {
  id: '018897c2-7b40-7a12-9d63-1f2e3d4c5b6a',
  incidentId: '0188969f-2a00-7d12-8e41-5c6b7a8d9e0f',
  incidentNo: '4113-20230601-000045',
  stopPaymentId: '018896a4-5e10-7c31-9b52-6f0a1d2c3b4e',
  account: '6222 **** **** 0123',
  bank: '中国工商银行',
  holderName: '李*',
  amountFen: 4_812_300,
  frozenFen: 4_812_300,
  remainingFen: 4_812_300,
  from: '2023-06-01',
  until: '2023-12-01',
  agency: { code: '411322', name: '方城县公安局', tier: 'county' },
  status: 'effective',
  requestedAt: '2023-06-01T14:05:00.000+08:00',
  requestedBy: '李警官',
  approverTier: 'county',
  namedApprover: '王大队长',
  approvedAt: '2023-06-01T14:31:00.000+08:00',
  approvedBy: '王大队长',
  waitingSince: null,
  effectiveAt: '2023-06-01T15:10:00.000+08:00',
  verificationDueAt: '2023-07-01T00:00:00.000+08:00',
  renewalDueAt: '2023-11-22T00:00:00.000+08:00',
  lapsesAt: '2023-12-02T00:00:00.000+08:00',
  unrelatedAt: null,
  releaseDueAt: null,
  endedAt: null,
  renewals: [],
  version: 3,
  allowed: ['correct', 'renewals', 'unrelated', 'release'],
};

/** As it was asked for. */
export const REQUESTED_EXAMPLE: FreezeAnswer = {
  ...FREEZE_EXAMPLE,
  status: 'requested',
  frozenFen: null,
  remainingFen: 0,
  approvedAt: null,
  approvedBy: null,
  effectiveAt: null,
  verificationDueAt: null,
  renewalDueAt: null,
  lapsesAt: null,
  version: 1,
  allowed: [],
};

export const RENEWAL_EXAMPLE: RenewalAnswer = {
  id: '018c1b2d-0a00-7e13-8f24-2a3b4c5d6e7f',
  from: '2023-12-02',
  until: '2024-06-01',
  askedAt: '2023-11-23T10:00:00.000+08:00',
  askedBy: '李警官',
  approverTier: 'county',
  decision: null,
  decidedAt: null,
  decidedBy: null,
};
