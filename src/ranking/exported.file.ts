import { Inject, Injectable, StreamableFile } from '@nestjs/common';
import { recordAudit } from '../identity/audit.store.js';
import type { Caller } from '../identity/caller.js';
import { Clock } from '../platform/clock/clock.js';
import { localMinuteOf } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { CONFIG } from '../platform/platform.module.js';
import type { Export } from '../report/report.file.js';

/** What is told about a file in the audit log. */
interface Exported {
  readonly kind: 'ranking' | 'edition';
  readonly id: string;
  readonly data: Record<string, unknown>;
}

/** Gives reports out as files. */
@Injectable()
export class ExportedFile {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** A table with who had it made, and when. */
  csv(caller: Caller, exported: Exported, name: string, text: (made: Export) => string): Promise<StreamableFile> {
    const at = localMinuteOf(this.clock.now(), this.config.timeZone);
    const made = { person: caller.name, agency: `${caller.agency.name}(${caller.agency.code})`, at };
    return this.file(
      caller,
      exported,
      `${plain(name)}.csv`,
      'text/csv; charset=utf-8',
      Buffer.from(text(made), 'utf8'),
    );
  }

  json(caller: Caller, exported: Exported, name: string, bytes: Buffer): Promise<StreamableFile> {
    return this.file(caller, exported, `${plain(name)}.json`, 'application/json', bytes);
  }

  /** What leaves the system as a file is on record before it does. */
  private async file(
    caller: Caller,
    { kind, id, data }: Exported,
    name: string,
    type: string,
    bytes: Buffer,
  ): Promise<StreamableFile> {
    await this.database.transaction(caller.session, (tx) =>
      recordAudit(tx, {
        action: 'report.exported',
        caller,
        objectKind: kind,
        objectId: id,
        data: { ...data, file: name },
      }),
    );
    return new StreamableFile(bytes, { type, disposition: `attachment; filename="${name}"` });
  }
}

/** A name that every system takes. */
function plain(name: string): string {
  return name.replaceAll(/[^0-9A-Za-z-]/g, '');
}
