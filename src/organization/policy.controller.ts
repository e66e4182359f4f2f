import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Operation } from '../platform/http/operation.js';
import { PageQuery, type Page } from '../platform/http/page.js';
import { invalid, invalidCursor } from '../platform/http/problem.js';
import { OrganizationCallerOf, type OrganizationCaller } from './organization.caller.js';
import { policyExists } from './organization.problems.js';
import { PolicyAnswer, PolicyPath, PutPolicyBody } from './policy.dto.js';
import { DEFAULT_POLICIES } from './policy.js';
import { PolicyService } from './policy.service.js';
import { PolicyHistoryPage, type PolicyHistoryAnswer } from './policy-version.dto.js';
import { PolicyVersionService } from './policy-version.service.js';

const answer = {
  kind: 'clocks',
  document: DEFAULT_POLICIES.clocks,
  effectiveFrom: '1970-01-01T08:00:00.000+08:00',
  setBy: null,
  setAt: '2023-06-01T09:30:00.000+08:00',
  scheduled: [],
};

const version: PolicyHistoryAnswer = {
  state: 'scheduled',
  effectiveFrom: '2023-07-01T00:00:00.000+08:00',
  effectiveUntil: null,
  setAt: '2023-06-20T15:02:11.000+08:00',
  actor: { kind: 'user', id: '0188b2f4-6a3c-7d10-9b7e-5c2f8e1a4d60', name: 'wang.admin' },
  document: {
    ...DEFAULT_POLICIES.clocks,
    urgent: { ...DEFAULT_POLICIES.clocks.urgent, callMinutes: 8 },
  },
  changes: [{ path: '/urgent/callMinutes', before: 10, after: 8 }],
};

@ApiTags('Organization 机构')
@Controller('policies')
export class PolicyController {
  constructor(
    private readonly policies: PolicyService,
    private readonly history: PolicyVersionService,
  ) {}

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

  @Get(':kind/versions')
  @Operation({
    id: 'listPolicyVersions',
    summary: 'List every version of a policy that your city ever had',
    description:
      'Past, current and scheduled, the latest to begin first: who set it, when, and what it changed. Versions are never rewritten, so none is ever replaced before it began.',
    answer: PolicyHistoryPage,
    example: { items: [version], nextCursor: null },
    errors: [invalid, invalidCursor],
  })
  versions(
    @OrganizationCallerOf() caller: OrganizationCaller,
    @Param() { kind }: PolicyPath,
    @Query() query: PageQuery,
  ): Promise<Page<PolicyHistoryAnswer>> {
    return this.history.list(caller, kind, query);
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
