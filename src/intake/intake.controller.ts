import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AlertDesk } from '../alert/alert.desk.js';
import { AlertAnswer } from '../alert/alert.dto.js';
import { ALERT_EXAMPLE } from '../alert/alert.example.js';
import { commandOperation } from '../alert/command.operation.js';
import { ReasonBody } from '../assignment/assignment.dto.js';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { IfMatchHeader, type IfMatch } from '../platform/http/etag.js';
import { Operation } from '../platform/http/operation.js';
import { tooLarge } from '../platform/http/problem.js';
import type { Reply } from '../platform/http/reply.js';
import { UncheckedBody } from '../platform/http/unchecked-body.js';
import { IntakeApi } from './intake.api.js';
import { BatchAnswer, BatchBody, SignalBody } from './intake.dto.js';
import { sourceRefConflict } from './intake.problems.js';

export const SIGNAL_EXAMPLE: SignalBody = {
  source: 'national-platform',
  sourceRef: 'NP-20230601-000001',
  detectedAt: '2023-06-01T09:30:00+08:00',
  kind: 'fund',
  riskLevel: 'high',
  fraudType: 'brushing-rebate',
  divisionCode: '411322100',
  subject: {
    name: '王某某',
    phone: '13800001234',
    idNumber: '411322196501011234',
    address: '方城县独树镇某村 3 组',
    group: 'elderly',
  },
  suspect: { phone: '17012345678', account: '6222021234560123' },
  amountAtRiskFen: 20_000_000,
  summary: '疑似刷单返利,已与对方通话 40 分钟',
};

@ApiTags('Intake 预警接入')
@Controller('alerts')
export class IntakeController {
  constructor(
    private readonly api: IntakeApi,
    private readonly desk: AlertDesk,
  ) {}

  @Post()
  @Operation({
    id: 'createAlert',
    summary:
      'Hand in one signal: 201 with a new alert (or the signal merged into the open one), 200 where it came before',
    status: 201,
    answer: AlertAnswer,
    body: { type: SignalBody, example: SIGNAL_EXAMPLE },
    example: ALERT_EXAMPLE,
    errors: [sourceRefConflict, tooLarge],
    idempotent: true,
  })
  one(@CurrentCaller() caller: Caller, @UncheckedBody() body: unknown): Promise<Reply<AlertAnswer>> {
    return this.api.one(caller, body);
  }

  @Post('batch')
  @Operation({
    id: 'createAlerts',
    summary: 'Hand in up to 1,000 signals; a bad one never costs the others',
    status: 200,
    answer: BatchAnswer,
    body: { type: BatchBody, example: { alerts: [SIGNAL_EXAMPLE] } },
    example: {
      created: 1,
      duplicates: 0,
      merged: 0,
      rejected: 0,
      results: [{ index: 0, outcome: 'created', id: ALERT_EXAMPLE.id, alertNo: ALERT_EXAMPLE.alertNo }],
    },
    errors: [tooLarge],
    idempotent: true,
  })
  many(@CurrentCaller() caller: Caller, @UncheckedBody() body: unknown): Promise<BatchAnswer> {
    return this.api.many(caller, body);
  }

  @Post(':id/unmerge')
  @commandOperation('unmergeAlert', '撤销合并 Make a merged signal an alert of its own', {
    type: ReasonBody,
    example: { reason: '同号两人,系母女' },
  })
  unmerge(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: ReasonBody,
  ): Promise<AlertAnswer> {
    return this.desk.command(caller, id, 'unmerge', ifMatch, (at) => this.api.unmerge(at, body));
  }
}
