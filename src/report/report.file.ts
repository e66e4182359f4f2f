/** What stands where there is nothing to tell. */
export const NOTHING = '—';

/** Fen as yuan with two decimals, exactly; `NOTHING` where there is no amount. */
export function yuan(fen: number | null | undefined): string {
  if (fen === null || fen === undefined) return NOTHING;
  return `${fen < 0 ? '-' : ''}${Math.floor(Math.abs(fen) / 100)}.${String(Math.abs(fen) % 100).padStart(2, '0')}`;
}
