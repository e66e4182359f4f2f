import type { Answer, Place, World } from '../case/support.js';

let counter = 0;

/** A number that no other test has. */
export function newAccount(): string {
  counter += 1;
  return `62220200${String(10_000_000 + counter)}`;
}

export function stopBody(world: World, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    account: newAccount(),
    bank: '中国工商银行',
    holderName: '赵六',
    transferFen: 4_500_000,
    transferAt: world.now,
    ...more,
  };
}

/** Asks for a stop-payment that must be taken. @returns the answer's body */
export async function requested(
  world: World,
  incidentId: string,
  more: Record<string, unknown> = {},
  place: Place = 'county',
): Promise<Answer['body']> {
  return must(await world.post(place, `/incidents/${incidentId}/stop-payments`, stopBody(world, more)));
}

/** A stop-payment that the bank has put in place now. */
export async function stopped(
  world: World,
  incidentId: string,
  stoppedFen = 4_500_000,
  more: Record<string, unknown> = {},
): Promise<Answer['body']> {
  const { id } = await requested(world, incidentId, more);
  return must(await world.post('county', `/stop-payments/${id}/effective`, { stoppedAt: world.now, stoppedFen }));
}

export function must(answer: Answer): Answer['body'] {
  if (answer.status > 201) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body;
}

/** Entries of a stop-payment as `kind amount`, a reversal with a minus, in the order in which they were made. */
export async function entriesOf(world: World, stopId: string): Promise<string[]> {
  const rows = await world.sql<{ line: string }>(
    `SELECT CASE WHEN reverses IS NULL THEN '' ELSE '-' END || kind || ' ' || amount_fen AS line
     FROM ledger_entry WHERE origin_id = $1 ORDER BY id`,
    [stopId],
  );
  return rows.map(({ line }) => line);
}

/** Types of the events of a case, oldest first. */
export async function eventsOf(world: World, caseId: string): Promise<string[]> {
  const rows = await world.sql<{ type: string }>('SELECT type FROM event WHERE case_id = $1 ORDER BY seq', [caseId]);
  return rows.map(({ type }) => type);
}
