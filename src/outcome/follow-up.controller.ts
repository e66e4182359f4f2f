import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AlertDesk } from '../alert/alert.desk.js';
import { ALERT_EXAMPLE } from '../alert/alert.example.js';
import { illegalTransition, notTheHolder } from '../alert/alert.problems.js';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { IfMatchHeader, type IfMatch } from '../platform/http/etag.js';
import { Operation } from '../platform/http/operation.js';
import { Reply } from '../platform/http/reply.js';
import type { Page } from '../platform/http/page.js';
import { invalid, invalidCursor } from '../platform/http/problem.js';
import {
  FollowUpAnswer,
  FollowUpBody,
  FollowUpPage,
  ListFollowUpsQuery,
  type DueFollowUpAnswer,
} from './follow-up.dto.js';
import { FollowUpService } from './follow-up.service.js';

const EXAMPLE: FollowUpAnswer = {
  id: '018884a1-0c00-7d00-9c00-5b6a7c8d9e0f',
  alertId: ALERT_EXAMPLE.id,
  agency: ALERT_EXAMPLE.holder!,
  dueAt: '2023-06-04T11:20:00.000+08:00',
  doneAt: '2023-06-04T10:02:00.000+08:00',
  result: 'safe',
  lossFen: null,
};

@ApiTags('Follow-ups 回访')
@Controller()
export class FollowUpController {
  constructor(
    private readonly desk: AlertDesk,
    private readonly service: FollowUpService,
  ) {}

  @Get('follow-ups')
  @Operation({
    id: 'listFollowUps',
    summary: 'List planned follow-ups that are due, the longest due first',
    answer: FollowUpPage,
    example: {
      items: [
        { ...EXAMPLE, doneAt: null, result: null, alertNo: ALERT_EXAMPLE.alertNo, riskLevel: 'high', overdue: true },
      ],
      nextCursor: null,
    },
    errors: [invalid, invalidCursor],
  })
  due(@CurrentCaller() caller: Caller, @Query() query: ListFollowUpsQuery): Promise<Page<DueFollowUpAnswer>> {
    return this.service.due(caller, query);
  }

  @Post('alerts/:id/follow-ups')
  @Operation({
    id: 'recordFollowUp',
    summary: '回访 Record a follow-up of a closed alert',
    status: 201,
    answer: FollowUpAnswer,
    body: { type: FollowUpBody, example: { at: '2023-06-04T10:02:00+08:00', result: 'safe' } },
    example: EXAMPLE,
    errors: [illegalTransition, notTheHolder],
    ifMatch: true,
    idempotent: true,
  })
  record(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: FollowUpBody,
  ): Promise<Reply<FollowUpAnswer>> {
    let made: FollowUpAnswer;
    return this.desk.command(
      caller,
      id,
      'follow-ups',
      ifMatch,
      async (at) => {
        made = await this.service.record(at, body);
      },
      (at) => new Reply(201, made, at.alert.version),
    );
  }
}
