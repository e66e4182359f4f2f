import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ALERT_EXAMPLE } from '../alert/alert.example.js';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { Operation } from '../platform/http/operation.js';
import { BulkAnswer, BulkBody } from './bulk.dto.js';
import { BulkService } from './bulk.service.js';

@ApiTags('Alerts 预警')
@Controller('alerts/bulk')
export class BulkController {
  constructor(private readonly service: BulkService) {}

  @Post()
  @Operation({
    id: 'bulkAlerts',
    summary: 'Give one command to up to 200 alerts; each has its own result',
    answer: BulkAnswer,
    body: { type: BulkBody, example: { ids: [ALERT_EXAMPLE.id], command: 'accept', body: {} } },
    example: { done: 1, failed: 0, results: [{ id: ALERT_EXAMPLE.id, status: 200, alert: ALERT_EXAMPLE }] },
    idempotent: true,
  })
  run(@CurrentCaller() caller: Caller, @Body() body: BulkBody): Promise<BulkAnswer> {
    return this.service.run(caller, body);
  }
}
