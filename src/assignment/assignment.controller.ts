import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AlertDesk } from '../alert/alert.desk.js';
import { AlertAnswer } from '../alert/alert.dto.js';
import { ALERT_EXAMPLE } from '../alert/alert.example.js';
import { commandOperation } from '../alert/command.operation.js';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { IfMatchHeader, type IfMatch } from '../platform/http/etag.js';
import { PageQuery } from '../platform/http/page.js';
import { invalid } from '../platform/http/problem.js';
import { Operation } from '../platform/http/operation.js';
import { AssignmentList, EscalateBody, NoteBody, ReasonBody, ReturnBody, ToAgencyBody } from './assignment.dto.js';
import { notHigher, tooManyReturns, wrongTarget } from './assignment.problems.js';
import { AssignmentReader } from './assignment.reader.js';
import { AssignmentService } from './assignment.service.js';

@ApiTags('Hand-overs 流转')
@Controller('alerts/:id')
export class AssignmentController {
  constructor(
    private readonly desk: AlertDesk,
    private readonly service: AssignmentService,
    private readonly reader: AssignmentReader,
  ) {}

  @Get('assignments')
  @Operation({
    id: 'getAlertAssignments',
    summary: 'List the hops of an alert',
    answer: AssignmentList,
    errors: [invalid],
    example: {
      items: [
        {
          hop: 1,
          agency: ALERT_EXAMPLE.holder,
          how: 'intake',
          reason: null,
          assignedAt: '2023-06-01T09:30:12.000+08:00',
          acceptDueAt: '2023-06-01T09:45:12.000+08:00',
          acceptedAt: '2023-06-01T09:33:40.000+08:00',
          endedAt: null,
          endedHow: null,
        },
      ],
      nextCursor: null,
    },
  })
  assignments(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query() _query: PageQuery,
  ): Promise<AssignmentList> {
    return this.reader.list(caller, id);
  }

  @Post('push')
  @commandOperation(
    'pushAlert',
    '推送 Push a new alert to a county',
    { type: ToAgencyBody, example: { agency: '411322' } },
    [wrongTarget],
  )
  push(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: ToAgencyBody,
  ): Promise<AlertAnswer> {
    return this.desk.command(caller, id, 'push', ifMatch, (at) => this.service.push(at, body));
  }

  @Post('accept')
  @commandOperation('acceptAlert', '签收 Sign for an alert', { type: NoteBody, example: {} })
  accept(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: NoteBody,
  ): Promise<AlertAnswer> {
    return this.desk.command(caller, id, 'accept', ifMatch, (at) => this.service.accept(at, body.note));
  }

  @Post('forward')
  @commandOperation(
    'forwardAlert',
    '下发 Hand an alert to a township',
    { type: ToAgencyBody, example: { agency: '411322100', note: '请上门核实' } },
    [wrongTarget],
  )
  forward(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: ToAgencyBody,
  ): Promise<AlertAnswer> {
    return this.desk.command(caller, id, 'forward', ifMatch, (at) => this.service.forward(at, body));
  }

  @Post('return')
  @commandOperation(
    'returnAlert',
    '退回 Give an alert back to the tier above',
    { type: ReturnBody, example: { reason: 'not-local', note: '当事人户籍在此,现居深圳' } },
    [tooManyReturns],
  )
  return(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: ReturnBody,
  ): Promise<AlertAnswer> {
    return this.desk.command(caller, id, 'return', ifMatch, (at) => this.service.return(at, body));
  }

  @Post('recall')
  @commandOperation('recallAlert', '撤回 Take an alert back from below', {
    type: ReasonBody,
    example: { reason: '情况紧急,由县局直接处置' },
  })
  recall(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: ReasonBody,
  ): Promise<AlertAnswer> {
    return this.desk.command(caller, id, 'recall', ifMatch, (at) => this.service.recall(at, body));
  }

  @Post('escalate')
  @commandOperation(
    'escalateAlert',
    '升级 Raise the risk level',
    { type: EscalateBody, example: { riskLevel: 'urgent', reason: '当事人正在银行转账' } },
    [notHigher],
  )
  escalate(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: EscalateBody,
  ): Promise<AlertAnswer> {
    return this.desk.command(caller, id, 'escalate', ifMatch, (at) => this.service.escalate(at, body));
  }
}
