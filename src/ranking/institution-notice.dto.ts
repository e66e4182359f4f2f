import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, IsUUID, MaxLength, MinLength } from 'class-validator';
import { PageOf, PageQuery } from '../platform/http/page.js';
import { IsLocalDate } from '../platform/http/validators.js';
import { INSTITUTION_KINDS, MEASURES, type InstitutionKind, type Measure } from './institution-notice.js';

export class IssueNoticeBody {
  @ApiProperty({ enum: INSTITUTION_KINDS, enumName: 'InstitutionKind' })
  @IsIn(INSTITUTION_KINDS)
  kind!: InstitutionKind;

  @ApiProperty({ minLength: 2, maxLength: 200, description: 'Its name.', example: '某银行方城县支行城关网点' })
  @IsString()
  @MinLength(2)
  @MaxLength(200)
  institution!: string;

  @ApiProperty({ enum: MEASURES, enumName: 'InstitutionMeasure' })
  @IsIn(MEASURES)
  measure!: Measure;

  @ApiProperty({ minLength: 1, maxLength: 2000, description: 'Why. Without anything about a person.' })
  @IsString()
  @MinLength(1)
  @MaxLength(2000)
  reason!: string;

  @ApiProperty({ format: 'date', description: 'First local day.', example: '2023-07-01' })
  @IsLocalDate()
  from!: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    format: 'date',
    description: 'Last local day, inclusive; absent: until it is lifted.',
    example: '2023-09-30',
  })
  @IsOptional()
  @IsLocalDate()
  until?: string | null;
}

export class LiftNoticeBody {
  @ApiProperty({ minLength: 1, maxLength: 2000, description: 'Why. Without anything about a person.' })
  @IsString()
  @MinLength(1)
  @MaxLength(2000)
  reason!: string;
}

export class NoticePath {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  id!: string;
}

class NoticeFilterQuery {
  @ApiPropertyOptional({ enum: INSTITUTION_KINDS, enumName: 'InstitutionKind' })
  @IsOptional()
  @IsIn(INSTITUTION_KINDS)
  kind?: InstitutionKind;

  @ApiPropertyOptional({ enum: MEASURES, enumName: 'InstitutionMeasure' })
  @IsOptional()
  @IsIn(MEASURES)
  measure?: Measure;

  @ApiPropertyOptional({ format: 'date', description: 'Only those that hold on this local day.' })
  @IsOptional()
  @IsLocalDate()
  holdsOn?: string;
}

export class ListNoticesQuery extends IntersectionType(PageQuery, NoticeFilterQuery) {}

export class NoticeEventAnswer {
  @ApiProperty({ enum: ['issued', 'lifted'] })
  action!: 'issued' | 'lifted';
  @ApiProperty({ format: 'date-time' })
  at!: string;
  @ApiProperty({ description: 'Username.' })
  by!: string;
  @ApiProperty({ description: 'The reason.' })
  text!: string;
}

export class NoticeAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ enum: INSTITUTION_KINDS, enumName: 'InstitutionKind' })
  kind!: InstitutionKind;
  @ApiProperty()
  institution!: string;
  @ApiProperty({ enum: MEASURES, enumName: 'InstitutionMeasure' })
  measure!: Measure;
  @ApiProperty()
  reason!: string;
  @ApiProperty({ format: 'date' })
  from!: string;
  @ApiProperty({ type: String, nullable: true, format: 'date' })
  until!: string | null;
  @ApiProperty({ type: String, nullable: true, format: 'date-time' })
  liftedAt!: string | null;
  @ApiProperty({ type: [NoticeEventAnswer], description: 'Never changed.' })
  history!: NoticeEventAnswer[];
}

export class NoticePage extends PageOf(NoticeAnswer) {}
