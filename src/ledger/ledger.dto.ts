import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { HolderAnswer } from '../alert/alert.dto.js';
import { PageOf, PageQuery } from '../platform/http/page.js';
import { IsLocalDate } from '../platform/http/validators.js';
import {
  ENTRY_KINDS,
  INTERCEPTED_BASES,
  type CaseKind,
  type EntryKind,
  type InterceptedBasis,
  type OriginKind,
} from './ledger.js';

export class ListEntriesQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Number of an account, exactly.' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  account?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Id of an alert or incident.' })
  @IsOptional()
  @IsUUID()
  case?: string;

  @ApiPropertyOptional({ enum: ENTRY_KINDS, enumName: 'EntryKind' })
  @IsOptional()
  @IsIn(ENTRY_KINDS)
  kind?: EntryKind;

  @ApiPropertyOptional({ description: 'Code of the agency whose figures it counts in.', example: '411322' })
  @IsOptional()
  @IsString()
  @MaxLength(20)
  agency?: string;

  @ApiPropertyOptional({ format: 'date', description: 'First local day on which it happened.' })
  @IsOptional()
  @IsLocalDate()
  from?: string;

  @ApiPropertyOptional({ format: 'date', description: 'Last local day, inclusive.' })
  @IsOptional()
  @IsLocalDate()
  to?: string;
}

export class BalanceQuery {
  @ApiProperty({ description: 'Number of an account, exactly.' })
  @IsString()
  @MaxLength(64)
  account!: string;
}

export class OriginAnswer {
  @ApiProperty({ enum: ['outcome', 'incident', 'stop-payment', 'freeze', 'return-claim'] })
  kind!: OriginKind;
  @ApiProperty({ format: 'uuid' })
  id!: string;
}

export class EntryCaseAnswer {
  @ApiProperty({ enum: ['alert', 'incident'] })
  kind!: CaseKind;
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ description: 'alertNo or incidentNo.', example: '4113-20230601-000123' })
  no!: string;
}

export class EntryAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ enum: ENTRY_KINDS, enumName: 'EntryKind' })
  kind!: EntryKind;
  @ApiProperty({ type: 'integer', minimum: 1, description: 'Fen, always above 0.' })
  amountFen!: number;
  @ApiProperty({ format: 'date-time', description: 'When it happened.' })
  at!: string;
  @ApiProperty({ nullable: true, type: String, description: 'Masked; null for what was intercepted or lost.' })
  account!: string | null;
  @ApiProperty({ type: EntryCaseAnswer, description: 'On whose timeline it stands.' })
  case!: EntryCaseAnswer;
  @ApiProperty({ type: HolderAnswer, description: 'Whose figures it counts in.' })
  agency!: HolderAnswer;
  @ApiProperty({ type: OriginAnswer, description: 'What it comes of.' })
  origin!: OriginAnswer;
  @ApiProperty({ nullable: true, enum: INTERCEPTED_BASES, description: 'What kept intercepted money with its owner.' })
  basis!: InterceptedBasis | null;
  @ApiProperty({
    nullable: true,
    type: String,
    format: 'uuid',
    description: 'User or key; null where time alone did it.',
  })
  by!: string | null;
  @ApiProperty({ nullable: true, type: String, format: 'uuid', description: 'The entry that this one takes back.' })
  reverses!: string | null;
  @ApiProperty({ nullable: true, type: String, format: 'uuid', description: 'The entry that took this one back.' })
  reversedBy!: string | null;
  @ApiProperty({ format: 'date-time' })
  recordedAt!: string;
}

export class EntryPage extends PageOf(EntryAnswer) {}

export class BalanceAnswer {
  @ApiProperty({ description: 'Masked.', example: '6222 **** **** 0123' })
  account!: string;
  @ApiProperty({ type: 'integer', description: 'stopped − stop-released, fen.' })
  stoppedFen!: number;
  @ApiProperty({ type: 'integer', description: 'frozen − freeze-released − returned, fen.' })
  frozenFen!: number;
  @ApiProperty({ type: 'integer', description: 'All that was ever returned from it, fen.' })
  returnedFen!: number;
  @ApiProperty({ type: 'integer', description: 'Entries that these are the sums of.' })
  entries!: number;
  @ApiProperty({ format: 'date-time' })
  asOf!: string;
}
