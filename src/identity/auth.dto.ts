import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Length, Matches, MaxLength } from 'class-validator';
import type { Agency } from '../organization/agency.js';
import type { Caller, Obligation } from './caller.js';
import { AgencyBrief, AsUsername, WhenGiven, agencyBrief } from './identity.fields.js';
import { PASSWORD_LEAST, PASSWORD_MOST } from './password.rules.js';
import { ROLES, type Role } from './role.js';
import { obligationOf } from './sign-in.rules.js';
import type { UserAccount } from './user-account.entity.js';

const TOTP_CODE = /^\d{6}$/;
const TOTP_CODE_RULE = 'takes the six digits of the authenticator app';

export class LoginBody {
  @ApiProperty({ example: 'li.jing', description: 'Capitals do not matter.' })
  @AsUsername()
  @IsString()
  @Length(1, 64)
  username!: string;

  @ApiProperty({ example: 'Qiu-7-shan-Xue', format: 'password' })
  @IsString()
  @Length(1, PASSWORD_MOST)
  password!: string;

  @ApiPropertyOptional({ example: '492039', description: 'Six digits, where the account has a second factor.' })
  @WhenGiven()
  @Matches(TOTP_CODE, { message: TOTP_CODE_RULE })
  totp?: string;
}

export class RefreshBody {
  @ApiProperty({ description: 'The latest one: each is good once.' })
  @IsString()
  @MaxLength(200)
  refreshToken!: string;
}

export class LogoutBody {
  @ApiPropertyOptional({ description: 'Not needed: the session of the access token ends.' })
  @WhenGiven()
  @IsString()
  @MaxLength(200)
  refreshToken?: string;
}

export class ChangePasswordBody {
  @ApiProperty({ format: 'password', example: 'Qiu-7-shan-Xue' })
  @IsString()
  @Length(1, PASSWORD_MOST)
  currentPassword!: string;

  @ApiProperty({
    format: 'password',
    example: 'Chun-9-jiang-Yue',
    minLength: PASSWORD_LEAST,
    description: 'At least 10 characters of three kinds (lower case, upper case, digits, others), not a common one.',
  })
  @IsString()
  @Length(1, PASSWORD_MOST)
  newPassword!: string;
}

export class EnrolTotpBody {
  @ApiProperty({ format: 'password', example: 'Qiu-7-shan-Xue', description: 'Your password, once more.' })
  @IsString()
  @Length(1, PASSWORD_MOST)
  password!: string;
}

export class TotpCodeBody {
  @ApiProperty({ example: '492039' })
  @Matches(TOTP_CODE, { message: TOTP_CODE_RULE })
  code!: string;
}

export class TotpEnrolmentAnswer {
  @ApiProperty({
    description: 'Secret for the authenticator app, base32. Shown once.',
    example: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  })
  secret!: string;
  @ApiProperty({
    description: 'The same as a URI, to be shown as a QR code.',
    example: 'otpauth://totp/Sanji:li.jing?issuer=Sanji&secret=JBSW…',
  })
  uri!: string;
}

/** Who calls. */
export class MeAnswer {
  @ApiProperty({ enum: ['user', 'key'] })
  kind!: 'user' | 'key';
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ type: String, nullable: true, description: 'Null for an API key.', example: 'li.jing' })
  username!: string | null;
  @ApiProperty({ example: '李静' })
  displayName!: string;
  @ApiProperty({ type: AgencyBrief })
  agency!: AgencyBrief;
  @ApiProperty({ enum: ROLES, enumName: 'Role', isArray: true, example: ['officer'] })
  roles!: Role[];
  @ApiProperty({ type: [String], nullable: true, description: 'What a feed may hand in; null for others.' })
  sources!: string[] | null;
  @ApiProperty({ description: 'Whether signing in takes a second factor.' })
  totpEnabled!: boolean;
  @ApiProperty({
    type: String,
    enum: ['change-password', 'enrol-totp'],
    nullable: true,
    description: 'What has to be done before anything else is allowed.',
  })
  obligation!: Obligation | null;
}

export class SignedInAnswer {
  @ApiProperty({ description: 'Send it as Authorization: Bearer …', example: 'eyJhbGciOiJIUzI1NiJ9…' })
  accessToken!: string;
  @ApiProperty({ enum: ['Bearer'] })
  tokenType!: 'Bearer';
  @ApiProperty({ description: 'Seconds that the access token lives.', example: 900 })
  expiresIn!: number;
  @ApiProperty({ description: 'Good once, for POST /auth/refresh.', example: 'rt_AZE6…' })
  refreshToken!: string;
  @ApiProperty({ type: MeAnswer })
  user!: MeAnswer;
}

export function meOfUser(user: UserAccount, agency: Agency, totpRequiredRoles: readonly string[]): MeAnswer {
  return {
    kind: 'user',
    id: user.id,
    username: user.username,
    displayName: user.displayName,
    agency: agencyBrief(agency),
    roles: user.roles,
    sources: null,
    totpEnabled: user.totpLastStep !== null,
    obligation: obligationOf(user, totpRequiredRoles) ?? null,
  };
}

export function meOfKey(caller: Caller): MeAnswer {
  return {
    kind: 'key',
    id: caller.id!,
    username: null,
    displayName: caller.name,
    agency: agencyBrief(caller.agency),
    roles: [...caller.roles],
    sources: caller.sources === null ? null : [...caller.sources],
    totpEnabled: false,
    obligation: null,
  };
}
