import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Operation } from '../platform/http/operation.js';
import { invalid } from '../platform/http/problem.js';
import { OrganizationCallerOf, type OrganizationCaller } from './organization.caller.js';
import { policyExists } from './organization.problems.js';
import { PolicyAnswer, PolicyPath, PutPolicyBody } from './policy.dto.js';
import { DEFAULT_POLICIES } from './policy.js';
import { PolicyService } from './policy.service.js';

const answer = {
  kind: 'clocks',
  document: DEFAULT_POLICIES.clocks,
  effectiveFrom: '1970-01-01T08:00:00.000+08:00',
  setBy: null,
  setAt: '2023-06-01T09:30:00.000+08:00',
  scheduled: [],
};

@ApiTags('Organization 机构')
@Controller('policies')
export class PolicyController {
  constructor(private readonly policies: PolicyService) {}

  @Get(':kind')
  @Operation({
    id: 'getPolicy',
    summary: 'Get a policy of your city: what holds now, and what is to hold later',
    answer: PolicyAnswer,
    example: answer,
    errors: [invalid],
  })
  get(@OrganizationCallerOf() caller: OrganizationCaller, @Param() { kind }: PolicyPath): Promise<PolicyAnswer> {
    return this.policies.get(caller, kind);
  }

  @Put(':kind')
  @Operation({
    id: 'putPolicy',
    summary: 'Set a policy of your city from a moment on',
    description: 'Versions are added, never rewritten: limits of clocks that have started stay as they were.',
    answer: PolicyAnswer,
    example: answer,
    body: {
      type: PutPolicyBody,
      example: { effectiveFrom: '2023-07-01T00:00:00+08:00', document: DEFAULT_POLICIES.clocks },
    },
    errors: [policyExists],
  })
  put(
    @OrganizationCallerOf() caller: OrganizationCaller,
    @Param() { kind }: PolicyPath,
    @Body() body: PutPolicyBody,
  ): Promise<PolicyAnswer> {
    return this.policies.put(caller, kind, body);
  }
}
