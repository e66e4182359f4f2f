import { isOpen, type Alert } from '../alert/alert.js';
import type { MessagePolicy } from '../organization/policy.js';
import { FIRST_SMS_MS } from './plan.rules.js';

/** Why the first SMS is not sent any more. */
export type Skip = 'ended' | 'sms-made' | 'nobody-holds-it' | 'policy' | 'too-late';

type Facts = Pick<Alert, 'status' | 'smsAttempts' | 'riskLevel' | 'hop' | 'clocksStartedAt'>;

/** @returns undefined where it is to be sent now */
export function skipReason(alert: Facts, policy: MessagePolicy, now: Date): Skip | undefined {
  if (!isOpen(alert.status)) return 'ended';
  if (alert.smsAttempts > 0) return 'sms-made';
  if (alert.status === 'new' || alert.hop === 0) return 'nobody-holds-it';
  if (!policy.autoSmsLevels.includes(alert.riskLevel)) return 'policy';
  if (alert.clocksStartedAt && now.getTime() - alert.clocksStartedAt.getTime() > FIRST_SMS_MS) return 'too-late';
  return undefined;
}
