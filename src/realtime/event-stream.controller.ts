import { Controller, Get, Headers, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { Operation } from '../platform/http/operation.js';
import { invalid } from '../platform/http/problem.js';
import { EventStreamQuery, STREAM_EXAMPLE } from './event-stream.dto.js';
import { EventStreamService } from './event-stream.service.js';
import { noStreamNow, tooManyStreams } from './realtime.problems.js';

@ApiTags('Realtime 实时')
@Controller('events')
export class EventStreamController {
  constructor(private readonly service: EventStreamService) {}

  @Get()
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The last id received: the stream goes on behind it, without a gap or a repeat.',
  })
  @Operation({
    id: 'streamEvents',
    summary: '案件动态 What happens to the cases that you may see, as it happens (server-sent events)',
    description: [
      'Each event of a case that GET /alerts/{id} would show you is one message: `event: case`, its position as `id`, and one line of JSON with `alertId`, `alertNo`, `seq` (its number in the timeline of the case), `type`, `at`, `agency` (code of the agency that acted; null: the system) and, where the event changed them, `status`, `before` and `after`. Messages carry no personal data and nothing that a person wrote: read the case for that.',
      'Ids are opaque. A stream without `Last-Event-ID` begins now; with it, behind that id, also after a restart and at another server. The id that a stream begins with, and those that come with heartbeats, stand in blocks without data: browsers keep them as the last event id and raise no event, so that a client knows its position before the first event, and a quiet one has little to catch up with. Keep every id that you receive, not only those of events.',
      'The comment `live` says that the stream has caught up; a comment comes every 15 seconds. A stream ends when your access token, session or key does, when your roles change, and when the server stops: get a new token and connect again with the last id. An id that is not of this feed gets 400. A reader that is slow gets everything, later.',
    ].join('\n\n'),
    contentType: 'text/event-stream',
    example: STREAM_EXAMPLE,
    errors: [invalid, tooManyStreams, noStreamNow],
  })
  stream(
    @CurrentCaller() caller: Caller,
    @Query() query: EventStreamQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.service.open(caller, lastEventId || query.lastEventId, request, reply);
  }
}
