import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { Operation } from '../platform/http/operation.js';
import type { Page } from '../platform/http/page.js';
import { invalid, invalidCursor } from '../platform/http/problem.js';
import {
  IssueNoticeBody,
  LiftNoticeBody,
  ListNoticesQuery,
  NoticeAnswer,
  NoticePage,
  NoticePath,
} from './institution-notice.dto.js';
import { InstitutionNoticeService } from './institution-notice.service.js';
import { noticeLifted } from './ranking.problems.js';

const NOTICE_EXAMPLE: NoticeAnswer = {
  id: '018938a3-4c00-7d00-9c00-5b6a7c8d9e40',
  kind: 'bank',
  institution: '某银行方城县支行城关网点',
  measure: 'suspended',
  reason: '开户尽职调查不到位,暂停新开个人账户业务。',
  from: '2023-07-01',
  until: '2023-09-30',
  liftedAt: null,
  history: [
    {
      action: 'issued',
      at: '2023-06-30T16:00:00.000+08:00',
      by: 'wang.jing',
      text: '开户尽职调查不到位,暂停新开个人账户业务。',
    },
  ],
};

@ApiTags('Publishing 通报')
@Controller('notices')
export class InstitutionNoticeController {
  constructor(private readonly notices: InstitutionNoticeService) {}

  @Get()
  @Operation({
    id: 'listNotices',
    summary: 'List the institutions that your city has warned or suspended, the last first',
    answer: NoticePage,
    example: { items: [NOTICE_EXAMPLE], nextCursor: null },
    errors: [invalid, invalidCursor],
  })
  list(@CurrentCaller() caller: Caller, @Query() query: ListNoticesQuery): Promise<Page<NoticeAnswer>> {
    return this.notices.list(caller, query);
  }

  @Post()
  @Operation({
    id: 'issueNotice',
    summary: "List an institution (a bank's outlet, an operator) as warned or suspended",
    status: 201,
    answer: NoticeAnswer,
    example: NOTICE_EXAMPLE,
    body: {
      type: IssueNoticeBody,
      example: {
        kind: 'bank',
        institution: '某银行方城县支行城关网点',
        measure: 'suspended',
        reason: '开户尽职调查不到位,暂停新开个人账户业务。',
        from: '2023-07-01',
        until: '2023-09-30',
      },
    },
    idempotent: true,
  })
  issue(@CurrentCaller() caller: Caller, @Body() body: IssueNoticeBody): Promise<NoticeAnswer> {
    return this.notices.issue(caller, body);
  }

  @Post(':id/lift')
  @Operation({
    id: 'liftNotice',
    summary: 'Lift a notice before its time: it stays in the list with its history',
    answer: NoticeAnswer,
    example: NOTICE_EXAMPLE,
    body: { type: LiftNoticeBody, example: { reason: '整改验收合格。' } },
    errors: [noticeLifted],
    idempotent: true,
  })
  lift(
    @CurrentCaller() caller: Caller,
    @Param() { id }: NoticePath,
    @Body() { reason }: LiftNoticeBody,
  ): Promise<NoticeAnswer> {
    return this.notices.lift(caller, id, reason);
  }
}
