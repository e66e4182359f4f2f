import type { SignalBody } from '../../src/intake/intake.dto.js';

/** Of so many signals one tells of the same person as the signal before it, and joins its alert. */
export const JOINING_EVERY = 50;

const LEVELS = ['low', 'medium', 'medium', 'high', 'urgent'];
const KINDS = ['telecom', 'telecom', 'fund', 'network', 'hotline'];
const FRAUD_TYPES = [
  'brushing-rebate',
  'fake-investment',
  'fake-customer-service',
  'fake-loan',
  'impersonate-authority',
];
const GROUPS = ['none', 'none', 'elderly', 'student', 'finance-staff'];
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

export function joins(serial: number): boolean {
  return serial % JOINING_EVERY === JOINING_EVERY - 1;
}

/**
 * A signal as a platform hands it in, with most fields set.
 * @param serial another one gives another signal of another person, but see JOINING_EVERY
 */
export function signalBody(serial: number, divisions: readonly string[], at: string): SignalBody {
  const person = joins(serial) ? serial - 1 : serial;
  const pick = <T>(of: readonly T[]): T => of[serial % of.length]!;
  return {
    source: 'national-platform',
    sourceRef: `NP-${serial}`,
    detectedAt: at,
    kind: pick(KINDS),
    riskLevel: LEVELS[(serial * 7) % LEVELS.length]!,
    fraudType: pick(FRAUD_TYPES),
    divisionCode: divisions[(serial * 31) % divisions.length]!,
    subject: {
      name: '王某某',
      phone: `13${String(person).padStart(9, '0')}`,
      ...(person % 5 < 3 ? { idNumber: idNumber(person) } : {}),
      address: '方城县独树镇某村 3 组 12 号',
      group: pick(GROUPS),
    },
    suspect: { phone: '17012345678', account: '6222021234560123' },
    amountAtRiskFen: 1_000_000 + (serial % 1_000) * 10_000,
    summary: '疑似刷单返利,已与对方通话 40 分钟,对方要求下载会议软件并共享屏幕',
  };
}

/** A right identity number for each serial below 25 million. */
function idNumber(serial: number): string {
  const born = new Date(Date.UTC(1940, 0, 1 + (serial % 25_000))).toISOString().slice(0, 10).replaceAll('-', '');
  const digits = `411322${born}${String(Math.floor(serial / 25_000) % 1_000).padStart(3, '0')}`;
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
  return `${digits}${'10X98765432'[sum % 11]}`;
}
