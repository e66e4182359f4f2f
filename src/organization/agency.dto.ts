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
  Length,
  Matches,
  MaxLength,
  ValidateIf,
} from 'class-validator';
import { PageOf, PageQuery } from '../platform/http/page.js';
import { AGENCY_KINDS, TIERS, type Agency, type AgencyKind, type Tier } from './agency.js';
import type { OrganizationSnapshot } from './organization.snapshot.js';

const CODE = /^[0-9A-Za-z][0-9A-Za-z-]{1,19}$/;
const CODE_RULE = 'takes 2 to 20 letters, digits and hyphens, a letter or digit first';
const AREA = /^(\d{4}|\d{6}|\d{9}|\d{12})$/;
/** Text of one line: nothing that a terminal or a spreadsheet would act upon. */
const ONE_LINE = /^[^\p{Cc}\p{Cs}\u2028\u2029]+$/u;
const MAX_AREAS = 500;

const trimmed = Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));
/** Absent is fine; null is not: these fields always have a value. */
const whenGiven = ValidateIf((_, value) => value !== undefined);

export class AgencyListQuery extends PageQuery {
  @ApiPropertyOptional({ enum: TIERS, enumName: 'Tier', description: 'Only agencies of this tier.' })
  @IsOptional()
  @IsIn(TIERS)
  tier?: Tier;

  @ApiPropertyOptional({ description: 'Only agencies directly below the one with this code.', example: '411322' })
  @IsOptional()
  @Matches(CODE, { message: CODE_RULE })
  parent?: string;

  @ApiPropertyOptional({ description: 'Part of the code or the name.', example: '方城' })
  @IsOptional()
  @IsString()
  @Length(1, 60)
  q?: string;
}

export class AgencyPath {
  @ApiProperty({ description: 'Code of the agency.', example: '411322' })
  @MaxLength(64)
  @IsString()
  code!: string;
}

export class CreateAgencyBody {
  @ApiProperty({ description: 'Stays for good. A police station has one of its own.', example: '411322-S01' })
  @Matches(CODE, { message: CODE_RULE })
  code!: string;

  @ApiProperty({ example: '凤瑞派出所', minLength: 1, maxLength: 60 })
  @trimmed
  @IsString()
  @Length(1, 60)
  @Matches(ONE_LINE, { message: 'must be text of one line' })
  name!: string;

  @ApiProperty({ enum: TIERS, enumName: 'Tier', description: "The tier below the parent's.", example: 'township' })
  @IsIn(TIERS)
  tier!: Tier;

  @ApiProperty({ enum: AGENCY_KINDS, enumName: 'AgencyKind', example: 'station' })
  @IsIn(AGENCY_KINDS)
  kind!: AgencyKind;

  @ApiProperty({ description: 'Code of the agency above.', example: '411322' })
  @Matches(CODE, { message: CODE_RULE })
  parent!: string;

  @ApiPropertyOptional({
    description:
      'Divisions that it covers (4, 6, 9 or 12 digits), inside those of the parent. An alert goes to the agency with the longest matching one.',
    type: [String],
    example: ['411322001001', '411322001002'],
    default: [],
  })
  @whenGiven
  @IsArray()
  @ArrayMaxSize(MAX_AREAS)
  @ArrayUnique()
  @Matches(AREA, { each: true, message: 'takes division codes of 4, 6, 9 or 12 digits' })
  areas: string[] = [];
}

export class UpdateAgencyBody {
  @ApiPropertyOptional({ example: '凤瑞派出所', minLength: 1, maxLength: 60 })
  @whenGiven
  @trimmed
  @IsString()
  @Length(1, 60)
  @Matches(ONE_LINE, { message: 'must be text of one line' })
  name?: string;

  @ApiPropertyOptional({ enum: AGENCY_KINDS, enumName: 'AgencyKind', example: 'station' })
  @whenGiven
  @IsIn(AGENCY_KINDS)
  kind?: AgencyKind;

  @ApiPropertyOptional({
    description: 'The whole list of divisions that it is to cover.',
    type: [String],
    example: ['411322001001'],
  })
  @whenGiven
  @IsArray()
  @ArrayMaxSize(MAX_AREAS)
  @ArrayUnique()
  @Matches(AREA, { each: true, message: 'takes division codes of 4, 6, 9 or 12 digits' })
  areas?: string[];

  @ApiPropertyOptional({ description: 'false closes it: no alert is routed to it any more.', example: true })
  @whenGiven
  @IsBoolean()
  active?: boolean;
}

export class AgencyAnswer {
  @ApiProperty({ example: '411322' })
  code!: string;
  @ApiProperty({ example: '方城县公安局' })
  name!: string;
  @ApiProperty({ enum: TIERS, enumName: 'Tier' })
  tier!: Tier;
  @ApiProperty({ enum: AGENCY_KINDS, enumName: 'AgencyKind' })
  kind!: AgencyKind;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Code of the agency above; null for a city.',
    example: '4113',
  })
  parent!: string | null;
  @ApiProperty({ description: "Code of the agency's city.", example: '4113' })
  city!: string;
  @ApiProperty({ type: [String], description: 'Divisions that it covers.', example: ['411322'] })
  areas!: string[];
  @ApiProperty({ description: 'Whether alerts are routed to it.' })
  active!: boolean;
  @ApiProperty({ type: 'integer', description: 'Counts its changes; also the ETag.', example: 1 })
  version!: number;
}

export class AgencyPage extends PageOf(AgencyAnswer) {}

export function agencyAnswer(snapshot: OrganizationSnapshot, agency: Agency): AgencyAnswer {
  const { code, name, tier, kind, active, version } = agency;
  const parent = snapshot.parentOf(agency)?.code ?? null;
  const city = snapshot.cityOf(agency).code;
  return { code, name, tier, kind, parent, city, areas: [...snapshot.areasOf(agency)], active, version };
}
