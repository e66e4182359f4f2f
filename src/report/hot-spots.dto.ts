import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min, ValidateBy } from 'class-validator';
import { FormatOfAnswer, type Format } from '../platform/http/file.order.js';
import { AgencyReportAnswer } from './agency-report.dto.js';
import { ChangeAnswer, PerTenThousandAnswer } from './figures.dto.js';
import { HOT_BY, isMonth, type HotBy } from './hot-spots.rules.js';
import { RowAgencyAnswer } from './tier-report.dto.js';

export class HotSpotsQuery {
  @ApiPropertyOptional({ description: 'Code of the agency; default: the own agency.', example: '4113' })
  @IsOptional()
  @IsString()
  @MaxLength(20)
  agency?: string;

  @ApiProperty({ description: 'A month of the local calendar that has begun.', example: '2023-06' })
  @ValidateBy({
    name: 'isMonth',
    validator: { validate: isMonth, defaultMessage: () => 'must be a month such as 2023-06' },
  })
  month!: string;

  @ApiPropertyOptional({ enum: HOT_BY, default: 'incidents', description: 'What townships are put in order by.' })
  @IsOptional()
  @IsIn(HOT_BY)
  by: HotBy = 'incidents';

  @ApiPropertyOptional({
    description: 'So many townships; all who share the rank of the last are told, too.',
    default: 20,
    minimum: 1,
    maximum: 500,
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit: number = 20;

  @FormatOfAnswer()
  format: Format = 'json';
}

export class DaysAnswer {
  @ApiProperty({ example: '2023-05-01' })
  from!: string;
  @ApiProperty({ example: '2023-05-31' })
  to!: string;
}

export class ComparedDaysAnswer {
  @ApiProperty({ type: DaysAnswer })
  monthBefore!: DaysAnswer;
  @ApiProperty({ type: DaysAnswer })
  yearBefore!: DaysAnswer;
}

export class HotSpotChangesAnswer {
  @ApiProperty({ type: ChangeAnswer, description: 'change is null against fewer than 10.' })
  monthBefore!: ChangeAnswer;
  @ApiProperty({ type: ChangeAnswer, description: 'change is null against fewer than 10.' })
  yearBefore!: ChangeAnswer;
}

export class HotSpotOpeningsAnswer {
  @ApiProperty({ description: 'Path of what stands behind incidents and incidentLossFen.' })
  incidents!: string;
  @ApiProperty({ description: 'Path of what stands behind received.' })
  received!: string;
  @ApiProperty({ description: 'Path of what stands behind lossFen.' })
  lossFen!: string;
}

export class HotSpotRow {
  @ApiProperty({ type: 'integer', description: 'From 1; equal numbers share it, and the next are skipped.' })
  rank!: number;
  @ApiProperty({ type: RowAgencyAnswer })
  agency!: RowAgencyAnswer;
  @ApiProperty({ type: RowAgencyAnswer, description: 'The county above it.' })
  county!: RowAgencyAnswer;
  @ApiProperty()
  incidents!: number;
  @ApiProperty({ type: HotSpotChangesAnswer })
  incidentsChange!: HotSpotChangesAnswer;
  @ApiProperty({ type: PerTenThousandAnswer })
  per10k!: PerTenThousandAnswer;
  @ApiProperty({ description: 'fen' })
  incidentLossFen!: number;
  @ApiProperty()
  received!: number;
  @ApiProperty({ type: HotSpotChangesAnswer })
  receivedChange!: HotSpotChangesAnswer;
  @ApiProperty({ description: 'fen' })
  lossFen!: number;
  @ApiProperty({ type: HotSpotOpeningsAnswer, description: 'Where its numbers open.' })
  cases!: HotSpotOpeningsAnswer;
}

export class OtherTownshipsAnswer {
  @ApiProperty({ description: 'How many townships are not told of.' })
  townships!: number;
  @ApiProperty({ description: 'Those of them that have a rank behind the last.' })
  ranked!: number;
  @ApiProperty()
  incidents!: number;
  @ApiProperty()
  received!: number;
}

export class HotSpotsAnswer extends AgencyReportAnswer {
  @ApiProperty({ example: '2023-06' })
  month!: string;
  @ApiProperty({ enum: HOT_BY })
  by!: HotBy;
  @ApiProperty({ type: ComparedDaysAnswer })
  compared!: ComparedDaysAnswer;
  @ApiProperty({ type: [HotSpotRow], description: 'The most first.' })
  rows!: HotSpotRow[];
  @ApiProperty({ type: OtherTownshipsAnswer })
  others!: OtherTownshipsAnswer;
}
