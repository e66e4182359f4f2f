import { DEFAULT_RANKING, type RankingPolicy } from './ranking-policy.js';
import type { RiskLevel } from './risk.js';

export const POLICY_KINDS = ['clocks', 'ladder', 'review', 'routing', 'messages', 'funds', 'ranking'] as const;
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

/** Time limits and thresholds of the money (spec page 4). A city may be stricter than the law, never looser. */
export interface FundPolicy {
  /** From the report of an incident until its first stop-payment is asked for. */
  readonly stopRequestMinutes: number;
  /** How long a stop-payment holds: hours from the moment of stopping (银发〔2016〕86号: 48). */
  readonly stopHours: number;
  /** How long a potential victim's own account is protected … */
  readonly protectionHours: number;
  /** … and in all, extended once. */
  readonly protectionExtendedHours: number;
  /** Until the owner of a protected account, who asks for its release, is answered (反诈法 art. 32). */
  readonly ownerRequestMinutes: number;
  /** Longest freeze, and longest renewal, in calendar months (办理刑事案件程序规定 art. 243) … */
  readonly freezeMonths: number;
  /** … and with the approval of the city. */
  readonly freezeMonthsByCity: number;
  /** A freeze of more than this on one account needs the city's approval. */
  readonly cityFreezeFen: number;
  /** Days before a freeze ends at which its renewal is called for. */
  readonly renewalAlarmDays: number;
  /** Days in which a freeze shown to be unrelated is released. */
  readonly releaseDays: number;
  /** Days of public notice before a pro-rata return is paid (银监发〔2016〕41号: 30). */
  readonly noticeDays: number;
  /** Working days in which the bank pays. */
  readonly paymentWorkingDays: number;
  /** Pro-rata shares are of what identified victims paid in, not of all inflow of the traced window. */
  readonly identifiedInflowOnly: boolean;
}

export interface Policies {
  readonly clocks: ClockPolicy;
  readonly ladder: LadderPolicy;
  readonly review: ReviewPolicy;
  readonly routing: RoutingPolicy;
  readonly messages: MessagePolicy;
  readonly funds: FundPolicy;
  readonly ranking: RankingPolicy;
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
  funds: {
    stopRequestMinutes: 30,
    stopHours: 48,
    protectionHours: 48,
    protectionExtendedHours: 72,
    ownerRequestMinutes: 2 * HOUR,
    freezeMonths: 6,
    freezeMonthsByCity: 12,
    cityFreezeFen: 200_000_000,
    renewalAlarmDays: 10,
    releaseDays: 3,
    noticeDays: 30,
    paymentWorkingDays: 3,
    identifiedInflowOnly: false,
  },
  ranking: DEFAULT_RANKING,
};
