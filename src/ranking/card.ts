import type { Rate } from '../report/rate.rules.js';
import type { Month } from './month.rules.js';

export const CARD_KINDS = ['notice', 'yellow', 'red', 'talk', 'listed', 'delisted'] as const;
export type CardKind = (typeof CARD_KINDS)[number];

export const CARD_ZH: Readonly<Record<CardKind, string>> = {
  notice: '通报',
  yellow: '黄牌',
  red: '红牌',
  talk: '约谈',
  listed: '挂牌整治',
  delisted: '摘牌',
};

export const CARD_STATUSES = ['proposed', 'confirmed', 'dismissed', 'answered', 'closed'] as const;
export type CardStatus = (typeof CARD_STATUSES)[number];

export const CARD_ACTIONS = ['proposed', 'confirmed', 'dismissed', 'answered', 'closed'] as const;
export type CardAction = (typeof CARD_ACTIONS)[number];

export const CARD_COMMANDS = ['confirm', 'dismiss', 'answer', 'close'] as const;
export type CardCommand = (typeof CARD_COMMANDS)[number];

export const GROUND_RULES = ['worst-percent', 'worst-months', 'defrauded-after', 'cards', 'recovered'] as const;
export type GroundRule = (typeof GROUND_RULES)[number];

/** Where a unit stood in a period when the card was proposed. */
export interface Standing {
  /** A month or a quarter. */
  readonly period: string;
  /** null: not ranked. */
  readonly rank: number | null;
  /** Units with a rank. */
  readonly of: number;
  readonly score: number | null;
}

/** Why a card is proposed, with the figures of that moment. */
export interface Ground {
  readonly rule: GroundRule;
  readonly standings: readonly Standing[];
  /** The unit's defraudedAfterRate and that of the whole city, where it is for them. */
  readonly rate: Rate | null;
  readonly cityRate: Rate | null;
}

export interface Card {
  readonly id: string;
  readonly cityId: number;
  readonly agencyId: number;
  readonly month: Month;
  readonly kind: CardKind;
  readonly status: CardStatus;
  readonly grounds: readonly Ground[];
  /** Ids of earlier cards of the unit that this one comes of. */
  readonly restsOn: readonly string[];
  readonly proposedAt: Date;
  readonly version: number;
}

/** A card that the rules call for. */
export interface Proposal {
  readonly kind: CardKind;
  readonly month: Month;
  readonly grounds: readonly Ground[];
  readonly restsOn: readonly string[];
}

/** One line of a card's history. */
export interface CardEvent {
  readonly cardId: string;
  /** From 1. */
  readonly seq: number;
  readonly at: Date;
  readonly action: CardAction;
  /** null: the system. */
  readonly actorId: string | null;
  readonly actorName: string;
  /** The agency of whoever acted. */
  readonly agencyId: number;
  readonly text: string;
}
