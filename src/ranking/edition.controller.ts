import { Body, Controller, Get, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { FileOperation } from '../platform/http/file.order.js';
import { Operation } from '../platform/http/operation.js';
import type { Page } from '../platform/http/page.js';
import { conflict, invalid, invalidCursor } from '../platform/http/problem.js';
import { amountTooLarge } from '../report/report.problems.js';
import {
  EditionPage,
  EditionPath,
  EditionQuery,
  ListEditionsQuery,
  PublishBody,
  WholeEditionAnswer,
  type EditionAnswer,
} from './edition.dto.js';
import { EDITION_EXAMPLE, WHOLE_EDITION_EXAMPLE } from './edition.example.js';
import { PublishService } from './publish.service.js';
import { MonthParam } from './ranking.dto.js';
import { monthNotOver, nothingNew } from './ranking.problems.js';

@ApiTags('Publishing 通报')
@Controller('reports')
export class EditionController {
  constructor(private readonly editions: PublishService) {}

  @Post('rankings/:month/publish')
  @Operation({
    id: 'publishReport',
    summary:
      'Publish the ranking (or the tier report) of a month that has ended to the whole city, as its next edition',
    description:
      'What is published is never changed: after a correction publish again, and the new edition tells what differs.',
    status: 201,
    answer: WholeEditionAnswer,
    example: WHOLE_EDITION_EXAMPLE,
    body: { type: PublishBody, example: { tier: 'county', kind: 'ranking', note: '更正:两起案件重新认定。' } },
    errors: [monthNotOver, nothingNew, conflict, amountTooLarge],
    idempotent: true,
  })
  publish(
    @CurrentCaller() caller: Caller,
    @Param() { month }: MonthParam,
    @Body() body: PublishBody,
  ): Promise<WholeEditionAnswer> {
    return this.editions.publish(caller, month, body);
  }

  @Get('published')
  @Operation({
    id: 'listPublished',
    summary: 'List what your city has published, the last first',
    answer: EditionPage,
    example: { items: [EDITION_EXAMPLE], nextCursor: null },
    errors: [invalid, invalidCursor],
  })
  list(@CurrentCaller() caller: Caller, @Query() query: ListEditionsQuery): Promise<Page<EditionAnswer>> {
    return this.editions.list(caller, query);
  }

  @Get('published/:id')
  @FileOperation({
    id: 'getPublished',
    summary: 'Get what was published, with its hash and what differs from the former edition',
    answer: WholeEditionAnswer,
    example: WHOLE_EDITION_EXAMPLE,
    what: 'The edition with its content as it was stored (with format=canonical the bytes that the hash is of)',
    errors: [invalid],
  })
  get(
    @CurrentCaller() caller: Caller,
    @Param() { id }: EditionPath,
    @Query() { format }: EditionQuery,
  ): Promise<WholeEditionAnswer | StreamableFile> {
    return this.editions.get(caller, id, format);
  }
}
