import { Body, Controller, Get, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { FileOperation } from '../platform/http/file.order.js';
import { Operation } from '../platform/http/operation.js';
import { PageQuery, type Page } from '../platform/http/page.js';
import { invalid, invalidCursor } from '../platform/http/problem.js';
import {
  AlertAnswer,
  AlertPage,
  ListAlertsQuery,
  RevealAnswer,
  RevealBody,
  TimelinePage,
  type TimelineEventAnswer,
} from './alert.dto.js';
import { ALERT_EXAMPLE } from './alert.example.js';
import { illegalTransition, notTheHolder, revealLimited } from './alert.problems.js';
import { AlertReader } from './alert.reader.js';

@ApiTags('Alerts 预警')
@Controller('alerts')
export class AlertController {
  constructor(private readonly reader: AlertReader) {}

  @Get()
  @FileOperation({
    id: 'listAlerts',
    summary: 'List the cases that the own agency and those below it hold or held',
    answer: AlertPage,
    example: { items: [ALERT_EXAMPLE], nextCursor: null },
    what: 'A page; files have them all, whatever `limit` says',
    errors: [invalid, invalidCursor],
  })
  list(@CurrentCaller() caller: Caller, @Query() query: ListAlertsQuery): Promise<Page<AlertAnswer> | StreamableFile> {
    return this.reader.answer(caller, query);
  }

  @Get(':id')
  @Operation({
    id: 'getAlert',
    summary: 'Read an alert, with the commands open to the caller',
    answer: AlertAnswer,
    example: ALERT_EXAMPLE,
  })
  get(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<AlertAnswer> {
    return this.reader.get(caller, id);
  }

  @Get(':id/timeline')
  @Operation({
    id: 'getAlertTimeline',
    summary: 'Read the history of an alert, oldest first, worded for officers',
    answer: TimelinePage,
    errors: [invalid, invalidCursor],
    example: {
      items: [
        {
          seq: 2,
          at: '2023-06-01T09:33:40.000+08:00',
          type: 'accepted',
          text: '签收',
          actor: '李警官',
          agency: ALERT_EXAMPLE.holder,
          data: { hop: 1, late: false, before: { status: 'assigned' }, after: { status: 'in_progress' } },
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
    return this.reader.events(caller, id, query);
  }

  @Get(':id/signals')
  @Operation({
    id: 'getAlertSignals',
    summary: 'List the signals that joined an alert',
    answer: AlertPage,
    example: { items: [{ ...ALERT_EXAMPLE, status: 'merged', holder: null, allowed: undefined }], nextCursor: null },
    errors: [invalid, invalidCursor],
  })
  signals(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query() query: PageQuery,
  ): Promise<Page<AlertAnswer>> {
    return this.reader.signals(caller, id, query);
  }

  @Post(':id/reveal')
  @Operation({
    id: 'revealAlert',
    summary: 'See the person in clear; recorded on the timeline and in the audit log',
    answer: RevealAnswer,
    body: { type: RevealBody, example: { purpose: '上门劝阻前核对住址' } },
    example: {
      subject: {
        name: '王某某',
        phone: '13800001234',
        idNumber: '411322196501011234',
        address: '方城县独树镇某村 3 组',
        group: 'elderly',
      },
      suspect: null,
      summary: null,
    },
    errors: [illegalTransition, notTheHolder, revealLimited],
    // Each opening stands on its own: rights, limit and audit are asked every time.
    idempotent: false,
  })
  reveal(@CurrentCaller() caller: Caller, @Param('id') id: string, @Body() body: RevealBody): Promise<RevealAnswer> {
    return this.reader.reveal(caller, id, body.purpose);
  }
}
