import { Inject, Injectable } from '@nestjs/common';
import { addDays, startOfLocalDate } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { Cursors, type Page } from '../platform/http/page.js';
import { CONFIG } from '../platform/platform.module.js';
import { auditEntryAnswer, type AuditEntryAnswer, type AuditListQuery } from './audit.dto.js';
import { countAudit, listAudit, type AuditFilter } from './audit.view.js';
import type { Caller } from './caller.js';
import { faulty } from './identity.problems.js';

/** The audit log, as an auditor reads it: what concerns the own subtree. */
@Injectable()
export class AuditService {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws Problem `invalid`, `invalid-cursor` */
  async list(
    caller: Caller,
    { limit, cursor, count, action, actor, from, to }: AuditListQuery,
  ): Promise<Page<AuditEntryAnswer>> {
    const path = caller.kind === 'system' ? undefined : caller.agency.path;
    const filter: AuditFilter = { path, action, actor, ...this.range(from, to) };
    const query = ['audit', path, action, actor, from, to];
    const before = cursor === undefined ? undefined : (this.cursors.decode(query, cursor)[0] as string);
    return this.database.read(caller.session, async (tx) => {
      const [rows, total] = await Promise.all([
        listAudit(tx, filter, before, limit + 1),
        count ? countAudit(tx, filter) : undefined,
      ]);
      const page = this.cursors.page(
        query,
        limit,
        rows,
        ({ id }) => [id],
        (entry) => auditEntryAnswer(entry, this.config.timeZone),
      );
      return total === undefined ? page : { ...page, total };
    });
  }

  private range(from: string | undefined, to: string | undefined): Pick<AuditFilter, 'start' | 'end'> {
    if (from !== undefined && to !== undefined && to < from) {
      throw faulty([{ pointer: '/to', message: 'must not lie before `from`' }]);
    }
    return {
      start: from === undefined ? undefined : startOfLocalDate(from, this.config.timeZone),
      end: to === undefined ? undefined : startOfLocalDate(addDays(to, 1), this.config.timeZone),
    };
  }
}
