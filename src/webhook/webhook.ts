import { EVENT_TYPES } from '../timeline/event.js';

/** What a webhook may ask for: every event of a case, or one type of it. */
export const EVERY_EVENT = 'case.*';
export const WEBHOOK_TYPES: readonly string[] = [EVERY_EVENT, ...EVENT_TYPES.map((type) => `case.${type}`)];

export const DELIVERY_STATUSES = ['pending', 'delivered', 'parked'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** Somebody's address that is told of what happens. */
export interface Webhook {
  readonly id: string;
  /** Whose eyes decide what it is told: the agency of the admin who made it. */
  readonly agencyId: number;
  readonly url: string;
  readonly types: readonly string[];
  /** false: nothing new is planned for it, and what waits is kept. */
  readonly active: boolean;
  readonly sealedSecret: Buffer;
  /** The secret before the last rotation, which signs as well until then. */
  readonly sealedOldSecret: Buffer | null;
  readonly oldSecretUntil: Date | null;
  /** It is told of what transactions after this one wrote; a bigint in text. */
  readonly beginTx: string;
  /** Attempts that failed since the last one that did not. */
  readonly failures: number;
  readonly failingSince: Date | null;
  /** Nothing is sent before. */
  readonly pausedUntil: Date | null;
  readonly createdAt: Date;
  readonly createdBy: string | null;
  readonly version: number;
}

/** One event for one webhook. */
export interface Delivery {
  readonly webhookId: string;
  /** Also `webhook-id` of every attempt: by it a receiver knows what it has had. */
  readonly id: string;
  readonly caseId: string;
  readonly seq: number;
  /** `case.<type>`. */
  readonly type: string;
  readonly status: DeliveryStatus;
  readonly createdAt: Date;
  readonly attempts: number;
  readonly firstAttemptAt: Date | null;
  readonly lastAttemptAt: Date | null;
  readonly nextAttemptAt: Date;
  /** How the last attempt ended: `200`, `timeout`, `address-not-allowed` …; null before the first. */
  readonly lastResult: string | null;
  /** When it was delivered or parked. */
  readonly endedAt: Date | null;
}

/** What a delivery begins with. */
export interface NewDelivery {
  webhookId: string;
  id: string;
  caseId: string;
  seq: number;
  type: string;
  body: string;
  createdAt: Date;
}

/** A delivery that this instance sends, until its lease ends. */
export interface ClaimedDelivery {
  readonly webhookId: string;
  readonly id: string;
  readonly lease: string;
  readonly body: string;
  /** This attempt's number, from 1. */
  readonly attempts: number;
  readonly firstAttemptAt: Date;
  readonly url: string;
  readonly failures: number;
  readonly sealedSecret: Buffer;
  readonly sealedOldSecret: Buffer | null;
  readonly oldSecretUntil: Date | null;
}

/** A secret is sealed to its webhook: in another row it does not open. */
export function secretContext(webhookId: string): string {
  return `webhook:${webhookId}:secret`;
}
