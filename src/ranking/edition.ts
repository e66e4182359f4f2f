import type { Tier } from '../organization/agency.js';
import type { Definition } from '../report/definitions.js';
import type { RankingContent } from './ranking.dto.js';
import type { Month } from './month.rules.js';

export const EDITION_KINDS = ['ranking', 'tier'] as const;
export type EditionKind = (typeof EDITION_KINDS)[number];

/** A tier report of a month: everything that does not speak of the present. */
export interface PublishedTierReport {
  readonly tier: Tier;
  readonly from: string;
  readonly to: string;
  readonly parent: string;
  readonly rows: readonly ({ agency: { code: string; name: string } } & Record<string, unknown>)[];
  readonly total: Record<string, unknown>;
  readonly definitions: Record<string, Definition>;
}

/** The ranking without what the edition itself says. */
export type PublishedRanking = Omit<RankingContent, 'asOf'>;

/** What an edition says: its bytes, which the hash is of, are the canonical JSON of this. */
export interface EditionContent {
  readonly kind: EditionKind;
  readonly tier: Tier;
  readonly month: Month;
  readonly city: { readonly code: string; readonly name: string };
  readonly edition: number;
  /** Hash of the former edition of the same month, tier and kind: they form a chain. */
  readonly previous: string | null;
  readonly asOf: string;
  readonly publishedBy: { readonly name: string; readonly agency: string };
  readonly note: string;
  readonly report: PublishedRanking | PublishedTierReport;
}

/** A row of `published_edition`, without its content. */
export interface Edition {
  readonly id: string;
  readonly cityId: number;
  readonly kind: EditionKind;
  readonly tier: Tier;
  readonly month: Month;
  readonly edition: number;
  readonly hash: Buffer;
  readonly asOf: Date;
  readonly publishedAt: Date;
  readonly publishedBy: string;
  readonly publishedByName: string;
  readonly note: string;
}
