import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { FormatOfAnswer, type Format } from '../platform/http/file.order.js';
import { PageQuery } from '../platform/http/page.js';
import { IsLocalDate } from '../platform/http/validators.js';
import { OPEN_REPORT_NAMES, OPEN_REPORTS, type OpenReportName } from './breakdown.openings.js';
import { FUNDS_INDICATOR_NAMES } from './funds-report.openings.js';
import { OFFICERS } from './officers.openings.js';
import type { OpenReport } from './open-report.js';

const told = (name: string, { openings, key }: OpenReport): string =>
  `${name}: ${Object.keys(openings).join(', ')}${key ? `; key: ${key.name}${key.required ? '' : ' (absent: the total)'}` : ''}`;

export class ReportNameParam {
  @ApiProperty({ enum: OPEN_REPORT_NAMES })
  @IsIn(OPEN_REPORT_NAMES)
  report!: OpenReportName;
}

class OpenedPeriodQuery {
  @FormatOfAnswer('`csv`, `xlsx`: everything behind the number as a file, masked as the answers are.')
  format: Format = 'json';

  @ApiProperty({ description: 'First local date, inclusive.', example: '2023-06-01' })
  @IsLocalDate()
  from!: string;

  @ApiProperty({ description: 'Last local date, inclusive.', example: '2023-06-30' })
  @IsLocalDate()
  to!: string;
}

class OpenedNumberQuery extends IntersectionType(PageQuery, OpenedPeriodQuery) {
  @ApiPropertyOptional({
    description:
      'Code of the agency that the report is about (of the funnel also one below it); default: the own agency.',
    example: '4113',
  })
  @IsOptional()
  @IsString()
  @MaxLength(20)
  agency?: string;

  @ApiPropertyOptional({ description: 'Which part of the report the number is told of.', example: 'elderly' })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  key?: string;
}

export class ReportCasesQuery extends OpenedNumberQuery {
  @ApiProperty({
    description: `The number to open, by its path in a row. A rate by itself opens its denominator, a share what it is of. ${OPEN_REPORT_NAMES.map((name) => told(name, OPEN_REPORTS[name])).join('. ')} (trend: from and to are those of the point, or of what it is compared with).`,
    example: 'successRate.numerator',
  })
  @IsString()
  @MaxLength(64)
  indicator!: string;
}

export class OfficerCasesQuery extends OpenedNumberQuery {
  @ApiProperty({
    description: `The number to open, by its path in a row. ${told('officers', OFFICERS)}.`,
    example: 'accepted',
  })
  @IsString()
  @MaxLength(64)
  indicator!: string;
}

export class FundsCasesQuery extends IntersectionType(PageQuery, OpenedPeriodQuery) {
  @ApiPropertyOptional({
    description: 'Code of the agency whose next tier is reported; default: the own agency.',
    example: '4113',
  })
  @IsOptional()
  @IsString()
  @MaxLength(20)
  parent?: string;

  @ApiPropertyOptional({
    description: 'Code of the row; of the parent: what it did itself (`own`); absent: what stands behind `total`.',
    example: '411322',
  })
  @IsOptional()
  @IsString()
  @MaxLength(20)
  agency?: string;

  @ApiPropertyOptional({
    description: 'Of the numbers of banks: the bank as told; absent: all of them.',
    example: '中国建设银行',
  })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  key?: string;

  @ApiProperty({
    enum: FUNDS_INDICATOR_NAMES,
    description: 'The number to open, by its path in a row. A rate by itself opens its denominator.',
    example: 'stopReleasedFen.toPayer',
  })
  @IsIn(FUNDS_INDICATOR_NAMES, { message: 'is no number of this report; see its enum in the API document' })
  indicator!: string;
}
