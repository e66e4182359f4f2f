import type { Alert } from '../alert/alert.js';
import type { Agency } from '../organization/agency.js';
import type { Policies } from '../organization/policy.js';
import type { How } from './assignment.js';
import type { NewAssignment } from './assignment.store.js';
import { endAcceptClock, startHop } from '../alert/clock.rules.js';

/**
 * Hands an alert to an agency: changes the row and gives the hop to store. `in_progress` hops need no signature (the
 * caller took the case back, or it is reopened where it was) and have no accept clock.
 */
export function beginHop(
  alert: Alert,
  to: Agency,
  how: How,
  as: 'assigned' | 'in_progress',
  policies: Policies,
  now: Date,
  by: string | null,
  reason: string | null = null,
): NewAssignment {
  const firstHere = !alert.heldBy.includes(to.id);
  alert.hop += 1;
  alert.holderId = to.id;
  alert.status = as;
  if (firstHere) alert.heldBy = [...alert.heldBy, to.id];
  if (as === 'assigned') startHop(alert, alert.riskLevel, policies.clocks, now);
  else endAcceptClock(alert);
  return {
    alertId: alert.id,
    hop: alert.hop,
    agencyId: to.id,
    how,
    reason,
    firstHere,
    assignedAt: now,
    assignedBy: by,
    acceptDueAt: alert.acceptDueAt,
    acceptedAt: as === 'in_progress' ? now : null,
    acceptedBy: as === 'in_progress' ? by : null,
  };
}

/** Lays an alert on the city's own desk: `new`, no hop. */
export function layOnCityDesk(alert: Alert): void {
  alert.status = 'new';
  alert.holderId = alert.cityId;
  endAcceptClock(alert);
}
