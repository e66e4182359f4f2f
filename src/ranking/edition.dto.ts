import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, IsUUID, Matches, MaxLength, ValidateIf } from 'class-validator';
import { TIERS, type Tier } from '../organization/agency.js';
import { FORMATS } from '../platform/http/file.order.js';
import { PageOf, PageQuery } from '../platform/http/page.js';
import { EDITION_KINDS, type EditionContent, type EditionKind } from './edition.js';
import { MONTH } from './month.rules.js';

const month = { description: 'A month of the local calendar.', example: '2023-06', pattern: MONTH.source };
const kind = { enum: EDITION_KINDS, enumName: 'EditionKind' } as const;

export const EDITION_FORMATS = [...FORMATS, 'canonical'] as const;
export type EditionFormat = (typeof EDITION_FORMATS)[number];

export class PublishBody {
  @ApiProperty({ enum: TIERS, description: 'Whose units it is about. A ranking is of counties or townships.' })
  @IsIn(TIERS)
  tier!: Tier;

  @ApiPropertyOptional({
    ...kind,
    default: 'ranking',
    description: '`tier`: the tier report of the month instead of its ranking.',
  })
  @ValidateIf((_, value) => value !== undefined)
  @IsIn(EDITION_KINDS)
  kind: EditionKind = 'ranking';

  @ApiPropertyOptional({
    maxLength: 2000,
    description: 'Goes with it: read by the whole city, so nothing about a person.',
  })
  @ValidateIf((_, value) => value !== undefined)
  @IsString()
  @MaxLength(2000)
  note: string = '';
}

class EditionFilterQuery {
  @ApiPropertyOptional(kind)
  @IsOptional()
  @IsIn(EDITION_KINDS)
  kind?: EditionKind;

  @ApiPropertyOptional({ enum: TIERS })
  @IsOptional()
  @IsIn(TIERS)
  tier?: Tier;

  @ApiPropertyOptional(month)
  @IsOptional()
  @Matches(MONTH, { message: 'must be a month such as 2023-06' })
  month?: string;
}

export class ListEditionsQuery extends IntersectionType(PageQuery, EditionFilterQuery) {}

export class EditionPath {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  id!: string;
}

export class EditionQuery {
  @ApiPropertyOptional({
    enum: EDITION_FORMATS,
    default: 'json',
    description: '`csv`, `xlsx`: a file for spreadsheets. `canonical`: the very bytes that the hash is of.',
  })
  @IsOptional()
  @IsIn(EDITION_FORMATS)
  format: EditionFormat = 'json';
}

export class EditionAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty(kind)
  kind!: EditionKind;
  @ApiProperty({ enum: TIERS })
  tier!: Tier;
  @ApiProperty(month)
  month!: string;
  @ApiProperty({ type: 'integer', minimum: 1, description: 'From 1; a correction is a new one.' })
  edition!: number;
  @ApiProperty({ description: 'SHA-256 of the stored bytes, hexadecimal.' })
  hash!: string;
  @ApiProperty({ format: 'date-time', description: 'When the figures were read.' })
  asOf!: string;
  @ApiProperty({ format: 'date-time' })
  publishedAt!: string;
  @ApiProperty({ description: 'Username.', example: 'wang.jing' })
  publishedBy!: string;
  @ApiProperty()
  note!: string;
}

export class EditionPage extends PageOf(EditionAnswer) {}

export class PreviousEditionAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ type: 'integer' })
  edition!: number;
  @ApiProperty()
  hash!: string;
}

const value = {
  nullable: true,
  oneOf: [{ type: 'number' }, { type: 'boolean' }, { type: 'string' }],
  description: 'null: none, or not there.',
};

export class DifferenceAnswer {
  @ApiProperty({ type: String, nullable: true, description: 'Code of the unit; null: of the total, the rules, …' })
  unit!: string | null;
  @ApiProperty({ description: "JSON pointer within the unit's row, or within the report.", example: '/score' })
  field!: string;
  @ApiProperty(value)
  before!: unknown;
  @ApiProperty(value)
  after!: unknown;
}

export class WholeEditionAnswer extends EditionAnswer {
  @ApiProperty({ type: PreviousEditionAnswer, nullable: true, description: 'The former edition; null of the first.' })
  previous!: PreviousEditionAnswer | null;
  @ApiProperty({ type: [DifferenceAnswer], description: 'Every value that differs from the former edition.' })
  changes!: DifferenceAnswer[];
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description:
      'What was published: the ranking or tier report with its figures, rules and definitions. Its canonical JSON (RFC 8785: members sorted, no blanks) has the hash.',
  })
  content!: EditionContent;
}
