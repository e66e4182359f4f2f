import {
  conflict,
  defineProblem,
  invalid,
  type Fault,
  type Problem,
  type ProblemKind,
} from '../platform/http/problem.js';
import { mapConstraint } from '../platform/http/problem.filter.js';

export const tokenExpired = defineProblem('token-expired', 401, 'The access token has expired', '访问令牌已过期');
export const tokenInvalid = defineProblem('token-invalid', 401, 'The access token is not valid', '访问令牌无效');
export const sessionEnded = defineProblem('session-ended', 401, 'The session has ended', '会话已结束,请重新登录');
export const keyUnknown = defineProblem('key-unknown', 401, 'The API key is not known', 'API 密钥无效');
export const keyRevoked = defineProblem('key-revoked', 401, 'The API key has been revoked', 'API 密钥已吊销');
export const keyExpired = defineProblem('key-expired', 401, 'The API key has expired', 'API 密钥已过期');
export const accountLocked = defineProblem('account-locked', 401, 'The account is locked', '账号已锁定');
export const signInFailed = defineProblem('sign-in-failed', 401, 'The sign-in failed', '登录失败');
export const totpNeeded = defineProblem('totp-needed', 401, 'A one-time code is needed', '需要动态验证码');
export const refreshInvalid = defineProblem(
  'refresh-token-invalid',
  401,
  'The refresh token is not valid',
  '刷新令牌无效',
);
export const refreshReused = defineProblem(
  'refresh-token-reused',
  401,
  'The refresh token was used before',
  '刷新令牌已被使用',
);
export const agencyClosed = defineProblem('agency-closed', 401, 'The agency is closed', '所属单位已停用');
export const accountUnmapped = defineProblem(
  'account-unmapped',
  401,
  'The identity provider names nobody we know',
  '身份提供方的账号未在本系统登记',
);

export const passwordChangeRequired = defineProblem(
  'password-change-required',
  403,
  'Change your password first',
  '请先修改密码',
);
export const totpEnrolmentRequired = defineProblem(
  'totp-enrolment-required',
  403,
  'Set up the second factor first',
  '请先绑定动态验证码',
);
export const signInElsewhere = defineProblem(
  'sign-in-elsewhere',
  403,
  'Accounts are kept by the identity provider',
  '账号由统一身份认证平台管理',
);
export const ownAccount = defineProblem('own-account', 403, 'Not on your own account', '不能对本人账号执行此操作');

export const usernameTaken = defineProblem('username-taken', 409, 'The username is taken', '用户名已被占用');
export const totpState = defineProblem(
  'totp-state',
  409,
  'The second factor is not in that state',
  '动态验证码当前状态不允许此操作',
);
export const totpRequiredByRole = defineProblem(
  'totp-required-by-role',
  409,
  'The role requires a second factor',
  '该角色必须使用动态验证码',
);
export const keyAlreadyRevoked = defineProblem(
  'key-already-revoked',
  409,
  'The API key is revoked already',
  'API 密钥已吊销',
);

mapConstraint('user_account_username_uq', usernameTaken, 'Another account has this username. Choose another.');
mapConstraint(
  'user_account_one_administrator_ck',
  invalid,
  'Nobody is two of admin, security and auditor at once (三员分立).',
);
mapConstraint(
  'user_account_administrators_work_no_cases_ck',
  invalid,
  'admin, security and auditor work no cases: they do not go with officer or supervisor.',
);
mapConstraint('api_key_hash_uq', conflict, 'The key could not be made; try again.');

/** The input is well-formed and wrong: every fault with its field. */
export function faulty(faults: Fault[]): Problem {
  return invalid.with(
    `${faults.length === 1 ? 'One field is' : `${faults.length} fields are`} not right: see errors.`,
    {
      errors: faults,
    },
  );
}

const ABOUT_THE_TOKEN: readonly ProblemKind[] = [tokenExpired, tokenInvalid, sessionEnded];

/** A 401 as HTTP wants it: with the way to sign in. */
export function challenge(kind: ProblemKind, detail: string): Problem {
  const error = ABOUT_THE_TOKEN.includes(kind) ? `, error="invalid_token", error_description="${kind.title}"` : '';
  return kind.with(detail, { headers: { 'www-authenticate': `Bearer realm="sanji"${error}` } });
}
