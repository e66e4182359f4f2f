import type { RiskLevel } from './risk.js';

export const POLICY_KINDS = ['clocks', 'ladder', 'review', 'routing', 'messages'] as const;
export type PolicyKind = (typeof POLICY_KINDS)[number];

/** 短信 → 电话 → 上门, the least first. */
export const STEPS = ['sms', 'call', 'visit'] as const;
export type Step = (typeof STEPS)[number];

/** What can come of an alert. */
export const ALERT_RESULTS = [
  'dissuaded',
  'partial-loss',
  'already-defrauded',
  'defrauded-after-warning',
  'false-alarm',
  'unreachable',
  'refused',
] as const;
export type AlertResult = (typeof ALERT_RESULTS)[number];

/** Limits of one risk level in minutes; null: no such clock at this level. */
export interface LevelClocks {
  /** From each hop until it is signed for. */
  readonly acceptMinutes: number;
  /** From the first push until the first call attempt. */
  readonly callMinutes: number | null;
  /** From the first push until the first visit. */
  readonly visitMinutes: number | null;
  /** From the first push until the outcome. */
  readonly feedbackMinutes: number;
}
export type ClockPolicy = Readonly<Record<RiskLevel, LevelClocks>>;

export interface LadderPolicy {
  /** The step that is at least needed before an outcome is taken. */
  readonly needed: Readonly<Record<RiskLevel, Step>>;
  /** Call attempts on the record before `unreachable` or `refused` is taken. */
  readonly minCallAttempts: number;
}

/** When a county's own outcome goes to the city for review; a township's always goes to its county. */
export interface ReviewPolicy {
  /** From this much intercepted money on. */
  readonly interceptedFen: number;
  readonly results: readonly AlertResult[];
  /** Levels on which `unreachable` is reviewed. */
  readonly unreachableLevels: readonly RiskLevel[];
  /** Levels on which `refused` is reviewed. */
  readonly refusedLevels: readonly RiskLevel[];
}

export interface RoutingPolicy {
  /** A new alert is assigned at once to the county that covers its division. */
  readonly autoPush: boolean;
  /** How long after closing a person is still watched: `previousAlerts`, and incidents that mark an alert as failed. */
  readonly watchDays: number;
  /** Returns of an alert before the city must decide. */
  readonly maxReturns: number;
}

/** What goes to the warned person by itself: 短信 is the first step of the ladder. */
export interface MessagePolicy {
  /** Levels at which an assigned alert's first SMS is sent by the system; none: never. */
  readonly autoSmsLevels: readonly RiskLevel[];
  /** Its text, the same for everybody; `{{caseNo}}` and `{{agency}}` are filled in. Never personal data. */
  readonly smsText: string;
}

export interface Policies {
  readonly clocks: ClockPolicy;
  readonly ladder: LadderPolicy;
  readonly review: ReviewPolicy;
  readonly routing: RoutingPolicy;
  readonly messages: MessagePolicy;
}

const HOUR = 60;

/** What holds in a city until its admin sets something else. */
export const DEFAULT_POLICIES: Policies = {
  clocks: {
    low: { acceptMinutes: 8 * HOUR, callMinutes: null, visitMinutes: null, feedbackMinutes: 72 * HOUR },
    medium: { acceptMinutes: 60, callMinutes: 4 * HOUR, visitMinutes: null, feedbackMinutes: 24 * HOUR },
    high: { acceptMinutes: 15, callMinutes: 30, visitMinutes: 4 * HOUR, feedbackMinutes: 12 * HOUR },
    urgent: { acceptMinutes: 5, callMinutes: 10, visitMinutes: 60, feedbackMinutes: 4 * HOUR },
  },
  ladder: { needed: { low: 'sms', medium: 'call', high: 'visit', urgent: 'visit' }, minCallAttempts: 3 },
  review: {
    interceptedFen: 5_000_000,
    results: ['partial-loss', 'already-defrauded', 'defrauded-after-warning'],
    unreachableLevels: ['high', 'urgent'],
    refusedLevels: ['high', 'urgent'],
  },
  routing: { autoPush: true, watchDays: 30, maxReturns: 2 },
  messages: {
    autoSmsLevels: ['low'],
    smsText:
      '反诈预警:您可能正在遭遇电信网络诈骗。请立即停止转账汇款,不点陌生链接,不开屏幕共享,不透露验证码。如已转账请马上拨打110;96110来电请务必接听。预警编号{{caseNo}}。',
  },
};
