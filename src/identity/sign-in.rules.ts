import type { Obligation } from './caller.js';
import type { UserAccount } from './user-account.entity.js';

/** Whether an account may sign in at a moment, whatever the password. */
export function isLocked(user: Pick<UserAccount, 'disabledAt' | 'lockedUntil'>, now: Date): boolean {
  return user.disabledAt !== null || (user.lockedUntil !== null && user.lockedUntil > now);
}

/** What one more failure makes of an account: a lock, and the count anew, when it was one too many. */
export function afterFailure(
  failedLogins: number,
  now: Date,
  rule: { failuresToLock: number; lockMinutes: number },
): { failedLogins: number; lockedUntil: Date | null } {
  const failures = failedLogins + 1;
  if (failures < rule.failuresToLock) return { failedLogins: failures, lockedUntil: null };
  return { failedLogins: 0, lockedUntil: new Date(now.getTime() + rule.lockMinutes * 60_000) };
}

/** What somebody has to do before anything else. */
export function obligationOf(
  user: Pick<UserAccount, 'mustChangePassword' | 'totpLastStep' | 'roles'>,
  totpRequiredRoles: readonly string[],
): Obligation | undefined {
  if (user.mustChangePassword) return 'change-password';
  if (user.totpLastStep === null && needsTotp(user.roles, totpRequiredRoles)) return 'enrol-totp';
  return undefined;
}

export function needsTotp(roles: readonly string[], totpRequiredRoles: readonly string[]): boolean {
  return roles.some((role) => totpRequiredRoles.includes(role));
}

/** Whether a session has been left alone for too long. */
export function isIdle(lastUsedAt: Date, now: Date, idleMinutes: number): boolean {
  return now.getTime() - lastUsedAt.getTime() > idleMinutes * 60_000;
}
