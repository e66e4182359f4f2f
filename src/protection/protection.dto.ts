import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { HolderAnswer } from '../alert/alert.dto.js';
import { IsAccount } from '../ledger/account.validator.js';
import { PageOf } from '../platform/http/page.js';
import { OWNER_ANSWERS, PROTECTION_STATUSES, type OwnerAnswer, type ProtectionStatus } from './protection.js';

const LONG = 2_000;

export class ProtectionReasonBody {
  @ApiProperty({ minLength: 1, maxLength: LONG, example: '当事人已当面核实,不再转账' })
  @IsString()
  @MinLength(1)
  @MaxLength(LONG)
  reason!: string;
}

export class ProtectionBody extends ProtectionReasonBody {
  @ApiProperty({
    description: "Number of the warned person's own account.",
    example: '6217001234567890123',
    maxLength: 64,
  })
  @IsAccount()
  account!: string;

  @ApiProperty({ description: 'Its bank or payment institution.', example: '中国建设银行', maxLength: 100 })
  @IsString()
  @MaxLength(100)
  @Matches(/\S/, { message: 'must not be empty' })
  bank!: string;
}

export class ProtectionAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ format: 'uuid' })
  alertId!: string;
  @ApiProperty({ example: '6217 **** **** 0123' })
  account!: string;
  @ApiProperty({ example: '中国建设银行' })
  bank!: string;
  @ApiProperty({ type: HolderAnswer, description: 'Who put it in place.' })
  agency!: HolderAnswer;
  @ApiProperty({ enum: PROTECTION_STATUSES })
  status!: ProtectionStatus;
  @ApiProperty({ format: 'date-time' })
  startsAt!: string;
  @ApiProperty({ format: 'date-time', description: 'From then on it holds no more.' })
  expiresAt!: string;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  extendedAt!: string | null;
  @ApiProperty({
    nullable: true,
    type: String,
    format: 'date-time',
    description: 'When the owner asked for its release.',
  })
  ownerAskedAt!: string | null;
  @ApiProperty({ nullable: true, type: String, description: "The owner's reason, with names and numbers hidden." })
  ownerReason!: string | null;
  @ApiProperty({
    nullable: true,
    type: String,
    format: 'date-time',
    description: 'By when the owner is to be answered.',
  })
  ownerDueAt!: string | null;
  @ApiProperty({ description: 'The owner waits for the answer, and its time is over.' })
  ownerOverdue!: boolean;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  ownerAnsweredAt!: string | null;
  @ApiProperty({ nullable: true, type: String, enum: OWNER_ANSWERS })
  ownerAnswer!: OwnerAnswer | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  endedAt!: string | null;
  @ApiProperty()
  version!: number;
}

export class ProtectionPage extends PageOf(ProtectionAnswer) {}
