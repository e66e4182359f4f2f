import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { notTheHolder } from '../alert/alert.problems.js';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { IfMatchHeader, type IfMatch } from '../platform/http/etag.js';
import { Operation } from '../platform/http/operation.js';
import type { Page } from '../platform/http/page.js';
import { invalid, invalidCursor } from '../platform/http/problem.js';
import type { Reply } from '../platform/http/reply.js';
import { ApplicationService } from './application.service.js';
import { returnCommand } from './return-command.operation.js';
import { ApplyBody, ApplyQuery, ListReturnsQuery, ReturnAnswer, ReturnPage } from './return.dto.js';
import { APPLY_EXAMPLE, RETURN_EXAMPLE } from './return.example.js';
import { claimedTwiceProblem, freezeNotEffective } from './return.problems.js';
import { ReturnReader } from './return.reader.js';

@ApiTags('Returns 返还')
@Controller()
export class ApplicationController {
  constructor(
    private readonly applications: ApplicationService,
    private readonly reader: ReturnReader,
  ) {}

  @Post('freezes/:id/returns')
  @Operation({
    id: 'applyForReturn',
    summary: '申请返还 Claim for victims from what is frozen; preview=true computes and stores nothing',
    description: 'A preview answers 200, with neither id nor claimId.',
    status: 201,
    answer: ReturnAnswer,
    body: { type: ApplyBody, example: APPLY_EXAMPLE },
    example: { ...RETURN_EXAMPLE, status: 'applied', method: null, proposedAt: null, version: 1 },
    errors: [freezeNotEffective, claimedTwiceProblem, notTheHolder],
    idempotent: true,
  })
  apply(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query() { preview }: ApplyQuery,
    @Body() body: ApplyBody,
  ): Promise<Reply<ReturnAnswer>> {
    return this.applications.apply(caller, id, body, preview);
  }

  @Get('returns')
  @Operation({
    id: 'listReturns',
    summary: 'List returns of the own cases and those below, or what waits for you, or what may be paid today',
    answer: ReturnPage,
    example: { items: [RETURN_EXAMPLE], nextCursor: null },
    errors: [invalid, invalidCursor],
  })
  list(@CurrentCaller() caller: Caller, @Query() query: ListReturnsQuery): Promise<Page<ReturnAnswer>> {
    return this.reader.list(caller, query);
  }

  @Get('returns/:id')
  @Operation({
    id: 'getReturn',
    summary: 'Read a return, with the commands open to the caller',
    answer: ReturnAnswer,
    example: RETURN_EXAMPLE,
  })
  get(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<ReturnAnswer> {
    return this.reader.get(caller, id);
  }

  @Post('returns/:id/amend')
  @returnCommand(
    'amendReturn',
    '补正 Put other claims in the place of those sent back',
    {
      type: ApplyBody,
      example: APPLY_EXAMPLE,
    },
    [claimedTwiceProblem],
  )
  amend(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: ApplyBody,
  ): Promise<ReturnAnswer> {
    return this.applications.amend(caller, id, ifMatch, body);
  }
}
