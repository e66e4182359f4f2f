import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IfMatchHeader, type IfMatch } from '../platform/http/etag.js';
import { Operation } from '../platform/http/operation.js';
import type { Page } from '../platform/http/page.js';
import { conflict, invalid, invalidCursor } from '../platform/http/problem.js';
import {
  AgencyAnswer,
  AgencyListQuery,
  AgencyPage,
  AgencyPath,
  CreateAgencyBody,
  UpdateAgencyBody,
} from './agency.dto.js';
import { AgencyService } from './agency.service.js';
import { OrganizationCallerOf, type OrganizationCaller } from './organization.caller.js';
import { agencyInUse, areaTaken, codeTaken } from './organization.problems.js';

const county = {
  code: '411322',
  name: '方城县公安局',
  tier: 'county',
  kind: 'bureau',
  parent: '4113',
  city: '4113',
  areas: ['411322'],
  active: true,
  version: 1,
};
const station = {
  code: '411322-S01',
  name: '凤瑞派出所',
  tier: 'township',
  kind: 'station',
  parent: '411322',
  areas: ['411322001001', '411322001002'],
};

@ApiTags('Organization 机构')
@Controller('agencies')
export class AgencyController {
  constructor(private readonly agencies: AgencyService) {}

  @Get()
  @Operation({
    id: 'listAgencies',
    summary: 'List agencies',
    description: 'Your own agency, everything below it, and the agencies above it, in the order of their codes.',
    answer: AgencyPage,
    example: { items: [county], nextCursor: null },
    errors: [invalid, invalidCursor],
  })
  list(
    @OrganizationCallerOf() caller: OrganizationCaller,
    @Query() query: AgencyListQuery,
  ): Promise<Page<AgencyAnswer>> {
    return this.agencies.list(caller, query);
  }

  @Get(':code')
  @Operation({ id: 'getAgency', summary: 'Get an agency', answer: AgencyAnswer, example: county, errors: [invalid] })
  get(@OrganizationCallerOf() caller: OrganizationCaller, @Param() { code }: AgencyPath): Promise<AgencyAnswer> {
    return this.agencies.get(caller, code);
  }

  @Post()
  @Operation({
    id: 'createAgency',
    summary: 'Create an agency below one of yours',
    description: 'Cities are made with `sanji seed`. Code, tier and parent stay for good.',
    status: 201,
    answer: AgencyAnswer,
    example: { ...station, city: '4113', active: true, version: 1 },
    body: { type: CreateAgencyBody, example: station },
    errors: [codeTaken, areaTaken],
    idempotent: true,
  })
  create(@OrganizationCallerOf() caller: OrganizationCaller, @Body() body: CreateAgencyBody): Promise<AgencyAnswer> {
    return this.agencies.create(caller, body);
  }

  @Patch(':code')
  @Operation({
    id: 'updateAgency',
    summary: 'Change name, kind, areas or activity of an agency in your subtree',
    description: 'What your own agency covers, and whether it is active, is decided from above.',
    answer: AgencyAnswer,
    example: { ...county, name: '方城县公安局反诈大队', version: 2 },
    body: { type: UpdateAgencyBody, example: { name: '方城县公安局反诈大队' } },
    errors: [conflict, areaTaken, agencyInUse],
    ifMatch: true,
  })
  update(
    @OrganizationCallerOf() caller: OrganizationCaller,
    @Param() { code }: AgencyPath,
    @Body() body: UpdateAgencyBody,
    @IfMatchHeader() ifMatch: IfMatch,
  ): Promise<AgencyAnswer> {
    return this.agencies.update(caller, code, body, ifMatch);
  }
}
