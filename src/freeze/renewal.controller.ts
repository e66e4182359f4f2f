import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { IfMatchHeader, type IfMatch } from '../platform/http/etag.js';
import { fourEyes, wrongTier } from './approval.problems.js';
import { freezeCommand } from './freeze-command.operation.js';
import { FreezeReasonBody, RenewalBody, type FreezeAnswer } from './freeze.dto.js';
import { RENEWAL_EXAMPLE } from './freeze.example.js';
import { freezeUnrelated, renewalWaiting } from './freeze.problems.js';
import { Renewals } from './renewal.service.js';

const DECIDED = { decidedAt: '2023-11-24T09:00:00.000+08:00', decidedBy: '王大队长' };

@ApiTags('Freezes 冻结')
@Controller('freezes/:id/renewals')
export class RenewalController {
  constructor(private readonly renewals: Renewals) {}

  @Post()
  @freezeCommand(
    'requestRenewal',
    '申请续冻 Ask for a freeze to go on, before it is over',
    { type: RenewalBody, example: { until: '2024-06-01', reason: '案件仍在侦办' } },
    { renewals: [RENEWAL_EXAMPLE], version: 4 },
    [renewalWaiting, freezeUnrelated],
  )
  ask(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: RenewalBody,
  ): Promise<FreezeAnswer> {
    return this.renewals.ask(caller, id, ifMatch, body);
  }

  @Post(':renewalId/approve')
  @freezeCommand(
    'approveRenewal',
    '批准续冻 Approve a renewal, as another person than the one who asked',
    undefined,
    {
      until: '2024-06-01',
      renewalDueAt: '2024-05-23T00:00:00.000+08:00',
      lapsesAt: '2024-06-02T00:00:00.000+08:00',
      renewals: [{ ...RENEWAL_EXAMPLE, ...DECIDED, decision: 'approve' }],
      version: 5,
    },
    [fourEyes, wrongTier, freezeUnrelated],
  )
  approve(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('renewalId') renewalId: string,
    @IfMatchHeader() ifMatch: IfMatch,
  ): Promise<FreezeAnswer> {
    return this.renewals.approve(caller, id, renewalId, ifMatch);
  }

  @Post(':renewalId/reject')
  @freezeCommand(
    'rejectRenewal',
    '不同意续冻 Reject a renewal, as another person than the one who asked',
    { type: FreezeReasonBody, example: { reason: '无续冻必要' } },
    { renewals: [{ ...RENEWAL_EXAMPLE, ...DECIDED, decision: 'reject' }], version: 5 },
    [fourEyes, wrongTier],
  )
  reject(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('renewalId') renewalId: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: FreezeReasonBody,
  ): Promise<FreezeAnswer> {
    return this.renewals.reject(caller, id, renewalId, ifMatch, body);
  }
}
