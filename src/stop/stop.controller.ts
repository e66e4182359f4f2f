import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { illegalTransition, notTheHolder } from '../alert/alert.problems.js';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { IfMatchHeader, type IfMatch } from '../platform/http/etag.js';
import { Operation, type OperationOptions } from '../platform/http/operation.js';
import type { Page } from '../platform/http/page.js';
import { invalid, invalidCursor } from '../platform/http/problem.js';
import {
  ListStopsQuery,
  StopAnswer,
  StopBody,
  StopCorrectBody,
  StopEffectiveBody,
  StopPage,
  StopReasonBody,
  StopReleaseBody,
} from './stop.dto.js';
import { STOP_EXAMPLE } from './stop.example.js';
import { stopExpired, stopLimitReached, stopTime, traceTooLarge } from './stop.problems.js';
import { StopReader } from './stop.reader.js';
import { StopRequests } from './stop-request.service.js';
import { StopPayments } from './stop.service.js';

/** What every command on a stop-payment has in common in the API document. */
function stopCommand(
  id: string,
  summary: string,
  body: OperationOptions['body'],
  changed: Partial<StopAnswer>,
  errors: OperationOptions['errors'] = [],
): MethodDecorator {
  return Operation({
    id,
    summary,
    body,
    answer: StopAnswer,
    example: { ...STOP_EXAMPLE, ...changed },
    errors: [illegalTransition, stopExpired, notTheHolder, ...errors],
    ifMatch: true,
    idempotent: true,
  });
}

@ApiTags('Stop-payments 紧急止付')
@Controller()
export class StopController {
  constructor(
    private readonly stops: StopPayments,
    private readonly requests: StopRequests,
    private readonly reader: StopReader,
  ) {}

  @Post('incidents/:id/stop-payments')
  @Operation({
    id: 'requestStopPayment',
    summary: '申请紧急止付 Ask the bank to stop an account',
    description:
      'The bank acts only when account, name of the holder, amount and time of the transfer all agree. An account is asked for twice at most in a city; a refused request does not count. `parent`: the money moved on from that account.',
    status: 201,
    answer: StopAnswer,
    body: {
      type: StopBody,
      example: {
        account: '6222021234560123',
        bank: '中国工商银行',
        holderName: '李某',
        transferFen: 5_000_000,
        transferAt: '2023-06-01T09:20:00+08:00',
      },
    },
    example: {
      ...STOP_EXAMPLE,
      status: 'requested',
      stoppedAt: null,
      stoppedFen: null,
      expiresAt: null,
      version: 1,
      allowed: ['effective', 'refused'],
    },
    errors: [stopLimitReached, traceTooLarge, notTheHolder],
    ifMatch: true,
    idempotent: true,
  })
  request(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: StopBody,
  ): Promise<StopAnswer> {
    return this.requests.request(caller, id, ifMatch, body);
  }

  @Get('stop-payments')
  @Operation({
    id: 'listStopPayments',
    summary:
      'List stop-payments of the incidents that the own agency and those below it hold or held, the newest first',
    answer: StopPage,
    example: { items: [{ ...STOP_EXAMPLE, allowed: undefined }], nextCursor: null },
    errors: [invalid, invalidCursor],
  })
  list(@CurrentCaller() caller: Caller, @Query() query: ListStopsQuery): Promise<Page<StopAnswer>> {
    return this.reader.list(caller, query);
  }

  @Get('stop-payments/:id')
  @Operation({
    id: 'getStopPayment',
    summary: 'Read a stop-payment, with the commands open to the caller',
    answer: StopAnswer,
    example: STOP_EXAMPLE,
  })
  get(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<StopAnswer> {
    return this.reader.get(caller, id);
  }

  @Post('stop-payments/:id/effective')
  @stopCommand(
    'recordStopEffective',
    '止付生效 The bank has stopped the account',
    { type: StopEffectiveBody, example: { stoppedAt: '2023-06-01T09:52:00+08:00', stoppedFen: 4_812_300 } },
    {},
    [stopTime],
  )
  effective(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: StopEffectiveBody,
  ): Promise<StopAnswer> {
    return this.stops.effective(caller, id, ifMatch, body);
  }

  @Post('stop-payments/:id/refused')
  @stopCommand(
    'recordStopRefused',
    '银行未予止付 The bank has refused',
    { type: StopReasonBody, example: { reason: '户名与账号不符' } },
    { status: 'refused', ordinal: null, stoppedAt: null, stoppedFen: null, expiresAt: null, allowed: [] },
  )
  refused(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: StopReasonBody,
  ): Promise<StopAnswer> {
    return this.stops.refused(caller, id, ifMatch, body);
  }

  @Post('stop-payments/:id/release')
  @stopCommand(
    'releaseStopPayment',
    '解除止付 Give a stop-payment up before its time',
    { type: StopReleaseBody, example: { to: 'payer', reason: '银行已将款项原路退回' } },
    { status: 'released', releasedTo: 'payer', endedAt: '2023-06-01T15:00:00.000+08:00', version: 3, allowed: [] },
  )
  release(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: StopReleaseBody,
  ): Promise<StopAnswer> {
    return this.stops.release(caller, id, ifMatch, body);
  }

  @Post('stop-payments/:id/correct')
  @stopCommand(
    'correctStopPayment',
    '更正止付金额 Correct what the bank holds',
    { type: StopCorrectBody, example: { stoppedFen: 4_812_000, reason: '银行回执更正' } },
    { stoppedFen: 4_812_000, version: 3 },
    [invalid],
  )
  correct(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: StopCorrectBody,
  ): Promise<StopAnswer> {
    return this.stops.correct(caller, id, ifMatch, body);
  }
}
