import { passwordFaults } from '../../src/identity/password.rules.js';
import { keyRoleFaults, userRoleFaults, type Role } from '../../src/identity/role.js';
import { afterFailure, isIdle, isLocked, obligationOf } from '../../src/identity/sign-in.rules.js';
import { newTotpSecret, stepOfCode, totpCode, totpUri } from '../../src/identity/totp.rules.js';

describe('a password', () => {
  test.each(['Qiu-7-shan-Xue', 'tianxia 2 DA', '九月-Nine-9-雨打芭蕉', 'xK3#vvQpL9', '𝒜bcdefghi-1x'])(
    '%s is taken',
    (password) => {
      expect(passwordFaults(password, 'li.jing')).toEqual([]);
    },
  );

  test.each([
    'Password123!',
    'P@ssw0rd2023',
    'Admin@123456',
    'Woaini1314!',
    'WoAiNi520520',
    'Qwer1234!@#$',
    '1qaz@WSX3edc',
    '1Q2w3e4r5t!',
    'Nanyang@2023',
    'Zhangwei@1988',
    'Aa123456789!',
    'Gongan110110!',
    'Fanzha96110!',
    'ABCabc123!!!',
    'Aa1!Aa1!Aa1!',
  ])('%s is guessed first', (password) => {
    expect(passwordFaults(password, 'somebody')).toEqual(['is among the passwords that are guessed first']);
  });

  test('counts characters as people do, and takes look-alike spellings as one', () => {
    expect(passwordFaults('雨雪风霜雷电1A', 'x')).toContain('must have at least 10 characters');
    expect(passwordFaults('😀😀😀😀😀Aa1', 'x')).toContain('must have at least 10 characters');
    expect(passwordFaults('ＰａｓｓｗｏｒｄＡ１２３', 'x')).toEqual([]);
    expect(passwordFaults('Ｐａｓｓｗｏｒｄ１２３', 'x')).toEqual(['is among the passwords that are guessed first']);
  });

  test('that is wrong in every way is told so', () => {
    expect(passwordFaults('lijing', 'lijing')).toEqual([
      'must have at least 10 characters',
      'must mix three of: lower case, upper case, digits, other characters',
      'must not contain the username',
    ]);
  });
});

describe('roles', () => {
  const all: Role[] = ['feed', 'officer', 'supervisor', 'auditor', 'admin', 'security'];
  const allowed = new Set(['officer', 'supervisor', 'auditor', 'admin', 'security', 'officer+supervisor']);

  test('every pair of them: who one person may be', () => {
    for (const [i, first] of all.entries()) {
      for (const second of all.slice(i)) {
        const roles = first === second ? [first] : [first, second];
        expect([roles.join('+'), userRoleFaults(roles).length === 0]).toEqual([
          roles.join('+'),
          allowed.has(roles.join('+')),
        ]);
      }
    }
    expect(userRoleFaults([])).not.toEqual([]);
    expect(userRoleFaults(['officer', 'supervisor', 'admin'])).not.toEqual([]);
  });

  test('what an API key may be', () => {
    const faulty = (roles: Role[], sources: string[] = []): string[] =>
      Object.entries(keyRoleFaults(roles, sources)).flatMap(([field, faults]) => (faults.length > 0 ? [field] : []));
    expect(faulty(['feed'], ['bank'])).toEqual([]);
    expect(faulty(['officer', 'supervisor'])).toEqual([]);
    expect(faulty(['feed'])).toEqual(['sources']);
    expect(faulty(['officer'], ['bank'])).toEqual(['sources']);
    expect(faulty(['feed', 'officer'], ['bank'])).toEqual(['roles']);
    for (const role of ['admin', 'security', 'auditor'] as const) expect(faulty([role])).toEqual(['roles']);
    expect(faulty([])).toEqual(['roles']);
  });
});

describe('locks', () => {
  const now = new Date('2023-06-01T00:00:00Z');
  const rule = { failuresToLock: 5, lockMinutes: 15 };

  test('come with the fifth failure', () => {
    expect([0, 1, 2, 3].map((failures) => afterFailure(failures, now, rule))).toEqual(
      [1, 2, 3, 4].map((failedLogins) => ({ failedLogins, lockedUntil: null })),
    );
    expect(afterFailure(4, now, rule)).toEqual({ failedLogins: 0, lockedUntil: new Date('2023-06-01T00:15:00Z') });
  });

  test('hold until their moment, or for good', () => {
    const at = (lockedUntil: Date | null, disabledAt: Date | null = null): boolean =>
      isLocked({ lockedUntil, disabledAt }, now);
    expect([at(null), at(now), at(new Date(now.getTime() + 1)), at(null, now)]).toEqual([false, false, true, true]);
  });

  test('a session is idle after more than its limit', () => {
    const used = (minutes: number): Date => new Date(now.getTime() - minutes * 60_000);
    expect([isIdle(used(30), now, 30), isIdle(used(30.01), now, 30)]).toEqual([false, true]);
  });
});

test('what somebody has to do first', () => {
  const of = (mustChangePassword: boolean, totpLastStep: number | null, roles: Role[]) =>
    obligationOf({ mustChangePassword, totpLastStep, roles }, ['admin']);
  expect(of(true, null, ['admin'])).toBe('change-password');
  expect(of(false, null, ['admin'])).toBe('enrol-totp');
  expect(of(false, 1, ['admin'])).toBeUndefined();
  expect(of(false, null, ['officer'])).toBeUndefined();
});

describe('one-time codes', () => {
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

  test('are those of RFC 6238, six digits', () => {
    expect(totpCode(secret, new Date(59_000))).toBe('287082');
    expect(totpCode(secret, new Date(1_111_111_109_000))).toBe('081804');
  });

  test('are taken one step early or late, each once, none older than the last', () => {
    const at = new Date(1_111_111_109_000);
    const step = Math.floor(1_111_111_109 / 30);
    const code = (steps: number): string => totpCode(secret, new Date(at.getTime() + steps * 30_000));
    expect([-2, -1, 0, 1, 2].map((steps) => stepOfCode(secret, code(steps), at, null))).toEqual([
      undefined,
      step - 1,
      step,
      step + 1,
      undefined,
    ]);
    expect(stepOfCode(secret, code(0), at, step)).toBeUndefined();
    expect(stepOfCode(secret, code(-1), at, step)).toBeUndefined();
    expect(stepOfCode(secret, code(1), at, step)).toBe(step + 1);
  });

  test('come of a secret of 160 bits that an app can read', () => {
    const made = newTotpSecret();
    expect(made).toMatch(/^[A-Z2-7]{32}$/);
    expect(totpUri(made, 'li.jing')).toBe(
      `otpauth://totp/Sanji:li.jing?issuer=Sanji&secret=${made}&algorithm=SHA1&digits=6&period=30`,
    );
  });
});
