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
  listPolicyVersions: callers('officer', 'supervisor', 'auditor', 'admin', 'security'),
  putPolicy: people('admin@city'),

  // Intake: feeds, and officers of the city's centre
  createAlert: callers('feed', 'officer@city'),
  createAlerts: callers('feed', 'officer@city'),
  importAlerts: callers('feed', 'officer@city'),
  getImport: callers('feed', 'officer'),
  getImportRejects: callers('feed', 'officer'),

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

  // 警情: whoever it is reported to; a feed reads back the status of what it handed in
  createIncident: callers('feed', 'officer'),
  createIncidents: callers('feed', 'officer'),
  importIncidents: callers('feed', 'officer'),
  listIncidents: callers('feed', 'officer', 'supervisor'),
  getIncident: callers('feed', 'officer', 'supervisor'),
  getIncidentTimeline: callers('officer', 'supervisor'),
  fileIncident: callers('officer'),
  transferIncident: callers('officer@city', 'officer@county'),
  revealIncident: people('officer', 'supervisor'),

  // 保护性止付: the warned person's own account
  protectAccount: callers('officer'),
  listProtections: callers('officer', 'supervisor'),
  extendProtection: callers('officer'),
  recordOwnerRequest: callers('officer'),
  keepProtection: callers('officer'),
  releaseProtection: callers('officer'),

  // 紧急止付: who stands over the incident
  requestStopPayment: callers('officer'),
  listStopPayments: callers('officer', 'supervisor'),
  getStopPayment: callers('officer', 'supervisor'),
  recordStopEffective: callers('officer'),
  recordStopRefused: callers('officer'),
  releaseStopPayment: callers('officer'),
  correctStopPayment: callers('officer'),
  getTrace: callers('officer', 'supervisor'),

  // 冻结: asked for by an officer, approved by another person of the county or above; machines approve nothing
  requestFreezeOfStop: callers('officer'),
  requestFreeze: callers('officer'),
  listFreezes: callers('officer', 'supervisor'),
  getFreeze: callers('officer', 'supervisor'),
  approveFreeze: people('supervisor@city', 'supervisor@county'),
  rejectFreeze: people('supervisor@city', 'supervisor@county'),
  recordFreezeEffective: callers('officer'),
  recordFreezeRefused: callers('officer'),
  correctFreeze: callers('officer'),
  recordFreezeUnrelated: callers('officer'),
  releaseFreeze: callers('officer'),
  requestRenewal: callers('officer'),
  approveRenewal: people('supervisor@city', 'supervisor@county'),
  rejectRenewal: people('supervisor@city', 'supervisor@county'),

  // 返还: the freezing agency and those whose victims claim; the city approves, never who proposed
  applyForReturn: callers('officer'),
  listReturns: callers('officer', 'supervisor'),
  getReturn: callers('officer', 'supervisor'),
  proposeReturn: people('officer'),
  approveReturn: people('supervisor@city'),
  sendBackReturn: people('officer', 'supervisor@city'),
  refuseReturn: people('supervisor@city'),
  amendReturn: callers('officer'),
  publishReturn: callers('officer'),
  objectToReturn: callers('officer'),
  decideReturnObjection: people('officer', 'supervisor'),
  notifyBankOfReturn: people('officer'),
  recordReturnPayment: callers('officer'),
  reverseReturnPayment: people('officer'),
  getReturnNotice: callers('officer', 'supervisor'),
  getReturnDecision: people('officer', 'supervisor'),
  getReturnFlow: people('officer', 'supervisor'),
  listHolidays: callers('officer', 'supervisor', 'auditor', 'admin', 'security'),

  // Watching over a case: the tiers above (and the holder may raise the level of its own)
  escalateAlert: callers('officer', 'supervisor'),
  urgeAlert: callers('supervisor@city', 'supervisor@county'),
  reviewOutcome: people('supervisor@city', 'supervisor@county'),
  reopenAlert: callers('supervisor@city', 'supervisor@county'),

  // Each item of a bulk is held against the rule of its own command
  bulkAlerts: callers('officer', 'supervisor'),

  // The books of money
  listLedger: callers('officer', 'supervisor'),
  getBalance: callers('officer', 'supervisor'),

  getTierReport: callers('supervisor'),
  getTierReportCases: callers('supervisor'),
  getFundsReport: callers('supervisor'),
  getFraudTypeReport: callers('supervisor'),
  getGroupReport: callers('supervisor'),
  getSourceReport: callers('supervisor'),
  getChannelReport: callers('supervisor'),
  getFunnel: callers('supervisor'),
  getTrend: callers('supervisor'),
  getHotSpots: callers('supervisor'),
  getReportCases: callers('supervisor'),
  getFundsReportCases: callers('supervisor'),
  getBriefing: callers('supervisor'),
  // Of named persons
  getOfficerReport: people('supervisor'),
  getOfficerReportCases: people('supervisor'),

  // Rankings, cards and what is published: a ranking is for those above the units, an edition for the whole city
  getRanking: callers('supervisor@city', 'supervisor@county'),
  proposeCards: people('supervisor@city'),
  listCards: callers('supervisor'),
  getCard: callers('supervisor'),
  confirmCard: people('supervisor@city', 'supervisor@county'),
  dismissCard: people('supervisor@city', 'supervisor@county'),
  answerCard: people('supervisor'),
  closeCard: people('supervisor@city', 'supervisor@county'),
  publishReport: people('supervisor@city'),
  listPublished: callers('supervisor'),
  getPublished: callers('supervisor'),
  // Files in the background: each report is held against its own rule, too
  createExport: callers('officer', 'supervisor'),
  listExports: callers('officer', 'supervisor'),
  getExport: callers('officer', 'supervisor'),
  getExportFile: callers('officer', 'supervisor'),
  deleteExport: callers('officer', 'supervisor'),

  listNotices: callers('officer', 'supervisor'),
  issueNotice: people('supervisor@city'),
  liftNotice: people('supervisor@city'),
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
