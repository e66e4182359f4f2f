import type { IncidentAnswer } from './incident.dto.js';
import type { IncidentBody } from './report.dto.js';

/** A realistic incident for the API document, as it is handed in … */
export const INCIDENT_BODY_EXAMPLE: IncidentBody = {
  source: '110',
  sourceRef: 'J4113220230601000123',
  reportedAt: '2023-06-01T10:12:00+08:00',
  divisionCode: '411322100',
  victim: { kind: 'person', name: '王某某', phone: '13800001234', idNumber: '411322196501011234' },
  fraudType: 'brushing-rebate',
  lossFen: 4_500_000,
  transfers: [
    {
      at: '2023-06-01T09:58:00+08:00',
      amountFen: 4_500_000,
      fromAccount: '6222021234560123',
      toAccount: '6217001234567788',
      toBank: '中国建设银行',
      toName: '李某',
    },
  ],
  summary: '刷单返利,向对方账户转账 1 笔',
};

/** … and as it is answered. */
export const INCIDENT_EXAMPLE: IncidentAnswer = {
  id: '018874b1-1f40-7c2d-8e11-3b9d5a7c4f20',
  incidentNo: '4113-20230601-000045',
  source: '110',
  sourceRef: 'J4113220230601000123',
  reportedAt: '2023-06-01T10:12:00.000+08:00',
  receivedAt: '2023-06-01T10:13:05.000+08:00',
  divisionCode: '411322100',
  fraudType: 'brushing-rebate',
  victim: { kind: 'person', name: '王*某', phone: '138****1234', idNumber: '411322********1234', creditCode: null },
  lossFen: 4_500_000,
  transferredFen: 4_500_000,
  transfers: [
    {
      no: 1,
      at: '2023-06-01T09:58:00.000+08:00',
      amountFen: 4_500_000,
      fromAccount: '6222 **** **** 0123',
      toAccount: '6217 **** **** 7788',
      toBank: '中国建设银行',
      toName: '李*',
    },
  ],
  summary: '刷单返利,向对方账户转账 1 笔',
  status: 'reported',
  caseNo: null,
  filedAt: null,
  holder: { code: '411322', name: '方城县公安局', tier: 'county' },
  stopDueAt: '2023-06-01T10:42:00.000+08:00',
  stopMetAt: null,
  stopOverdue: false,
  linkedAlerts: [
    {
      id: '01887496-3c80-7b4e-9a54-0f2d6c1b7e21',
      alertNo: '4113-20230601-000123',
      status: 'in_progress',
      holder: { code: '411322', name: '方城县公安局', tier: 'county' },
      result: null,
      defraudedAfterWarning: true,
    },
  ],
  version: 1,
  allowed: ['file', 'transfer', 'reveal'],
};
