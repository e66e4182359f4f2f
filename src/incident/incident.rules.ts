import type { Caller } from '../identity/caller.js';
import type { DeadlineKind } from '../deadline/deadline.js';
import type { Agency } from '../organization/agency.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import type { Incident } from './incident.js';

/** How far each stage of the first stop-payment's clock is, in parts of what policy gives. */
const STAGES = [
  ['stop-request-reminded', 0.5],
  ['stop-request-overdue', 1],
  ['stop-request-climbed', 1.5],
] as const satisfies readonly (readonly [DeadlineKind, number])[];

export const STOP_REQUEST_KINDS = STAGES.map(([kind]) => kind);

type Clock = Pick<Incident, 'reportedAt' | 'receivedAt' | 'stopDueAt' | 'stopMetAt' | 'lossFen'>;

/** What is handed in so long after it was reported is history: nobody is called to hurry. */
const HISTORY_MS = 24 * 3_600_000;

/**
 * When it is told how late the first stop-payment is: of what was late when it was handed in, at once. Nothing where nothing
 * was lost, for then nothing is to be stopped.
 */
export function stopRequestStages({
  reportedAt,
  receivedAt,
  stopDueAt,
  lossFen,
}: Omit<Clock, 'stopMetAt'>): { kind: (typeof STOP_REQUEST_KINDS)[number]; dueAt: Date }[] {
  if (lossFen === 0 || receivedAt.getTime() - reportedAt.getTime() > HISTORY_MS) return [];
  const limit = stopDueAt.getTime() - reportedAt.getTime();
  return STAGES.map(([kind, part]) => ({
    kind,
    dueAt: new Date(Math.max(reportedAt.getTime() + part * limit, receivedAt.getTime())),
  }));
}

/** Whether a first stop-payment should have been asked for by now, and was not. */
export function isStopOverdue(
  { stopDueAt, stopMetAt, lossFen }: Pick<Clock, 'stopDueAt' | 'stopMetAt' | 'lossFen'>,
  now: Date,
): boolean {
  return lossFen > 0 && stopMetAt === null && stopDueAt.getTime() <= now.getTime();
}

/**
 * Who accepts an incident: the county or township that it was reported to, where it lies there; else the county that covers
 * the division; else the city.
 */
export function acceptingAgency(
  { agency, sources }: Pick<Caller, 'agency' | 'sources'>,
  divisionCode: string | null,
  organization: OrganizationSnapshot,
): Agency {
  const own = sources === null && agency.tier !== 'city';
  if (own && (divisionCode === null || organization.coversDivision(agency, divisionCode))) return agency;
  return organization.route(agency.cityId, divisionCode, 'county') ?? organization.cityOf(agency);
}
