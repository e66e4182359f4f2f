import { holderWhen, type StoredCase } from './stored.case.js';

/** What an urge or a follow-up counts for: in the rows of an agency, by a moment, in fields of the report. */
export interface Counted {
  readonly agencyId: number;
  readonly at: number;
  readonly fields: readonly string[];
}

const DAY = 86_400_000;

/** The urges of a case, and who answers for the reply: the agency that gave it in time, or that held the case when time ran out. */
export function countedUrges(stored: StoredCase, asOf: number): Counted[] {
  return stored.urges.flatMap(({ toAgencyId, urgedAt: at, replyBy, repliedAt, endedAt }): Counted[] => {
    const made = { agencyId: toAgencyId, at, fields: ['urges'] };
    if (replyBy === null) return [made];
    const [numerator, denominator] = ['urgeReplyOnTimeRate.numerator', 'urgeReplyOnTimeRate.denominator'];
    if (repliedAt !== null && repliedAt <= replyBy)
      return [made, { agencyId: replierAt(stored, repliedAt), at, fields: [numerator, denominator] }];
    const ranOut = replyBy <= (endedAt ?? asOf);
    return ranOut ? [made, { agencyId: holderWhen(stored, replyBy), at, fields: [denominator] }] : [made];
  });
}

/** Who replied: holders alone may, and the case may have moved in the same millisecond. */
function replierAt(stored: StoredCase, moment: number): number {
  const reply = stored.events.find(({ type, at }) => type === 'replied' && at === moment);
  return reply?.agencyId ?? holderWhen(stored, moment);
}

/** The planned follow-ups of a case that fell due, or were made before. */
export function countedFollowUps({ followUps }: StoredCase, asOf: number): Counted[] {
  return followUps.flatMap(({ agencyId, dueAt, doneAt, cancelledAt }): Counted[] => {
    const until = cancelledAt ?? asOf;
    if (dueAt === null || (doneAt === null && dueAt > until)) return [];
    const overdue = doneAt === null ? until - dueAt >= DAY : doneAt - dueAt > DAY;
    const fields = ['followUps.due'];
    if (doneAt !== null) fields.push('followUps.done');
    if (overdue) fields.push('followUps.overdue');
    if (doneAt !== null || overdue) fields.push('followUpOnTimeRate.denominator');
    if (doneAt !== null && !overdue) fields.push('followUpOnTimeRate.numerator');
    return [{ agencyId, at: dueAt, fields }];
  });
}
