import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { fourEyes } from '../freeze/approval.problems.js';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { IfMatchHeader, type IfMatch } from '../platform/http/etag.js';
import { DecisionService } from './decision.service.js';
import { NoticeService } from './notice.service.js';
import { PaymentService } from './payment.service.js';
import { returnCommand } from './return-command.operation.js';
import {
  BankNoticeBody,
  DecideObjectionBody,
  ObjectionBody,
  PaidBody,
  ProposeBody,
  PublishReturnBody,
  ReturnReasonBody,
  type ReturnAnswer,
} from './return.dto.js';
import { alreadyPaid, methodNotPossible, notEnoughFrozen, nothingAllotted, notPaid } from './return.problems.js';

@ApiTags('Returns 返还')
@Controller('returns/:id')
export class ReturnController {
  constructor(
    private readonly decisions: DecisionService,
    private readonly notices: NoticeService,
    private readonly payments: PaymentService,
  ) {}

  @Post('propose')
  @returnCommand(
    'proposeReturn',
    '提出方案 Confirm the method with a reason; shares are of what is frozen now',
    { type: ProposeBody, example: { method: 'pro-rata', reason: '账户内资金混同,无法逐笔区分' } },
    [methodNotPossible, notEnoughFrozen],
  )
  propose(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: ProposeBody,
  ): Promise<ReturnAnswer> {
    return this.decisions.propose(caller, id, ifMatch, body);
  }

  @Post('approve')
  @returnCommand(
    'approveReturn',
    '批准返还 Approve for the city, as another person than the one who proposed',
    undefined,
    [fourEyes, notEnoughFrozen],
  )
  approve(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
  ): Promise<ReturnAnswer> {
    return this.decisions.approve(caller, id, ifMatch);
  }

  @Post('send-back')
  @returnCommand('sendBackReturn', '退回补正 Send back for correction; nothing of an approval counts any more', {
    type: ReturnReasonBody,
    example: { reason: '请补充银行流水' },
  })
  sendBack(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: ReturnReasonBody,
  ): Promise<ReturnAnswer> {
    return this.decisions.sendBack(caller, id, ifMatch, body);
  }

  @Post('refuse')
  @returnCommand(
    'refuseReturn',
    '不同意返还 Refuse for the city, with the reason',
    { type: ReturnReasonBody, example: { reason: '资金权属有争议' } },
    [fourEyes],
  )
  refuse(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: ReturnReasonBody,
  ): Promise<ReturnAnswer> {
    return this.decisions.refuse(caller, id, ifMatch, body);
  }

  @Post('publish')
  @returnCommand('publishReturn', '公告 Record the publication of a pro-rata return; day 1 is the day after', {
    type: PublishReturnBody,
    example: { publishedOn: '2023-06-10' },
  })
  publish(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: PublishReturnBody,
  ): Promise<ReturnAnswer> {
    return this.notices.publish(caller, id, ifMatch, body);
  }

  @Post('objections')
  @returnCommand('objectToReturn', '异议 Record an objection: nothing is paid before it is decided', {
    type: ObjectionBody,
    example: { name: '李某', reason: '本人亦向该账户转款' },
  })
  object(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: ObjectionBody,
  ): Promise<ReturnAnswer> {
    return this.notices.object(caller, id, ifMatch, body);
  }

  @Post('objections/:objectionId/decide')
  @returnCommand(
    'decideReturnObjection',
    '处理异议 Decide an objection; an upheld one begins computation, approval and notice anew',
    { type: DecideObjectionBody, example: { decision: 'dismissed', reason: '经查与本案无关' } },
    [fourEyes],
  )
  decide(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('objectionId') objectionId: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: DecideObjectionBody,
  ): Promise<ReturnAnswer> {
    return this.notices.decide(caller, id, objectionId, ifMatch, body);
  }

  @Post('bank-notice')
  @returnCommand('notifyBankOfReturn', '通知银行 Record that two officers took the notice to the bank', {
    type: BankNoticeBody,
    example: { officers: ['zhang-411322', 'wang-411322'] },
  })
  notifyBank(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: BankNoticeBody,
  ): Promise<ReturnAnswer> {
    return this.payments.notifyBank(caller, id, ifMatch, body);
  }

  @Post('payments/:claimId/paid')
  @returnCommand(
    'recordReturnPayment',
    '支付 Record that the bank paid a claim, with its receipt',
    { type: PaidBody, example: { paidAt: '2023-07-14T10:20:00+08:00', receiptNo: 'ABC-20230714-0031' } },
    [alreadyPaid, nothingAllotted, notEnoughFrozen],
  )
  paid(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('claimId') claimId: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: PaidBody,
  ): Promise<ReturnAnswer> {
    return this.payments.paid(caller, id, claimId, ifMatch, body);
  }

  @Post('payments/:claimId/reverse')
  @returnCommand(
    'reverseReturnPayment',
    '更正支付 Take a payment back by a contrary entry: the claim is to be paid again',
    { type: ReturnReasonBody, example: { reason: '银行退汇' } },
    [notPaid],
  )
  reverse(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('claimId') claimId: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: ReturnReasonBody,
  ): Promise<ReturnAnswer> {
    return this.payments.reverse(caller, id, claimId, ifMatch, body);
  }
}
