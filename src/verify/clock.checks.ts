import { placeOf } from './case.checks.js';
import type { StoredCase, StoredEvent } from './stored.case.js';
import type { Findings } from './verify.result.js';

/** The loop may be just about to tell of what was reached so recently. */
const PATIENCE_MS = 120_000;
const STAGES = ['clock-reminded', 'clock-overdue', 'clock-climbed'];

/** A clock as its deadline and the acts on record have it. */
interface RunningClock {
  readonly name: string;
  readonly dueAt: number | null;
  /** When it became known that it was met, or when it ended otherwise; undefined: it runs. */
  readonly until: number | undefined;
}

/**
 * Holds what was told of a case's clocks against its deadlines, hops and acts: every limit that ran out was told once,
 * none that did not, in order, and to the account of the agency that held the case.
 * @param now milliseconds; what was reached shortly before need not have been told yet
 */
export function checkStages(stored: StoredCase, now: number, codeOf: (id: number) => string, findings: Findings): void {
  const where = placeOf(stored);
  const told = new Map<string, StoredEvent>();
  for (const event of stored.events.filter(({ type }) => STAGES.includes(type))) {
    const clock = nameOf(event);
    const key = `${event.type} of ${clock}`;
    if (told.has(key)) findings.add(`${where} event ${event.seq}`, key, 'once', 'again');
    const stage = STAGES.indexOf(event.type);
    if (stage > 0 && !told.has(`${STAGES[stage - 1]} of ${clock}`))
      findings.add(`${where} event ${event.seq}`, `${key} after ${STAGES[stage - 1]}`, 'told before', 'not told');
    told.set(key, event);
    const reachedAt = Date.parse(String(event.data['reachedAt']));
    findings.compare(
      `${where} event ${event.seq}`,
      `${key}: agency that held the case`,
      true,
      holdersAt(stored, reachedAt, codeOf).includes(String(event.data['agency'])),
    );
    findings.compare(`${where} event ${event.seq}`, `${key}: told when it was reached`, true, reachedAt < event.at);
  }
  const open = openTimes(stored, now);
  for (const clock of clocksOf(stored)) {
    if (clock.dueAt === null) continue;
    const { dueAt, until = Infinity } = clock;
    // It ran out while the case was open, before the clock was met; a case that is reopened is not late anew.
    const time = open.find(({ from, to }) => from <= dueAt && dueAt < to);
    const ranOut = time && dueAt < until ? { from: dueAt, to: Math.min(time.to, until) } : undefined;
    const wasTold = told.has(`clock-overdue of ${clock.name}`);
    const overdue = ranOut !== undefined && (ranOut.to < now || now - ranOut.from > PATIENCE_MS);
    if (overdue && !wasTold)
      findings.add(where, `clock-overdue of ${clock.name}, limit ${new Date(dueAt).toISOString()}`, 'told', 'not told');
    if (wasTold && !ranOut && !clock.name.startsWith('accept'))
      findings.add(where, `clock-overdue of ${clock.name}, limit ${new Date(dueAt).toISOString()}`, 'not told', 'told');
  }
  checkWaiting(stored, now, findings);
}

/** Urges that wait for their reply and follow-ups that wait to be made: told of when their time came. */
function checkWaiting(stored: StoredCase, now: number, findings: Findings): void {
  const where = placeOf(stored);
  const told = (type: string, id: string, value: string): number =>
    stored.events.filter((event) => event.type === type && event.data[id] === value).length;
  for (const { id, replyBy, endedAt } of stored.urges) {
    const times = told('urge-overdue', 'urgeId', id);
    const must = endedAt === null && replyBy !== null && now - replyBy > PATIENCE_MS;
    const may = replyBy !== null && replyBy < (endedAt ?? now);
    if (times > 1 || (must && times === 0) || (times > 0 && !may))
      findings.add(where, `urge ${id} without a reply`, must ? 'told once' : may ? 'at most once' : 'not told', times);
  }
  for (const { id, dueAt, doneAt, cancelledAt } of stored.followUps) {
    const times = told('follow-up-due', 'followUpId', id);
    const must = doneAt === null && cancelledAt === null && dueAt !== null && now - dueAt > PATIENCE_MS;
    if (times > 1 || (must && times === 0))
      findings.add(where, `follow-up ${id} that is due`, must ? 'told once' : 'at most once', times);
  }
}

function nameOf({ data }: StoredEvent): string {
  return data['clock'] === 'accept' ? `accept of hop ${String(data['hop'])}` : String(data['clock']);
}

function clocksOf(stored: StoredCase): RunningClock[] {
  const recorded = (matches: (event: StoredEvent) => boolean): number | undefined => stored.events.find(matches)?.at;
  const attempted = (method: string, reached: boolean): number | undefined =>
    recorded(
      ({ type, data }) => type === 'attempted' && data['method'] === method && (!reached || data['reached'] === true),
    );
  return [
    ...stored.hops.map(({ hop, acceptDueAt, acceptedAt, endedAt }) => ({
      name: `accept of hop ${hop}`,
      dueAt: acceptDueAt,
      until: acceptedAt ?? endedAt ?? undefined,
    })),
    { name: 'call', dueAt: stored.callDueAt, until: attempted('call', false) },
    { name: 'visit', dueAt: stored.visitDueAt, until: attempted('visit', true) },
    { name: 'feedback', dueAt: stored.feedbackDueAt, until: recorded(({ type }) => type === 'outcome-submitted') },
  ];
}

/** When the case was open, by its history. */
function openTimes({ events }: StoredCase, now: number): { from: number; to: number }[] {
  const times: { from: number; to: number }[] = [];
  let from: number | undefined = events[0]?.at;
  for (const { type, at } of events) {
    if ((type === 'closed' || type === 'withdrawn') && from !== undefined) {
      times.push({ from, to: at });
      from = undefined;
    }
    if (type === 'reopened') from = at;
  }
  if (from !== undefined) times.push({ from, to: now });
  return times;
}

/** Who held it at a moment: two, where it went from one to the other just then; the city where nobody below did. */
function holdersAt({ hops, cityId }: StoredCase, moment: number, codeOf: (id: number) => string): string[] {
  const held = hops.filter(
    ({ assignedAt, endedAt }) => assignedAt <= moment && (endedAt === null || endedAt >= moment),
  );
  const others = held.length === 0 || held.some(({ endedAt }) => endedAt === moment) ? [cityId] : [];
  return [...held.map(({ agencyId }) => agencyId), ...others].map(codeOf);
}
