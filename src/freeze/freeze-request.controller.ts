import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { illegalTransition, notTheHolder } from '../alert/alert.problems.js';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { IfMatchHeader, type IfMatch } from '../platform/http/etag.js';
import { Operation } from '../platform/http/operation.js';
import { stopExpired } from '../stop/stop.problems.js';
import { fourEyes } from './approval.problems.js';
import { FreezeAnswer, FreezeOfIncidentBody, FreezeOfStopBody } from './freeze.dto.js';
import { REQUESTED_EXAMPLE } from './freeze.example.js';
import { FreezeRequests } from './freeze-request.service.js';
import { notFiled, stopHasFreeze } from './freeze.problems.js';

@ApiTags('Freezes 冻结')
@Controller()
export class FreezeRequestController {
  constructor(private readonly requests: FreezeRequests) {}

  @Post('stop-payments/:id/freeze')
  @Operation({
    id: 'requestFreezeOfStop',
    summary: '申请冻结 Ask for what a stop-payment holds to be frozen',
    status: 201,
    answer: FreezeAnswer,
    body: { type: FreezeOfStopBody, example: { until: '2023-12-01', approvedBy: 'supervisor-411322' } },
    example: REQUESTED_EXAMPLE,
    errors: [notFiled, stopExpired, stopHasFreeze, fourEyes, illegalTransition, notTheHolder],
    ifMatch: true,
    idempotent: true,
  })
  ofStop(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: FreezeOfStopBody,
  ): Promise<FreezeAnswer> {
    return this.requests.ofStop(caller, id, ifMatch, body);
  }

  @Post('incidents/:id/freezes')
  @Operation({
    id: 'requestFreeze',
    summary: '申请冻结 Ask for an account to be frozen for an incident',
    description:
      'Where the account is frozen already, the bank puts this freeze in line (轮候): it takes effect when the one before it ends.',
    status: 201,
    answer: FreezeAnswer,
    body: {
      type: FreezeOfIncidentBody,
      example: {
        account: '6222021234560123',
        bank: '中国工商银行',
        holderName: '李某',
        amountFen: 4_812_300,
        from: '2023-06-01',
        until: '2023-12-01',
      },
    },
    example: { ...REQUESTED_EXAMPLE, stopPaymentId: null, namedApprover: null },
    errors: [notFiled, fourEyes, notTheHolder],
    ifMatch: true,
    idempotent: true,
  })
  ofIncident(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: FreezeOfIncidentBody,
  ): Promise<FreezeAnswer> {
    return this.requests.ofIncident(caller, id, ifMatch, body);
  }
}
