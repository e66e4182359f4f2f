import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { illegalTransition, notTheHolder } from '../alert/alert.problems.js';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { IfMatchHeader, type IfMatch } from '../platform/http/etag.js';
import { Operation, type OperationOptions } from '../platform/http/operation.js';
import { PageQuery, type Page } from '../platform/http/page.js';
import { invalid, invalidCursor } from '../platform/http/problem.js';
import type { Reply } from '../platform/http/reply.js';
import { ProtectionAnswer, ProtectionBody, ProtectionPage, ProtectionReasonBody } from './protection.dto.js';
import {
  alreadyProtected,
  noOwnerRequest,
  ownerRequestOpen,
  protectionEnded,
  protectionExtended,
} from './protection.problems.js';
import { ProtectionService } from './protection.service.js';

const EXAMPLE: ProtectionAnswer = {
  id: '018884b0-7e20-7a11-8c3d-4f5e6a7b8c9d',
  alertId: '01887496-3c80-7b4e-9a54-0f2d6c1b7e21',
  account: '6217 **** **** 0123',
  bank: '中国建设银行',
  agency: { code: '411322', name: '方城县公安局', tier: 'county' },
  status: 'effective',
  startsAt: '2023-06-01T09:50:00.000+08:00',
  expiresAt: '2023-06-03T09:50:00.000+08:00',
  extendedAt: null,
  ownerAskedAt: null,
  ownerReason: null,
  ownerDueAt: null,
  ownerOverdue: false,
  ownerAnsweredAt: null,
  ownerAnswer: null,
  endedAt: null,
  version: 1,
};
const ASKED: Partial<ProtectionAnswer> = {
  ownerAskedAt: '2023-06-01T14:00:00.000+08:00',
  ownerReason: '需支付医院费用',
  ownerDueAt: '2023-06-01T16:00:00.000+08:00',
  version: 2,
};

/** What every command on a protection has in common in the API document. */
function protectionCommand(
  id: string,
  summary: string,
  reason: string,
  changed: Partial<ProtectionAnswer>,
  errors: OperationOptions['errors'] = [],
): MethodDecorator {
  return Operation({
    id,
    summary,
    body: { type: ProtectionReasonBody, example: { reason } },
    answer: ProtectionAnswer,
    example: { ...EXAMPLE, ...changed },
    errors: [protectionEnded, notTheHolder, ...errors],
    ifMatch: true,
    idempotent: true,
  });
}

@ApiTags('Protections 保护性止付')
@Controller()
export class ProtectionController {
  constructor(private readonly protections: ProtectionService) {}

  @Post('alerts/:id/protections')
  @Operation({
    id: 'protectAccount',
    summary: "保护性止付 Protect the warned person's own account for 48 hours",
    status: 201,
    answer: ProtectionAnswer,
    body: {
      type: ProtectionBody,
      example: { account: '6217001234567890123', bank: '中国建设银行', reason: '当事人仍欲向对方转账' },
    },
    example: EXAMPLE,
    errors: [illegalTransition, alreadyProtected, notTheHolder],
    ifMatch: true,
    idempotent: true,
  })
  protect(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: ProtectionBody,
  ): Promise<Reply<ProtectionAnswer>> {
    return this.protections.protect(caller, id, ifMatch, body);
  }

  @Get('alerts/:id/protections')
  @Operation({
    id: 'listProtections',
    summary: 'List the protections of an alert, the oldest first',
    answer: ProtectionPage,
    example: { items: [EXAMPLE], nextCursor: null },
    errors: [invalid, invalidCursor],
  })
  list(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query() query: PageQuery,
  ): Promise<Page<ProtectionAnswer>> {
    return this.protections.list(caller, id, query);
  }

  @Post('protections/:id/extend')
  @protectionCommand(
    'extendProtection',
    '延长保护性止付 Extend a protection, once, to 72 hours in all',
    '当事人仍受骗子控制',
    { extendedAt: '2023-06-02T09:00:00.000+08:00', expiresAt: '2023-06-04T09:50:00.000+08:00', version: 2 },
    [protectionExtended],
  )
  extend(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: ProtectionReasonBody,
  ): Promise<ProtectionAnswer> {
    return this.protections.extend(caller, id, ifMatch, body);
  }

  @Post('protections/:id/owner-request')
  @protectionCommand(
    'recordOwnerRequest',
    '当事人申请解除 The owner asks for the release; answered by release or keep, in time',
    '需支付医院费用',
    ASKED,
    [ownerRequestOpen],
  )
  ownerRequest(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: ProtectionReasonBody,
  ): Promise<ProtectionAnswer> {
    return this.protections.ownerRequest(caller, id, ifMatch, body);
  }

  @Post('protections/:id/keep')
  @protectionCommand(
    'keepProtection',
    '答复:继续保护 Answer the owner that the account stays protected',
    '对方账户涉案,转账要求未消除',
    { ...ASKED, ownerAnsweredAt: '2023-06-01T14:30:00.000+08:00', ownerAnswer: 'keep', version: 3 },
    [noOwnerRequest],
  )
  keep(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: ProtectionReasonBody,
  ): Promise<ProtectionAnswer> {
    return this.protections.keep(caller, id, ifMatch, body);
  }

  @Post('protections/:id/release')
  @protectionCommand('releaseProtection', '解除保护性止付 Give the account back to its owner', '当事人申请有正当理由', {
    ...ASKED,
    status: 'released',
    ownerAnsweredAt: '2023-06-01T14:30:00.000+08:00',
    ownerAnswer: 'release',
    endedAt: '2023-06-01T14:30:00.000+08:00',
    version: 3,
  })
  release(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: ProtectionReasonBody,
  ): Promise<ProtectionAnswer> {
    return this.protections.release(caller, id, ifMatch, body);
  }
}
