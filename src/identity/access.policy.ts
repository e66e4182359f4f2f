import { pathWithin, type Tier } from '../organization/agency.js';
import type { Caller, Obligation } from './caller.js';
import { ROLES, type Role } from './role.js';

/** A role, at any tier or at one: `officer@city` is an officer of a city's centre. */
export type RoleAtTier = Role | `${Role}@${Tier}`;

/** Who may call an operation. */
export type AccessRule =
  | { readonly open: true }
  | {
      readonly roles: readonly RoleAtTier[];
      /** API keys may, too. Without it the operation is for people, who can be held to account. */
      readonly machine?: true;
    };

const anybody: AccessRule = { open: true };
const people = (...roles: RoleAtTier[]): AccessRule => ({ roles });
const callers = (...roles: RoleAtTier[]): AccessRule => ({ roles, machine: true });

const PERSON: readonly Role[] = ['officer', 'supervisor', 'auditor', 'admin', 'security'];

/**
 * The one access policy: every operation and who may call it. What an operation may touch (own subtree, own sources,
 * the holder) is jurisdiction, below and in the rules of the case. An operation without a row is refused.
 */
export const ACCESS: Readonly<Record<string, AccessRule>> = {
  // Signing in, and one's own account
  login: anybody,
  refreshToken: anybody,
  logout: people(...PERSON),
  getMe: callers(...ROLES),
  changePassword: people(...PERSON),
  enrolTotp: people(...PERSON),
  confirmTotp: people(...PERSON),
  disableTotp: people(...PERSON),
  getMyContact: people('officer', 'supervisor'),
  putMyContact: people('officer', 'supervisor'),

  // Users, keys, audit: the three administrators
  listUsers: people('security'),
  getUser: people('security'),
  createUser: people('security'),
  updateUser: people('security'),
  lockUser: people('security'),
  unlockUser: people('security'),
  resetUser: people('security'),
  listApiKeys: people('admin'),
  createApiKey: people('admin'),
  rotateApiKey: people('admin'),
  revokeApiKey: people('admin'),
  listAudit: people('auditor'),

  // Webhooks
  listWebhooks: people('admin'),
  createWebhook: people('admin'),
  getWebhook: people('admin'),
  updateWebhook: people('admin'),
  deleteWebhook: people('admin'),
  rotateWebhookSecret: people('admin'),
  listWebhookDeliveries: people('admin'),
  resendWebhookDelivery: people('admin'),

  // Organization
  listAgencies: callers(...ROLES),
  getAgency: callers(...ROLES),
  createAgency: people('admin'),
  updateAgency: people('admin'),
  getAgencyContact: people('admin'),
  putAgencyContact: people('admin'),
  listFraudTypes: callers(...ROLES),
  getPolicy: callers('officer', 'supervisor', 'auditor', 'admin', 'security'),
  putPolicy: people('admin@city'),

  // Intake: feeds, and officers of the city's centre
  createAlert: callers('feed', 'officer@city'),
  createAlerts: callers('feed', 'officer@city'),
  importAlerts: callers('feed', 'officer@city'),
  getImport: callers('feed', 'officer@city'),
  getImportRejects: callers('feed', 'officer@city'),

  // Reading cases; a feed reads back what it handed in, without personal data
  listAlerts: callers('feed', 'officer', 'supervisor'),
  getAlert: callers('feed', 'officer', 'supervisor'),
  // As it happens: what getAlert would show
  streamEvents: callers('feed', 'officer', 'supervisor'),
  getAlertTimeline: callers('officer', 'supervisor'),
  getAlertAssignments: callers('officer', 'supervisor'),
  getAlertSignals: callers('officer', 'supervisor'),
  listFollowUps: callers('officer', 'supervisor'),
  listUrges: callers('officer', 'supervisor'),
  revealAlert: people('officer', 'supervisor'),

  // Triage: officers of the city, and of a county among its own townships
  pushAlert: callers('officer@city'),
  transferAlert: callers('officer@city', 'officer@county'),
  recallAlert: callers('officer@city', 'officer@county'),
  withdrawAlert: callers('officer@city'),

  // Working a case: its holder
  acceptAlert: callers('officer'),
  forwardAlert: callers('officer@county'),
  returnAlert: callers('officer'),
  recordAttempt: callers('officer'),
  submitOutcome: callers('officer'),
  replyToUrge: callers('officer'),
  recordFollowUp: callers('officer'),
  unmergeAlert: callers('officer'),

  // Watching over a case: the tiers above (and the holder may raise the level of its own)
  escalateAlert: callers('officer', 'supervisor'),
  urgeAlert: callers('supervisor@city', 'supervisor@county'),
  reviewOutcome: people('supervisor@city', 'supervisor@county'),
  reopenAlert: callers('supervisor@city', 'supervisor@county'),

  // Each item of a bulk is held against the rule of its own command
  bulkAlerts: callers('officer', 'supervisor'),

  getTierReport: callers('supervisor'),
  getTierReportCases: callers('supervisor'),
};

