import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches, MaxLength, ValidateIf } from 'class-validator';
import { CHANNEL, MAX_ADDRESS } from './address.rules.js';

export class ContactBody {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'A channel of the gateway, e.g. sms; null, with address null: no messages.',
    example: 'sms',
  })
  @ValidateIf((_, value) => value !== null)
  @Matches(CHANNEL, { message: 'is no channel, such as sms' })
  channel!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    maxLength: MAX_ADDRESS,
    description: "Mobile phone for sms; else what the channel's provider calls its recipient, e.g. the key of a robot.",
    example: '13800001234',
  })
  @ValidateIf((_, value) => value !== null)
  @IsString()
  @MaxLength(MAX_ADDRESS)
  address!: string | null;
}

export class ContactAnswer {
  @ApiProperty({ type: String, nullable: true, example: 'sms' })
  channel!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Masked.', example: '138****1234' })
  address!: string | null;
  @ApiProperty({ description: 'Whether messages are sent at all: the gateway is switched on.' })
  sending!: boolean;
  @ApiProperty({
    type: [String],
    nullable: true,
    description: 'Channels to choose from; null: every name is taken.',
    example: ['sms'],
  })
  channels!: readonly string[] | null;
}
