import { Inject, Injectable, StreamableFile } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { localMinuteOf } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { FileOrder, type FileInHand } from '../platform/http/file.order.js';
import { tooManyRequests } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import { MEDIA_TYPES, writeFile, type FileFormat } from '../platform/tabular/file.format.js';
import { RowCount, sheetOf, type Sheet } from '../platform/tabular/table.file.js';
import { recordAudit, type AuditFact } from './audit.store.js';
import type { Caller } from './caller.js';

/** What stands in a file besides its tables: a name and a value. */
export type Remark = readonly [name: string, value: string];

/** What each figure of a file counts. */
export type Definitions = Readonly<Record<string, { name: string; zh: string; en: string }>>;

/** Everything that a file tells. */
export interface FileContent {
  /** Without its ending. */
  name: string;
  /** 中文名 */
  title: string;
  /** The first is what the file is about. */
  tables: readonly Sheet[];
  /** What, which period, as of when; who asked and when is added. */
  about: readonly Remark[];
  definitions?: Definitions;
  /** For the audit log. */
  record: Required<Pick<AuditFact, 'action' | 'objectKind' | 'objectId' | 'data'>>;
}

export interface OrderedFile {
  format: FileFormat;
  /** Reads what is told; what is long is read as the file is written. */
  read: () => Promise<FileContent>;
  /** How many rows it will have, where they are read as the file is written. */
  expected?: () => Promise<number>;
  /** Its rows are read as the file is written: somebody who takes it slowly holds a connection to the database. */
  long?: true;
}

/** What of `about` stands under the title of a workbook. */
const IN_SUBTITLE = 4;
/** Long files that are sent at once by one process; there are few connections to the database. */
const MOST_AT_ONCE = 2;

/** Where everything goes through that leaves the system as a file: on record before its first byte. */
@Injectable()
export class FileDesk {
  private underWay = 0;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** A file that may be made; @see FileOrder */
  order(caller: Caller, { format, read, expected, long }: OrderedFile): FileOrder {
    const make = async (): Promise<FileInHand> => {
      const content = await read();
      const name = `${plain(content.name)}.${format}`;
      const { record, title } = content;
      const data = { ...record.data, format, file: name };
      await this.database.transaction(caller.session, (tx) => recordAudit(tx, { ...record, caller, data }));
      const count = new RowCount();
      const createdAt = this.clock.now();
      const about = [...content.about, ...this.made(caller, createdAt)];
      const subtitle = [...content.about.slice(0, IN_SUBTITLE), ...this.made(caller, createdAt)]
        .map(([what, value]) => `${what}:${value}`)
        .join('  ');
      const sheets = [
        ...content.tables,
        aboutSheet([['报表', title], ...about]),
        ...(content.definitions ? [definitionsSheet(content.definitions)] : []),
      ];
      const bytes = writeFile({ title, subtitle, sheets, createdAt }, format, count);
      return { name, mediaType: MEDIA_TYPES[format], bytes, count };
    };
    return new FileOrder(make, { expected, admit: long ? () => this.admit() : undefined });
  }

  /** Takes the place before anything is waited for: whoever comes meanwhile finds it taken. */
  private admit(): () => void {
    if (this.underWay >= MOST_AT_ONCE) {
      throw tooManyRequests.with(
        'Other long files are being sent at this moment. Try again shortly, or let it be made in the background: POST /exports.',
        { headers: { 'retry-after': '15' } },
      );
    }
    this.underWay += 1;
    return () => {
      this.underWay -= 1;
    };
  }

  /** A file as it was stored. */
  async stored(
    caller: Caller,
    file: { name: string; mediaType: string; bytes: Buffer; record: FileContent['record'] },
  ): Promise<StreamableFile> {
    const { name, mediaType, bytes, record } = file;
    const data = { ...record.data, file: name };
    await this.database.transaction(caller.session, (tx) => recordAudit(tx, { ...record, caller, data }));
    return new StreamableFile(bytes, { type: mediaType, disposition: `attachment; filename="${name}"` });
  }

  private made({ name, agency }: Caller, at: Date): Remark[] {
    return [
      ['导出人', name],
      ['导出单位', `${agency.name}(${agency.code})`],
      ['导出时间', localMinuteOf(at, this.config.timeZone)],
    ];
  }
}

function aboutSheet(remarks: readonly Remark[]): Sheet {
  return {
    ...sheetOf<Remark>({
      name: '说明',
      columns: [
        { title: '项目', kind: 'text', cell: ([name]) => name },
        { title: '内容', kind: 'text', cell: ([, value]) => value },
      ],
      rows: remarks,
      blank: '',
    }),
    headed: false,
  };
}

function definitionsSheet(definitions: Definitions): Sheet {
  return sheetOf({
    name: '指标定义',
    columns: [
      { title: '指标', kind: 'text', cell: ({ name }) => name },
      { title: '口径', kind: 'text', cell: ({ zh }) => zh },
      { title: 'Definition', kind: 'text', cell: ({ en }) => en },
      { title: '字段', kind: 'text', cell: ({ field }) => field },
    ],
    rows: Object.entries(definitions).map(([field, definition]) => ({ field, ...definition })),
  });
}

/** A name that every system takes. */
function plain(name: string): string {
  return name.replaceAll(/[^0-9A-Za-z-]/g, '');
}
