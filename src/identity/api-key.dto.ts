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
import { IsInstant } from '../platform/http/validators.js';
import type { ApiKey } from './api-key.entity.js';
import {
  AgencyBrief,
  ONE_LINE,
  ONE_LINE_RULE,
  SOURCE,
  SOURCE_RULE,
  Trimmed,
  WhenGiven,
  agencyBrief,
} from './identity.fields.js';
import { KEY_ROLES, ROLES, type Role } from './role.js';

export class ApiKeyListQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Only keys of this agency.', example: '4113' })
  @IsOptional()
  @IsString()
  @Length(1, 64)
  agency?: string;

  @ApiPropertyOptional({ description: 'true: only revoked keys; false: only the others.' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  revoked?: boolean;
}

export class ApiKeyPath {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  id!: string;
}

export class CreateApiKeyBody {
  @ApiProperty({ example: 'National platform', description: 'For people, to tell keys apart.' })
  @Trimmed()
  @IsString()
  @Length(1, 60)
  @Matches(ONE_LINE, { message: ONE_LINE_RULE })
  name!: string;

  @ApiProperty({ example: '4113', description: 'Code of an agency in your subtree.' })
  @IsString()
  @Length(1, 64)
  agency!: string;

  @ApiProperty({
    enum: ROLES,
    enumName: 'Role',
    isArray: true,
    example: ['feed'],
    description: 'feed, which stands alone; or officer, supervisor.',
  })
  @IsArray()
  @ArrayMaxSize(ROLES.length)
  @ArrayUnique()
  @IsIn(KEY_ROLES, { each: true })
  roles!: Role[];

  @ApiPropertyOptional({
    type: [String],
    example: ['national-platform'],
    description: 'For a feed: the sources that it hands in.',
  })
  @WhenGiven()
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @Matches(SOURCE, { each: true, message: SOURCE_RULE })
  sources?: string[];

  @ApiPropertyOptional({
    format: 'date-time',
    example: '2027-01-01T00:00:00+08:00',
    description: 'Where absent it does not expire.',
  })
  @WhenGiven()
  @IsInstant()
  expiresAt?: string;
}

export class ApiKeyAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ example: 'National platform' })
  name!: string;
  @ApiProperty({ example: 'x7Qa', description: 'The last four characters of the key.' })
  hint!: string;
  @ApiProperty({ type: AgencyBrief })
  agency!: AgencyBrief;
  @ApiProperty({ enum: ROLES, enumName: 'Role', isArray: true })
  roles!: Role[];
  @ApiProperty({ type: [String], description: 'Empty for all but feeds.' })
  sources!: string[];
  @ApiProperty({ format: 'date-time' })
  createdAt!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  expiresAt!: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  revokedAt!: string | null;
}

export class ApiKeyWithSecretAnswer extends ApiKeyAnswer {
  @ApiProperty({ description: 'The key itself, for X-API-Key. Shown once.', example: 'sk_3kTq…x7Qa' })
  key!: string;
}

export class ApiKeyPage extends PageOf(ApiKeyAnswer) {}

export function apiKeyAnswer(key: ApiKey, agency: Agency, timeZone: string): ApiKeyAnswer {
  const instant = (moment: Date | null): string | null => (moment ? formatInstant(moment, timeZone) : null);
  return {
    id: key.id,
    name: key.name,
    hint: key.hint,
    agency: agencyBrief(agency),
    roles: key.roles,
    sources: key.sources,
    createdAt: formatInstant(key.createdAt, timeZone),
    expiresAt: instant(key.expiresAt),
    revokedAt: instant(key.revokedAt),
  };
}
