import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Operation } from '../platform/http/operation.js';
import type { Page } from '../platform/http/page.js';
import { invalid, invalidCursor } from '../platform/http/problem.js';
import { AuditEntryAnswer, AuditListQuery, AuditPage } from './audit.dto.js';
import { AuditService } from './audit.service.js';
import { CurrentCaller, type Caller } from './caller.js';

@ApiTags('Audit 审计')
@Controller('audit')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  @Get()
  @Operation({
    id: 'listAudit',
    summary: 'Read the audit log of your subtree',
    description:
      'Sign-ins, failures, locks, changes of users, roles, keys, agencies and policies, reveals and exports; the newest first.',
    answer: AuditPage,
    example: {
      items: [
        {
          id: '0188b2f4-6a3c-7d10-9b7e-5c2f8e1a4d62',
          at: '2023-06-01T09:30:00.000+08:00',
          action: 'user.locked',
          actor: { id: '0188b2f4-6a3c-7d10-9b7e-5c2f8e1a4d63', name: 'wang.security' },
          agency: '411322',
          objectKind: 'user',
          objectId: '0188b2f4-6a3c-7d10-9b7e-5c2f8e1a4d60',
          requestId: '0188b2f4-6a3c-7d10-9b7e-5c2f8e1a4d64',
          address: '10.41.13.22',
          data: { username: 'li.jing' },
        },
      ],
      nextCursor: null,
    },
    errors: [invalid, invalidCursor],
  })
  list(@CurrentCaller() caller: Caller, @Query() query: AuditListQuery): Promise<Page<AuditEntryAnswer>> {
    return this.audit.list(caller, query);
  }
}
