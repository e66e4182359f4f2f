/** One type of fraud of the national list (国家反诈中心 list, which has versions). */
export interface FraudType {
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string;
  /** Year of the list that the names are of. */
  readonly listYear: number;
  /** Rank in the ministry's ten most frequent types of that year; null beyond the ten. */
  readonly mpsRank: number | null;
  /** What older lists called it. One older label may stand for several of today's types. */
  readonly olderLabels: readonly string[];
}

/** Sorts in the ministry's order of frequency, then by code, `other` last. Unique. */
export function fraudTypeSortKey({ code, mpsRank }: FraudType): string {
  const rank = mpsRank ?? (code === 'other' ? 9_999 : 9_998);
  return `${String(rank).padStart(4, '0')} ${code}`;
}

/** How a label is compared: without case, spaces and punctuation, and full-width or half-width alike. */
export function normalizeLabel(label: string): string {
  return label
    .normalize('NFKC')
    .replace(/[\s\p{P}]+/gu, '')
    .toLowerCase();
}
