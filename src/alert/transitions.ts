import type { Agency, Tier } from '../organization/agency.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import type { Policies } from '../organization/policy.js';
import { isOpen, OPEN_STATUSES, type Alert, type Status } from './alert.js';

/**
 * The life of an alert as data (spec page 1, "Life of an alert"). The commands, the states they start from and who
 * stands where to give them; `allowed` is answered from this table and nothing else decides.
 */
export const COMMANDS = [
  'push',
  'accept',
  'forward',
  'return',
  'transfer',
  'recall',
  'attempts',
  'outcome',
  'review',
  'reopen',
  'escalate',
  'urge',
  'reply',
  'withdraw',
  'unmerge',
  'follow-ups',
  'protections',
  'reveal',
] as const;
export type Command = (typeof COMMANDS)[number];

/** How the caller's agency stands to the case. */
export interface Standing {
  tier: Tier;
  /** The agency holds the case (for a merged signal: the alert it joined). */
  holds: boolean;
  /** The holder is somewhere below the agency. */
  above: boolean;
  /** The holder is directly below the agency. */
  directlyAbove: boolean;
  /** The agency is the city of the case. */
  city: boolean;
  holderTier: Tier;
}

interface Rule {
  from: readonly Status[];
  /** Where the case must be: as much part of its state as the status. */
  at?: { words: string; holds: (standing: Standing) => boolean };
  /** Who, by where the agency stands. */
  by: (standing: Standing) => boolean;
  /** What else of the case must be so. */
  when?: (alert: Alert) => boolean;
  /** What policy leaves open; a command beyond it is refused by its own code, and not offered. */
  within?: (alert: Alert, policies: Policies) => boolean;
}

const holder = (at: Standing): boolean => at.holds;
const above = (at: Standing): boolean => at.above;
const city = (at: Standing): boolean => at.city;

const TABLE: Record<Command, Rule> = {
  push: { from: ['new'], by: city },
  accept: { from: ['assigned'], by: holder },
  forward: {
    from: ['in_progress'],
    at: { words: 'at a county', holds: (at) => at.holderTier === 'county' },
    by: (at) => at.holds && at.tier === 'county',
  },
  return: {
    from: ['assigned', 'in_progress'],
    by: holder,
    within: (alert, policies) => alert.returns < policies.routing.maxReturns,
  },
  transfer: {
    from: OPEN_STATUSES,
    at: { words: "below the caller, or on the city's desk", holds: (at) => !at.holds || at.city },
    by: (at) => at.city || (at.tier === 'county' && at.directlyAbove),
  },
  recall: {
    from: ['assigned', 'in_progress'],
    at: { words: 'below the caller', holds: (at) => !at.holds },
    by: above,
  },
  attempts: { from: ['in_progress', 'pending_review'], by: holder },
  outcome: { from: ['in_progress'], by: holder },
  review: { from: ['pending_review'], by: (at) => at.directlyAbove },
  reopen: { from: ['closed'], by: above },
  escalate: { from: OPEN_STATUSES, by: (at) => at.holds || at.above, when: (alert) => alert.riskLevel !== 'urgent' },
  urge: { from: OPEN_STATUSES, by: above },
  reply: { from: OPEN_STATUSES, by: holder, when: (alert) => alert.urged },
  withdraw: { from: OPEN_STATUSES, by: city },
  unmerge: { from: ['merged'], by: (at) => at.holds || at.above },
  'follow-ups': { from: ['closed'], by: (at) => at.holds || at.above },
  protections: { from: ['in_progress', 'pending_review'], by: holder },
  reveal: { from: ['new', 'assigned', 'in_progress', 'pending_review', 'closed', 'merged'], by: holder },
};

/**
 * @param holderAgency holder of the case, or of the alert that a merged signal joined
 */
export function standingOf(
  agency: Agency,
  alert: Alert,
  holderAgency: Agency,
  organization: OrganizationSnapshot,
): Standing {
  const holds = agency.id === holderAgency.id;
  return {
    tier: agency.tier,
    holds,
    above: !holds && organization.within(holderAgency, agency),
    directlyAbove: holderAgency.parentId === agency.id,
    city: agency.id === alert.cityId,
    holderTier: holderAgency.tier,
  };
}

export type Verdict = 'yes' | 'wrong-state' | 'wrong-agency';

export function judge(command: Command, alert: Alert, standing: Standing): Verdict {
  const rule = TABLE[command];
  if (!rule.from.includes(alert.status) || rule.at?.holds(standing) === false || rule.when?.(alert) === false) {
    return 'wrong-state';
  }
  return rule.by(standing) ? 'yes' : 'wrong-agency';
}

/** Commands that the state of the case and the place of the agency allow; roles come on top. */
export function allowedCommands(alert: Alert, standing: Standing, policies: Policies): Command[] {
  return COMMANDS.filter(
    (command) => judge(command, alert, standing) === 'yes' && TABLE[command].within?.(alert, policies) !== false,
  );
}

/** What a command can start from, in words, for the answer to one that could not. */
export function startOf(command: Command): string {
  const { from, at } = TABLE[command];
  return `${from.join(' or ')}${at ? ` ${at.words}` : ''}`;
}

/** Whether a case may be seen: one of its hops, ended or open, lies in the agency's subtree; the city sees all of its own. */
export function sees(
  agency: Agency,
  alert: Pick<Alert, 'cityId' | 'heldBy'>,
  organization: OrganizationSnapshot,
): boolean {
  if (agency.id === alert.cityId) return true;
  return alert.heldBy.some((id) => organization.within(organization.byId(id), agency));
}

/** Whether any clock of an open case has run out unmet. */
export function isOverdue(alert: Pick<Alert, 'status' | 'nextDueAt'>, now: Date): boolean {
  return isOpen(alert.status) && alert.nextDueAt !== null && alert.nextDueAt.getTime() <= now.getTime();
}
