import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ALERT_EXAMPLE } from '../alert/alert.example.js';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { Operation } from '../platform/http/operation.js';
import type { Page } from '../platform/http/page.js';
import { invalid, invalidCursor } from '../platform/http/problem.js';
import { ListUrgesQuery, UrgePage, type UrgeAnswer } from './urge.dto.js';
import { UrgeService } from './urge.service.js';

@ApiTags('Urges 督办')
@Controller('urges')
export class UrgeController {
  constructor(private readonly urges: UrgeService) {}

  @Get()
  @Operation({
    id: 'listUrges',
    summary: 'List urges to your agency and those below it, the latest first',
    answer: UrgePage,
    example: {
      items: [
        {
          id: '018884a1-0c00-7d00-9c00-5b6a7c8d9e10',
          alertId: ALERT_EXAMPLE.id,
          alertNo: ALERT_EXAMPLE.alertNo,
          by: { code: '4113', name: '南阳市反诈中心', tier: 'city' },
          agency: ALERT_EXAMPLE.holder!,
          bySystem: true,
          urgedAt: '2023-06-01T09:52:30.000+08:00',
          replyBy: '2023-06-01T10:07:30.000+08:00',
          repliedAt: null,
          overdue: false,
        },
      ],
      nextCursor: null,
    },
    errors: [invalid, invalidCursor],
  })
  list(@CurrentCaller() caller: Caller, @Query() query: ListUrgesQuery): Promise<Page<UrgeAnswer>> {
    return this.urges.list(caller, query);
  }
}
