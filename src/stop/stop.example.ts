import type { StopAnswer } from './stop.dto.js';

/** A stop-payment as the API document shows it. */
export const STOP_EXAMPLE: StopAnswer = {
  id: '018896a4-5e10-7c31-9b52-6f0a1d2c3b4e',
  incidentId: '0188969f-2a00-7d12-8e41-5c6b7a8d9e0f',
  incidentNo: '4113-20230601-000045',
  parent: null,
  level: 1,
  ordinal: 1,
  account: '6222 **** **** 0123',
  bank: '中国工商银行',
  holderName: '李*',
  transferFen: 5_000_000,
  transferAt: '2023-06-01T09:20:00.000+08:00',
  agency: { code: '411322', name: '方城县公安局', tier: 'county' },
  requestedAt: '2023-06-01T09:41:00.000+08:00',
  status: 'effective',
  stoppedAt: '2023-06-01T09:52:00.000+08:00',
  stoppedFen: 4_812_300,
  expiresAt: '2023-06-03T09:52:00.000+08:00',
  endedAt: null,
  releasedTo: null,
  version: 2,
  allowed: ['release', 'correct'],
};
