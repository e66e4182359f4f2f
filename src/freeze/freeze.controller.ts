import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { IfMatchHeader, type IfMatch } from '../platform/http/etag.js';
import { Operation } from '../platform/http/operation.js';
import type { Page } from '../platform/http/page.js';
import { invalid, invalidCursor } from '../platform/http/problem.js';
import { fourEyes, wrongTier } from './approval.problems.js';
import { freezeCommand } from './freeze-command.operation.js';
import {
  FreezeAnswer,
  FreezeCorrectBody,
  FreezeEffectiveBody,
  FreezePage,
  FreezeReasonBody,
  ListFreezesQuery,
} from './freeze.dto.js';
import { FREEZE_EXAMPLE, REQUESTED_EXAMPLE } from './freeze.example.js';
import { cityApprovalNeeded, freezeTime, freezeUnrelated, returnedMore } from './freeze.problems.js';
import { FreezeReader } from './freeze.reader.js';
import { Freezes } from './freeze.service.js';

@ApiTags('Freezes 冻结')
@Controller('freezes')
export class FreezeController {
  constructor(
    private readonly freezes: Freezes,
    private readonly reader: FreezeReader,
  ) {}

  @Get()
  @Operation({
    id: 'listFreezes',
    summary: 'List freezes of the incidents that the own agency and those below it hold or held, the newest first',
    answer: FreezePage,
    example: { items: [{ ...FREEZE_EXAMPLE, allowed: undefined }], nextCursor: null },
    errors: [invalid, invalidCursor],
  })
  list(@CurrentCaller() caller: Caller, @Query() query: ListFreezesQuery): Promise<Page<FreezeAnswer>> {
    return this.reader.list(caller, query);
  }

  @Get(':id')
  @Operation({
    id: 'getFreeze',
    summary: 'Read a freeze, with the commands open to the caller',
    answer: FreezeAnswer,
    example: FREEZE_EXAMPLE,
  })
  get(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<FreezeAnswer> {
    return this.reader.get(caller, id);
  }

  @Post(':id/approve')
  @freezeCommand(
    'approveFreeze',
    '批准冻结 Approve, as another person than the one who asked',
    undefined,
    {
      ...REQUESTED_EXAMPLE,
      status: 'approved',
      approvedAt: FREEZE_EXAMPLE.approvedAt,
      approvedBy: '王大队长',
      version: 2,
    },
    [fourEyes, wrongTier],
  )
  approve(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
  ): Promise<FreezeAnswer> {
    return this.freezes.approve(caller, id, ifMatch);
  }

  @Post(':id/reject')
  @freezeCommand(
    'rejectFreeze',
    '不同意冻结 Reject, as another person than the one who asked',
    { type: FreezeReasonBody, example: { reason: '材料不全' } },
    { ...REQUESTED_EXAMPLE, status: 'rejected', endedAt: '2023-06-01T14:31:00.000+08:00', version: 2 },
    [fourEyes, wrongTier],
  )
  reject(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: FreezeReasonBody,
  ): Promise<FreezeAnswer> {
    return this.freezes.reject(caller, id, ifMatch, body);
  }

  @Post(':id/effective')
  @freezeCommand(
    'recordFreezeEffective',
    '冻结生效 The bank has frozen the account, or put the freeze in line',
    { type: FreezeEffectiveBody, example: { effectiveAt: '2023-06-01T15:10:00+08:00', frozenFen: 4_812_300 } },
    {},
    [freezeTime, cityApprovalNeeded],
  )
  effective(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: FreezeEffectiveBody,
  ): Promise<FreezeAnswer> {
    return this.freezes.effective(caller, id, ifMatch, body);
  }

  @Post(':id/refused')
  @freezeCommand(
    'recordFreezeRefused',
    '银行未予冻结 The bank has refused',
    { type: FreezeReasonBody, example: { reason: '账户已销户' } },
    { ...REQUESTED_EXAMPLE, status: 'refused', endedAt: '2023-06-01T15:10:00.000+08:00', version: 3 },
  )
  refused(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: FreezeReasonBody,
  ): Promise<FreezeAnswer> {
    return this.freezes.refused(caller, id, ifMatch, body);
  }

  @Post(':id/correct')
  @freezeCommand(
    'correctFreeze',
    '更正冻结金额 Correct what the bank holds',
    { type: FreezeCorrectBody, example: { frozenFen: 4_800_000, reason: '银行回执金额更正' } },
    { frozenFen: 4_800_000, remainingFen: 4_800_000, version: 4 },
    [returnedMore, cityApprovalNeeded],
  )
  correct(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: FreezeCorrectBody,
  ): Promise<FreezeAnswer> {
    return this.freezes.correct(caller, id, ifMatch, body);
  }

  @Post(':id/unrelated')
  @freezeCommand(
    'recordFreezeUnrelated',
    '查明与案件无关 Put on record that the money does not belong to the case: it is to be released within days',
    { type: FreezeReasonBody, example: { reason: '系正常经营往来款' } },
    {
      unrelatedAt: '2023-07-03T10:00:00.000+08:00',
      releaseDueAt: '2023-07-06T10:00:00.000+08:00',
      verificationDueAt: null,
      renewalDueAt: null,
      version: 4,
      allowed: ['correct', 'release'],
    },
    [freezeUnrelated],
  )
  unrelated(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: FreezeReasonBody,
  ): Promise<FreezeAnswer> {
    return this.freezes.unrelated(caller, id, ifMatch, body);
  }

  @Post(':id/release')
  @freezeCommand(
    'releaseFreeze',
    '解除冻结 Release what is left; the next in line takes hold of it',
    { type: FreezeReasonBody, example: { reason: '查明与案件无关' } },
    {
      status: 'released',
      remainingFen: 0,
      verificationDueAt: null,
      renewalDueAt: null,
      lapsesAt: null,
      endedAt: '2023-07-04T09:00:00.000+08:00',
      version: 4,
      allowed: [],
    },
  )
  release(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: FreezeReasonBody,
  ): Promise<FreezeAnswer> {
    return this.freezes.release(caller, id, ifMatch, body);
  }
}
