import { placeOf } from './case.checks.js';
import type { StoredCase } from './stored.case.js';
import type { Findings } from './verify.result.js';

/** An urge as the history tells it; moments as the events have them. */
interface ToldUrge {
  agency: unknown;
  urgedAt: number;
  replyBy: unknown;
  repliedAt: number | null;
  endedAt: number | null;
}

/** A planned follow-up as the history tells it. */
interface ToldFollowUp {
  dueAt: number;
  agency: string | undefined;
  cancelledAt: number | null;
  /** Id of the one that fulfilled it. */
  doneBy: string | null;
}

/**
 * Holds urges and planned follow-ups against the history: to whom, when and until when they were, and how each ended.
 * The tier report counts them from their rows.
 */
export function checkWaits(stored: StoredCase, codeOf: (id: number) => string, findings: Findings): void {
  const where = placeOf(stored);
  const { urges, followUps } = retold(stored, codeOf);
  const known = new Map(
    stored.urges.map(({ id, toAgencyId, urgedAt, replyBy, repliedAt, endedAt }) => [
      id,
      linesOf({ agency: codeOf(toAgencyId), urgedAt, replyBy: iso(replyBy), repliedAt, endedAt }),
    ]),
  );
  for (const id of new Set([...urges.keys(), ...known.keys()])) {
    const told = urges.get(id);
    findings.compare(where, `urge ${id}, by its history`, told && linesOf(told), known.get(id));
  }
  const planned = stored.followUps
    .filter(({ dueAt }) => dueAt !== null)
    .map(({ id, dueAt, agencyId, cancelledAt, doneAt }) =>
      slot({ dueAt: dueAt!, agency: codeOf(agencyId), cancelledAt, doneBy: doneAt === null ? null : id }),
    );
  findings.compare(where, 'planned follow-ups, by its history', followUps.map(slot).sort(), planned.sort());
}

function retold(
  stored: StoredCase,
  codeOf: (id: number) => string,
): { urges: ReadonlyMap<string, ToldUrge>; followUps: readonly ToldFollowUp[] } {
  const urges = new Map<string, ToldUrge>();
  const followUps: ToldFollowUp[] = [];
  // One for each closing, in order: several may bear one moment.
  const closings = stored.hops.filter(({ endedHow }) => endedHow === 'closed');
  const endUrges = (endedAt: number, repliedAt: number | null): void => {
    for (const urge of urges.values()) if (urge.endedAt === null) Object.assign(urge, { endedAt, repliedAt });
  };
  const waiting = (): ToldFollowUp[] =>
    followUps.filter(({ doneBy, cancelledAt }) => doneBy === null && cancelledAt === null);
  for (const { type, at, data } of stored.events) {
    if (type === 'urged')
      urges.set(String(data['urgeId']), {
        agency: data['agency'],
        urgedAt: at,
        replyBy: data['replyBy'] ?? null,
        repliedAt: null,
        endedAt: null,
      });
    if (type === 'replied') endUrges(at, at);
    if (type === 'closed' || type === 'withdrawn') endUrges(at, null);
    if (type === 'closed') {
      const closed = closings.shift();
      const plan: readonly unknown[] = Array.isArray(data['followUps']) ? data['followUps'] : [];
      for (const dueAt of plan)
        followUps.push({
          dueAt: Date.parse(String(dueAt)),
          agency: closed && codeOf(closed.agencyId),
          cancelledAt: null,
          doneBy: null,
        });
    }
    if (type === 'followed-up') {
      const first = waiting().sort((a, b) => a.dueAt - b.dueAt)[0];
      if (first) first.doneBy = String(data['followUpId']);
    }
    if (type === 'reopened') for (const each of waiting()) each.cancelledAt = at;
  }
  return { urges, followUps };
}

function linesOf({ agency, urgedAt, replyBy, repliedAt, endedAt }: ToldUrge): string {
  return JSON.stringify([agency, iso(urgedAt), replyBy, iso(repliedAt), iso(endedAt)]);
}

function slot({ dueAt, agency, cancelledAt, doneBy }: ToldFollowUp): string {
  return JSON.stringify([iso(dueAt), agency, iso(cancelledAt), doneBy]);
}

function iso(moment: number | null): string | null {
  return moment === null || Number.isNaN(moment) ? null : new Date(moment).toISOString();
}
