import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
} from 'class-validator';
import type { Agency } from '../organization/agency.js';
import { formatInstant } from '../platform/clock/local-date.js';
import { PageOf, PageQuery } from '../platform/http/page.js';
import {
  AgencyBrief,
  AsUsername,
  ONE_LINE,
  ONE_LINE_RULE,
  Trimmed,
  USERNAME,
  USERNAME_RULE,
  WhenGiven,
  agencyBrief,
} from './identity.fields.js';
import { PASSWORD_LEAST, PASSWORD_MOST } from './password.rules.js';
import { ROLES, USER_ROLES, type Role } from './role.js';
import { isLocked } from './sign-in.rules.js';
import type { UserAccount } from './user-account.entity.js';

export class UserListQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Only users of this agency.', example: '411322' })
  @IsOptional()
  @IsString()
  @Length(1, 64)
  agency?: string;

  @ApiPropertyOptional({ enum: ROLES, enumName: 'Role' })
  @IsOptional()
  @IsIn(USER_ROLES)
  role?: Role;

  @ApiPropertyOptional({ description: 'true: only locked accounts; false: only the others.' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  locked?: boolean;

  @ApiPropertyOptional({ description: 'Part of the username or of the name.', example: '李' })
  @IsOptional()
  @IsString()
  @Length(1, 64)
  q?: string;
}

export class UserPath {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  id!: string;
}

export class CreateUserBody {
  @ApiProperty({ example: 'li.jing', description: 'Kept in lower case; unique in the whole system.' })
  @AsUsername()
  @IsString()
  @Matches(USERNAME, { message: USERNAME_RULE })
  username!: string;

  @ApiPropertyOptional({ example: '李静', description: 'The username where absent.' })
  @WhenGiven()
  @Trimmed()
  @IsString()
  @Length(1, 60)
  @Matches(ONE_LINE, { message: ONE_LINE_RULE })
  displayName?: string;

  @ApiProperty({ example: '411322', description: 'Code of an agency in your subtree.' })
  @IsString()
  @Length(1, 64)
  agency!: string;

  @ApiProperty({ enum: ROLES, enumName: 'Role', isArray: true, example: ['officer'] })
  @IsArray()
  @ArrayMaxSize(ROLES.length)
  @ArrayUnique()
  @IsIn(USER_ROLES, { each: true })
  roles!: Role[];

  @ApiPropertyOptional({
    format: 'password',
    minLength: PASSWORD_LEAST,
    description: 'Where absent one is made, answered once, and has to be changed at the first sign-in.',
  })
  @WhenGiven()
  @IsString()
  @Length(1, PASSWORD_MOST)
  password?: string;

  @ApiPropertyOptional({ description: 'Whether the password has to be changed at the first sign-in.' })
  @WhenGiven()
  @IsBoolean()
  mustChangePassword?: boolean;
}

export class UpdateUserBody {
  @ApiPropertyOptional({ example: '李静' })
  @WhenGiven()
  @Trimmed()
  @IsString()
  @Length(1, 60)
  @Matches(ONE_LINE, { message: ONE_LINE_RULE })
  displayName?: string;

  @ApiPropertyOptional({
    example: '411322',
    description: 'Code of an agency in your subtree. Ends the sessions of the user.',
  })
  @WhenGiven()
  @IsString()
  @Length(1, 64)
  agency?: string;

  @ApiPropertyOptional({
    enum: ROLES,
    enumName: 'Role',
    isArray: true,
    example: ['officer', 'supervisor'],
    description: 'Ends the sessions of the user.',
  })
  @WhenGiven()
  @IsArray()
  @ArrayMaxSize(ROLES.length)
  @ArrayUnique()
  @IsIn(USER_ROLES, { each: true })
  roles?: Role[];
}

export class UserAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ example: 'li.jing' })
  username!: string;
  @ApiProperty({ example: '李静' })
  displayName!: string;
  @ApiProperty({ type: AgencyBrief })
  agency!: AgencyBrief;
  @ApiProperty({ enum: ROLES, enumName: 'Role', isArray: true })
  roles!: Role[];
  @ApiProperty({ description: 'By a security administrator, or by failed sign-ins until `lockedUntil`.' })
  locked!: boolean;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When a lock after failed sign-ins ends.',
  })
  lockedUntil!: string | null;
  @ApiProperty()
  mustChangePassword!: boolean;
  @ApiProperty({ description: 'Whether signing in takes a second factor.' })
  totpEnabled!: boolean;
  @ApiProperty({ format: 'date-time' })
  createdAt!: string;
  @ApiProperty({ format: 'date-time' })
  updatedAt!: string;
  @ApiProperty({ description: 'Counts its changes; also the ETag.', example: 1 })
  version!: number;
}

/** With the password that was made: shown once. */
export class UserWithPasswordAnswer extends UserAnswer {
  @ApiPropertyOptional({
    description: 'The password that was made for the user. Shown once.',
    example: 'k7Qm-x2Wd-9aTf-Lp4Z',
  })
  password?: string;
}

export class UserPage extends PageOf(UserAnswer) {}

export function userAnswer(user: UserAccount, agency: Agency, now: Date, timeZone: string): UserAnswer {
  return {
    id: user.id,
    username: user.username,
    displayName: user.displayName,
    agency: agencyBrief(agency),
    roles: user.roles,
    locked: isLocked(user, now),
    lockedUntil: user.lockedUntil && user.lockedUntil > now ? formatInstant(user.lockedUntil, timeZone) : null,
    mustChangePassword: user.mustChangePassword,
    totpEnabled: user.totpLastStep !== null,
    createdAt: formatInstant(user.createdAt, timeZone),
    updatedAt: formatInstant(user.updatedAt, timeZone),
    version: user.version,
  };
}
