import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  Length,
} from 'class-validator';
import { AgencyBrief, agencyBrief, Trimmed, WhenGiven } from '../identity/identity.fields.js';
import type { Agency } from '../organization/agency.js';
import { formatInstant } from '../platform/clock/local-date.js';
import { PageOf, PageQuery } from '../platform/http/page.js';
import { DELIVERY_STATUSES, WEBHOOK_TYPES, type Delivery, type DeliveryStatus, type Webhook } from './webhook.js';
import type { DeliveryCounts } from './webhook.view.js';

const URL_DESCRIPTION =
  'Where each event is posted to: https (http where this installation allows it), without user or password, and not an address inside.';
const TYPES_DESCRIPTION = '`case.*` for every event of a case, or types of events.';
const MOST_URL = 2_048;
const MOST_SECRET = 100;

export class WebhookPath {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  id!: string;
}

export class DeliveryPath extends WebhookPath {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  deliveryId!: string;
}

export class DeliveryListQuery extends PageQuery {
  @ApiPropertyOptional({
    enum: DELIVERY_STATUSES,
    enumName: 'DeliveryStatus',
    description: 'Only deliveries of this status.',
  })
  @IsOptional()
  @IsIn(DELIVERY_STATUSES)
  status?: DeliveryStatus;
}

export class CreateWebhookBody {
  @ApiProperty({ format: 'uri', description: URL_DESCRIPTION, example: 'https://receiver.example.org/sanji' })
  @Trimmed()
  @IsString()
  @Length(1, MOST_URL)
  url!: string;

  @ApiProperty({ enum: WEBHOOK_TYPES, enumName: 'WebhookType', isArray: true, description: TYPES_DESCRIPTION })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(WEBHOOK_TYPES.length)
  @ArrayUnique()
  @IsIn(WEBHOOK_TYPES, { each: true })
  types!: string[];

  @ApiPropertyOptional({
    description: '`whsec_` and the base64 of 24 to 64 random bytes. Where absent one is made.',
    example: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDMfHQ1Nx5jKo=',
  })
  @WhenGiven()
  @IsString()
  @Length(1, MOST_SECRET)
  secret?: string;
}

export class UpdateWebhookBody {
  @ApiPropertyOptional({ format: 'uri', description: URL_DESCRIPTION, example: 'https://receiver.example.org/sanji' })
  @WhenGiven()
  @Trimmed()
  @IsString()
  @Length(1, MOST_URL)
  url?: string;

  @ApiPropertyOptional({ enum: WEBHOOK_TYPES, enumName: 'WebhookType', isArray: true, description: TYPES_DESCRIPTION })
  @WhenGiven()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(WEBHOOK_TYPES.length)
  @ArrayUnique()
  @IsIn(WEBHOOK_TYPES, { each: true })
  types?: string[];

  @ApiPropertyOptional({
    description:
      'false: nothing is sent, and what happens meanwhile is not kept for it. true: what waited goes on, and new events from now.',
  })
  @WhenGiven()
  @IsBoolean()
  active?: boolean;
}

export class DeliveryCountsAnswer {
  @ApiProperty({ description: 'Still to be delivered.' })
  pending!: number;
  @ApiProperty({ description: 'Given up after 24 hours; they can be sent again.' })
  parked!: number;
}

export class WebhookAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ type: AgencyBrief, description: 'It is told of what this agency may see.' })
  agency!: AgencyBrief;
  @ApiProperty({ format: 'uri' })
  url!: string;
  @ApiProperty({ enum: WEBHOOK_TYPES, enumName: 'WebhookType', isArray: true })
  types!: string[];
  @ApiProperty()
  active!: boolean;
  @ApiProperty({ type: DeliveryCountsAnswer })
  deliveries!: DeliveryCountsAnswer;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Since when every attempt has failed; null while the last one went well.',
  })
  failingSince!: string | null;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Until then messages carry a signature with the secret before the last rotation as well.',
  })
  oldSecretUntil!: string | null;
  @ApiProperty({ format: 'date-time' })
  createdAt!: string;
  @ApiProperty()
  version!: number;
}

export class WebhookWithSecretAnswer extends WebhookAnswer {
  @ApiProperty({
    description: 'Signs every message (Standard Webhooks, HMAC-SHA256). Shown once.',
    example: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDMfHQ1Nx5jKo=',
  })
  secret!: string;
}

export class WebhookPage extends PageOf(WebhookAnswer) {}

export class DeliveryAnswer {
  @ApiProperty({ format: 'uuid', description: 'The `webhook-id` of every attempt.' })
  id!: string;
  @ApiProperty({ enum: WEBHOOK_TYPES, enumName: 'WebhookType' })
  type!: string;
  @ApiProperty({ format: 'uuid', description: 'The alert or incident.' })
  caseId!: string;
  @ApiProperty({ description: 'Number of the event on the timeline of the alert.' })
  seq!: number;
  @ApiProperty({ enum: DELIVERY_STATUSES, enumName: 'DeliveryStatus' })
  status!: DeliveryStatus;
  @ApiProperty({ description: 'Attempts made.' })
  attempts!: number;
  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'How the last attempt ended: the HTTP status, or timeout, connection, tls, unknown-host, address-not-allowed.',
    example: '503',
  })
  lastResult!: string | null;
  @ApiProperty({ format: 'date-time' })
  createdAt!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  lastAttemptAt!: string | null;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Only while it is pending: not before then.',
  })
  nextAttemptAt!: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When it was delivered or parked.' })
  endedAt!: string | null;
}

export class DeliveryPage extends PageOf(DeliveryAnswer) {}

export function webhookAnswer(
  webhook: Webhook,
  agency: Agency,
  counts: Pick<DeliveryCounts, 'pending' | 'parked'> | undefined,
  now: Date,
  timeZone: string,
): WebhookAnswer {
  const { oldSecretUntil } = webhook;
  return {
    id: webhook.id,
    agency: agencyBrief(agency),
    url: webhook.url,
    types: [...webhook.types],
    active: webhook.active,
    deliveries: { pending: counts?.pending ?? 0, parked: counts?.parked ?? 0 },
    failingSince: webhook.failingSince && formatInstant(webhook.failingSince, timeZone),
    oldSecretUntil: oldSecretUntil && oldSecretUntil > now ? formatInstant(oldSecretUntil, timeZone) : null,
    createdAt: formatInstant(webhook.createdAt, timeZone),
    version: webhook.version,
  };
}

export function deliveryAnswer(delivery: Delivery, timeZone: string): DeliveryAnswer {
  const instant = (moment: Date | null): string | null => (moment ? formatInstant(moment, timeZone) : null);
  return {
    id: delivery.id,
    type: delivery.type,
    caseId: delivery.caseId,
    seq: delivery.seq,
    status: delivery.status,
    attempts: delivery.attempts,
    lastResult: delivery.lastResult,
    createdAt: formatInstant(delivery.createdAt, timeZone),
    lastAttemptAt: instant(delivery.lastAttemptAt),
    nextAttemptAt: delivery.status === 'pending' ? instant(delivery.nextAttemptAt) : null,
    endedAt: instant(delivery.endedAt),
  };
}
