import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { TimelinePage, type TimelineEventAnswer } from '../alert/alert.dto.js';
import { notTheHolder, revealLimited } from '../alert/alert.problems.js';
import { alreadyThere, wrongTarget } from '../assignment/assignment.problems.js';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { IfMatchHeader, type IfMatch } from '../platform/http/etag.js';
import { Operation } from '../platform/http/operation.js';
import { PageQuery, type Page } from '../platform/http/page.js';
import { invalid, invalidCursor } from '../platform/http/problem.js';
import {
  FileIncidentBody,
  IncidentAnswer,
  IncidentPage,
  ListIncidentsQuery,
  RevealedIncidentAnswer,
  RevealIncidentBody,
  TransferIncidentBody,
} from './incident.dto.js';
import { INCIDENT_BODY_EXAMPLE, INCIDENT_EXAMPLE } from './incident.example.js';
import { alreadyFiled } from './incident.problems.js';
import { IncidentReader } from './incident.reader.js';
import { IncidentService } from './incident.service.js';

@ApiTags('Incidents 警情')
@Controller('incidents')
export class IncidentController {
  constructor(
    private readonly reader: IncidentReader,
    private readonly service: IncidentService,
  ) {}

  @Get()
  @Operation({
    id: 'listIncidents',
    summary: 'List the incidents that the own agency and those below it hold or held, newest first',
    answer: IncidentPage,
    example: {
      items: [{ ...INCIDENT_EXAMPLE, transfers: undefined, linkedAlerts: undefined, allowed: undefined }],
      nextCursor: null,
    },
    errors: [invalid, invalidCursor],
  })
  list(@CurrentCaller() caller: Caller, @Query() query: ListIncidentsQuery): Promise<Page<IncidentAnswer>> {
    return this.reader.list(caller, query);
  }

  @Get(':id')
  @Operation({
    id: 'getIncident',
    summary: 'Read an incident with its transfers and the warnings of the same person',
    answer: IncidentAnswer,
    example: INCIDENT_EXAMPLE,
  })
  get(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<IncidentAnswer> {
    return this.reader.get(caller, id);
  }

  @Get(':id/timeline')
  @Operation({
    id: 'getIncidentTimeline',
    summary: 'Read the history of an incident and of its money, oldest first, worded for officers',
    answer: TimelinePage,
    errors: [invalid, invalidCursor],
    example: {
      items: [
        {
          seq: 2,
          at: '2023-06-01T14:20:10.000+08:00',
          type: 'incident-filed',
          text: '立案,案号 方公(刑)立字〔2023〕0123号',
          actor: '李警官',
          agency: INCIDENT_EXAMPLE.holder,
          data: {
            caseNo: '方公(刑)立字〔2023〕0123号',
            before: { status: 'reported', caseNo: null },
            after: { status: 'filed', caseNo: '方公(刑)立字〔2023〕0123号' },
          },
          note: null,
          hash: '5f0c…',
        },
      ],
      nextCursor: null,
    },
  })
  timeline(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query() query: PageQuery,
  ): Promise<Page<TimelineEventAnswer>> {
    return this.reader.history(caller, id, query);
  }

  @Post(':id/file')
  @Operation({
    id: 'fileIncident',
    summary: '立案 File an incident: from then on its money may be frozen',
    answer: IncidentAnswer,
    example: {
      ...INCIDENT_EXAMPLE,
      status: 'filed',
      caseNo: '方公(刑)立字〔2023〕0123号',
      filedAt: '2023-06-01T14:20:10.000+08:00',
      version: 2,
    },
    body: { type: FileIncidentBody, example: { caseNo: '方公(刑)立字〔2023〕0123号' } },
    errors: [alreadyFiled, notTheHolder],
    ifMatch: true,
    idempotent: true,
  })
  file(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: FileIncidentBody,
  ): Promise<IncidentAnswer> {
    return this.service.file(caller, id, ifMatch, body);
  }

  @Post(':id/transfer')
  @Operation({
    id: 'transferIncident',
    summary: '移交 Hand an incident to another county or township of the caller',
    answer: IncidentAnswer,
    example: INCIDENT_EXAMPLE,
    body: { type: TransferIncidentBody, example: { agency: '411325', reason: '案发地在邻县' } },
    errors: [alreadyThere, wrongTarget, notTheHolder],
    ifMatch: true,
    idempotent: true,
  })
  transfer(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IfMatchHeader() ifMatch: IfMatch,
    @Body() body: TransferIncidentBody,
  ): Promise<IncidentAnswer> {
    return this.service.transfer(caller, id, ifMatch, body);
  }

  @Post(':id/reveal')
  @Operation({
    id: 'revealIncident',
    summary: 'See the victim and the accounts in clear; recorded on the timeline and in the audit log',
    answer: RevealedIncidentAnswer,
    body: { type: RevealIncidentBody, example: { purpose: '向银行申请止付' } },
    example: {
      victim: { ...INCIDENT_BODY_EXAMPLE.victim, creditCode: null },
      transfers: [{ no: 1, ...INCIDENT_BODY_EXAMPLE.transfers![0] }],
      summary: INCIDENT_BODY_EXAMPLE.summary,
    },
    errors: [notTheHolder, revealLimited],
    // Each opening stands on its own: rights, limit and audit are asked every time.
    idempotent: false,
  })
  reveal(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body() body: RevealIncidentBody,
  ): Promise<RevealedIncidentAnswer> {
    return this.service.reveal(caller, id, body.purpose);
  }
}
