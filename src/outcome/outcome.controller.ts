import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AlertDesk } from '../alert/alert.desk.js';
import type { AlertAnswer } from '../alert/alert.dto.js';
import { illegalTransition, notTheHolder, openAlertExists } from '../alert/alert.problems.js';
import { commandOperation } from '../alert/command.operation.js';
import { ReasonBody, TransferBody } from '../assignment/assignment.dto.js';
import { alreadyThere, wrongTarget } from '../assignment/assignment.problems.js';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { IfMatchHeader, type IfMatch } from '../platform/http/etag.js';
import { Operation } from '../platform/http/operation.js';
import { Reply } from '../platform/http/reply.js';
import { AttemptAnswer, AttemptBody, OutcomeBody, ReplyBody, ReviewBody, UrgeBody } from './outcome.dto.js';
import { attemptTime, ladderIncomplete, moneyMismatch, mustEscalate, ownOutcome } from './outcome.problems.js';
import { OutcomeService } from './outcome.service.js';
import { UrgeService } from './urge.service.js';

@ApiTags('Disposal 处置')
@Controller('alerts/:id')
export class OutcomeController {
  constructor(
    private readonly desk: AlertDesk,
    private readonly outcomes: OutcomeService,
    private readonly urges: UrgeService,
  ) {}

  @Post('attempts')
  @Operation({
    id: 'recordAttempt',
    summary: '劝阻措施 Record an act of dissuasion',
    status: 201,
    answer: AttemptAnswer,
    body: {
      type: AttemptBody,
      example: {
        method: 'call',
        at: '2023-06-01T09:40:00+08:00',
        reached: true,
        participants: [{ kind: 'police', name: '李警官' }],
      },
    },
    example: {
      id: '0188749f-8d20-7c11-8f0e-3a2b1c4d5e6f',
      alertId: '01887496-3c80-7b4e-9a54-0f2d6c1b7e21',
      method: 'call',
      at: '2023-06-01T09:40:00.000+08:00',
      reached: true,
      participants: ['police'],
      agency: '411322',
      recordedAt: '2023-06-01T09:41:05.000+08:00',
    },
    errors: [illegalTransition, notTheHolder, attemptTime],
    ifMatch: true,
    idempotent: true,
  })
  async attempts(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: AttemptBody,
  ): Promise<Reply<AttemptAnswer>> {
    let made: AttemptAnswer;
    return this.desk.command(
      caller,
      id,
      'attempts',
      ifMatch,
      async (at) => {
        made = await this.outcomes.attempt(at, body);
      },
      (at) => new Reply(201, made, at.alert.version),
    );
  }

  @Post('outcome')
  @commandOperation(
    'submitOutcome',
    '反馈 Submit what came of it',
    {
      type: OutcomeBody,
      example: {
        result: 'dissuaded',
        interceptedFen: 20_000_000,
        interceptedBasis: 'transfer-cancelled',
        lossFen: 0,
        note: '已当面劝阻,转账取消',
      },
    },
    [moneyMismatch, ladderIncomplete, mustEscalate],
  )
  outcome(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: OutcomeBody,
  ): Promise<AlertAnswer> {
    return this.desk.command(caller, id, 'outcome', ifMatch, (at) => this.outcomes.submit(at, body));
  }

  @Post('review')
  @commandOperation(
    'reviewOutcome',
    '审核 Approve or reject an outcome',
    { type: ReviewBody, example: { decision: 'approve' } },
    [ownOutcome],
  )
  review(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: ReviewBody,
  ): Promise<AlertAnswer> {
    return this.desk.command(caller, id, 'review', ifMatch, (at) => this.outcomes.review(at, body));
  }

  @Post('reopen')
  @commandOperation(
    'reopenAlert',
    '重启 Reopen a closed alert at its last holder',
    { type: ReasonBody, example: { reason: '家属反映仍在转账' } },
    [openAlertExists],
  )
  reopen(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: ReasonBody,
  ): Promise<AlertAnswer> {
    return this.desk.command(caller, id, 'reopen', ifMatch, (at) => this.outcomes.reopen(at, body));
  }

  @Post('transfer')
  @commandOperation(
    'transferAlert',
    '移交 Move an alert to a sibling agency',
    { type: TransferBody, example: { agency: '411325', reason: '当事人现住址在邻县' } },
    [wrongTarget, alreadyThere],
  )
  transfer(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: TransferBody,
  ): Promise<AlertAnswer> {
    return this.desk.command(caller, id, 'transfer', ifMatch, (at) => this.outcomes.transfer(at, body));
  }

  @Post('withdraw')
  @commandOperation('withdrawAlert', '撤销 Take an alert out of work', {
    type: ReasonBody,
    example: { reason: '来源单位撤回,系测试数据' },
  })
  withdraw(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: ReasonBody,
  ): Promise<AlertAnswer> {
    return this.desk.command(caller, id, 'withdraw', ifMatch, (at) => this.outcomes.withdraw(at, body));
  }

  @Post('urge')
  @commandOperation('urgeAlert', '督办 Urge the holder', {
    type: UrgeBody,
    example: { note: '请立即上门', replyBy: '2023-06-01T11:00:00+08:00' },
  })
  urge(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: UrgeBody,
  ): Promise<AlertAnswer> {
    return this.desk.command(caller, id, 'urge', ifMatch, (at) => this.urges.urge(at, body));
  }

  @Post('reply')
  @commandOperation('replyToUrge', '回复督办 Reply to the open urge', {
    type: ReplyBody,
    example: { note: '民警已到现场' },
  })
  reply(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: ReplyBody,
  ): Promise<AlertAnswer> {
    return this.desk.command(caller, id, 'reply', ifMatch, (at) => this.urges.reply(at, body));
  }
}
