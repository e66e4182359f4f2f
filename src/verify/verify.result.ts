/** One place where what is stored, or what a report says, is not what the facts give. */
export interface Difference {
  /** The exact place: an alert by its number, a history by its case and event, a figure by its report, row and field. */
  readonly where: string;
  readonly what: string;
  /** What the facts give. */
  readonly expected: string;
  /** What is stored or reported. */
  readonly found: string;
}

export interface VerifyResult {
  /** The moment that the recount is of, RFC 3339. */
  readonly asOf: string;
  readonly alerts: number;
  readonly events: number;
  /** Entries of the ledger. */
  readonly entries: number;
  /** Published editions whose hash was computed anew. */
  readonly editions: number;
  /** Prepared figures of an agency and a day that were compared. */
  readonly cells: number;
  /** Tier and funds reports that were recounted, and the values compared in them. */
  readonly reports: number;
  readonly figures: number;
  /** The first of them; nothing was found wrong where it is empty. */
  readonly differences: readonly Difference[];
  /** How many there are in all. */
  readonly found: number;
}

/** Keeps the first differences and counts the rest. */
export class Findings {
  readonly differences: Difference[] = [];
  found = 0;

  constructor(private readonly most: number) {}

  add(where: string, what: string, expected: unknown, found: unknown): void {
    this.found += 1;
    if (this.differences.length < this.most)
      this.differences.push({ where, what, expected: told(expected), found: told(found) });
  }

  /** Notes a difference unless the two are the same. */
  compare(where: string, what: string, expected: unknown, found: unknown): void {
    if (expected !== found && told(expected) !== told(found)) this.add(where, what, expected, found);
  }
}

function told(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(told).join(', ') || '–';
  return String(value);
}
