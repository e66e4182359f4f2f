import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';

export class EventStreamQuery {
  @ApiPropertyOptional({
    description: 'Like the header Last-Event-ID, for clients that cannot set it; the header goes before.',
    example: '91532.01887a2c-5b1e-7d3f-9c1a-2f4be0a91c55.3',
    maxLength: 100,
  })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  lastEventId?: string;
}

/** A stream as a county sees it: it begins, a case is signed for, nothing happens for a while. */
export const STREAM_EXAMPLE = `: sanji
retry: 3000
id: 91530.00000000-0000-0000-0000-000000000000.0

: live

event: case
id: 91532.01887a2c-5b1e-7d3f-9c1a-2f4be0a91c55.3
data: {"caseKind":"alert","alertId":"01887a2c-5b1e-7d3f-9c1a-2f4be0a91c55","alertNo":"4113-20230601-000123","seq":3,"type":"accepted","at":"2023-06-01T09:41:07.250+08:00","agency":"411322","status":"in_progress","before":{"status":"assigned"},"after":{"status":"in_progress"}}

: heartbeat
id: 91540.00000000-0000-0000-0000-000000000000.0

`;
