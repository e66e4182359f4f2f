import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Length, Matches } from 'class-validator';
import { formatInstant } from '../platform/clock/local-date.js';
import { PageOf, PageQuery } from '../platform/http/page.js';
import { IsLocalDate } from '../platform/http/validators.js';
import type { AuditEntry } from './audit-entry.entity.js';
import { AsUsername } from './identity.fields.js';

export class AuditListQuery extends PageQuery {
  @ApiPropertyOptional({
    description: 'What was done; `user.` stands for all that begins so.',
    example: 'alert.revealed',
  })
  @IsOptional()
  @Matches(/^[a-z0-9.-]{1,60}$/, { message: 'is not an action, such as user.locked' })
  action?: string;

  @ApiPropertyOptional({ description: 'Who did it: username, or id of a user or API key.', example: 'li.jing' })
  @IsOptional()
  @AsUsername()
  @IsString()
  @Length(1, 64)
  actor?: string;

  @ApiPropertyOptional({ description: 'First local date.', format: 'date', example: '2023-06-01' })
  @IsOptional()
  @IsLocalDate()
  from?: string;

  @ApiPropertyOptional({ description: 'Last local date.', format: 'date', example: '2023-06-30' })
  @IsOptional()
  @IsLocalDate()
  to?: string;
}

export class AuditActorAnswer {
  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'User or API key; null for the system itself.',
  })
  id!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'li.jing' })
  name!: string | null;
}

export class AuditEntryAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ format: 'date-time', example: '2023-06-01T09:30:00.000+08:00' })
  at!: string;
  @ApiProperty({ example: 'user.locked' })
  action!: string;
  @ApiProperty({ type: AuditActorAnswer, nullable: true, description: 'Null where nobody was recognised.' })
  actor!: AuditActorAnswer | null;
  @ApiProperty({ type: String, nullable: true, description: 'Code of the agency that it concerns.', example: '411322' })
  agency!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'user' })
  objectKind!: string | null;
  @ApiProperty({ type: String, nullable: true })
  objectId!: string | null;
  @ApiProperty({ type: String, nullable: true })
  requestId!: string | null;
  @ApiProperty({ type: String, nullable: true, example: '10.41.13.22' })
  address!: string | null;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'More about it; never personal data.' })
  data!: Record<string, unknown>;
}

export class AuditPage extends PageOf(AuditEntryAnswer) {}

export function auditEntryAnswer(entry: AuditEntry, timeZone: string): AuditEntryAnswer {
  const { id, action, actorId, actorName, agencyPath, objectKind, objectId, requestId, address, data } = entry;
  return {
    id,
    at: formatInstant(entry.at, timeZone),
    action,
    actor: actorId === null && actorName === null ? null : { id: actorId, name: actorName },
    agency: agencyPath === '' ? null : agencyPath.slice(agencyPath.lastIndexOf('/') + 1),
    objectKind,
    objectId,
    requestId,
    address,
    data,
  };
}