/** What remains allowed to somebody who must do something first. */
const UNDER_OBLIGATION: Readonly<Record<Obligation, ReadonlySet<string>>> = {
  'change-password': new Set(['getMe', 'logout', 'changePassword']),
  'enrol-totp': new Set(['getMe', 'logout', 'changePassword', 'enrolTotp', 'confirmTotp']),
};

/** Roles of each operation with the tiers they count at, made once: this is asked at every request. */
const GRANTS = new Map(
  Object.entries(ACCESS).flatMap(([id, rule]): [string, [Role, Tier | undefined][]][] =>
    'open' in rule ? [] : [[id, rule.roles.map((role) => role.split('@') as [Role, Tier | undefined])]],
  ),
);

export type Verdict = 'allowed' | 'wrong-role' | 'people-only' | Obligation;

/** Holds a caller against the rule of an operation. Fails closed: what has no rule is allowed to nobody. */
export function judge(caller: Caller, operationId: string): Verdict {
  const rule = ruleOf(operationId);
  if (!rule) return 'wrong-role';
  if ('open' in rule || caller.kind === 'system') return 'allowed';
  if (!isGranted(caller, operationId)) return 'wrong-role';
  if (caller.kind === 'key' && !rule.machine) return 'people-only';
  if (caller.obligation && !UNDER_OBLIGATION[caller.obligation].has(operationId)) return caller.obligation;
  return 'allowed';
}

function isGranted(caller: Caller, operationId: string): boolean {
  for (const [role, tier] of GRANTS.get(operationId) ?? []) {
    if (caller.roles.has(role) && (tier === undefined || tier === caller.agency.tier)) return true;
  }
  return false;
}

/** Whether a caller may call an operation at all, e.g. to answer which commands are `allowed` on a case. */
export function mayCall(caller: Caller, operationId: string): boolean {
  return judge(caller, operationId) === 'allowed';
}

export function ruleOf(operationId: string): AccessRule | undefined {
  return Object.hasOwn(ACCESS, operationId) ? ACCESS[operationId] : undefined;
}

/** Where the table and the operations of the program differ. */
export function comparePolicy(operationIds: readonly string[]): { withoutRule: string[]; withoutOperation: string[] } {
  return {
    withoutRule: operationIds.filter((id) => !ruleOf(id)),
    withoutOperation: Object.keys(ACCESS).filter((id) => !operationIds.includes(id)),
  };
}

/** Whether a place lies in the caller's subtree: the own agency and all below it. */
export function mayReach(caller: Caller, agencyPath: string): boolean {
  return caller.kind === 'system' || pathWithin(agencyPath, caller.agency.path);
}

/** Whether a key may hand in, and read back, what comes from a source. Others than feeds are not bound to sources. */
export function mayUseSource(caller: Caller, source: string): boolean {
  return caller.sources === null || caller.sources.includes(source);
}
