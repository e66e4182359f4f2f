import { ALERT_EXAMPLE } from '../alert/alert.example.js';
import type { ReturnAnswer } from './return.dto.js';

/** A realistic return for the API document. */
export const RETURN_EXAMPLE: ReturnAnswer = {
  id: '0188c5a1-0c00-7d00-9c00-5b6a7c8d9e21',
  freezeId: '01889ba1-0c00-7d00-9c00-5b6a7c8d9e11',
  incidentId: '018884a1-0c00-7d00-9c00-5b6a7c8d9e01',
  status: 'proposed',
  proposedMethod: 'pro-rata',
  method: 'pro-rata',
  frozenFen: 10_000_000,
  inflowFen: 25_000_000,
  allocations: [
    {
      claimId: '0188c5a1-0c00-7d00-9c00-5b6a7c8d9e22',
      no: 1,
      incidentId: '018884a1-0c00-7d00-9c00-5b6a7c8d9e01',
      transferIds: [1],
      claimFen: 12_000_000,
      refundedFen: 0,
      returnFen: 4_800_000,
      account: '6228 **** **** 0018',
      bank: '农业银行',
      paidAt: null,
      receiptNo: null,
    },
  ],
  otherClaims: { count: 2, claimFen: 13_000_000, returnFen: 5_200_000 },
  residualFen: 0,
  round: 1,
  agency: ALERT_EXAMPLE.holder!,
  appliedAt: '2023-06-16T09:30:00.000+08:00',
  proposedAt: '2023-06-17T10:00:00.000+08:00',
  decidedAt: null,
  publishedOn: null,
  payableFrom: null,
  objections: [],
  officers: [],
  deliveredAt: null,
  paymentDueAt: null,
  endedAt: null,
  version: 2,
  allowed: ['propose', 'send-back'],
};

export const APPLY_EXAMPLE = {
  inflowFen: 25_000_000,
  claims: [
    {
      incidentId: RETURN_EXAMPLE.incidentId,
      transferIds: [1],
      claimFen: 12_000_000,
      account: '6228480402564890018',
      bank: '农业银行',
    },
  ],
};
