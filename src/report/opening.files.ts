import { Injectable } from '@nestjs/common';
import type { Caller } from '../identity/caller.js';
import { FileDesk, type FileContent } from '../identity/file.desk.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import type { Tx } from '../platform/database/database.js';
import { Snapshots } from '../platform/database/snapshots.js';
import { streamed } from '../platform/database/streamed.js';
import type { FileOrder } from '../platform/http/file.order.js';
import { requireWhole, type PageQuery } from '../platform/http/page.js';
import type { FileFormat } from '../platform/tabular/file.format.js';
import { sheetOf } from '../platform/tabular/table.file.js';
import { countedColumns } from './counted.columns.js';
import type { Position } from './counted.item.js';
import { CountedPresenter, type CountedAnswer } from './counted.presenter.js';
import { CountedView } from './counted.view.js';
import type { Opened } from './opening.service.js';

/** Items that are read at once. */
const ROWS_AT_ONCE = 100;

/** Everything that stands behind a number, as a file. */
@Injectable()
export class OpeningFiles {
  constructor(
    private readonly snapshots: Snapshots,
    private readonly view: CountedView,
    private readonly presenter: CountedPresenter,
    private readonly files: FileDesk,
  ) {}

  /**
   * @param content what the file tells besides the items
   * @param at what is opened, as one snapshot sees it
   */
  order(
    caller: Caller,
    query: PageQuery & { format: FileFormat },
    organization: OrganizationSnapshot,
    content: Omit<FileContent, 'tables'>,
    at: (tx: Tx) => Promise<Opened> | Opened,
  ): FileOrder {
    requireWhole(query);
    const pages = (tx: Tx): AsyncGenerator<CountedAnswer[], void> => this.pages(tx, at, caller, organization);
    return this.files.order(caller, {
      format: query.format,
      long: true,
      read: async () => {
        const rows = streamed((work) => this.snapshots.readOnce(caller.session, work), pages);
        const columns = countedColumns(organization);
        return { ...content, tables: [sheetOf({ name: '明细', columns, rows, blank: '' })] };
      },
      expected: () =>
        this.snapshots.read(caller.session, async (tx) => {
          const { scope, opening } = await at(tx);
          return this.view.count(tx, scope, opening);
        }),
    });
  }

  private async *pages(
    tx: Tx,
    at: (tx: Tx) => Promise<Opened> | Opened,
    caller: Caller,
    organization: OrganizationSnapshot,
  ): AsyncGenerator<CountedAnswer[], void> {
    const { scope, opening } = await at(tx);
    const ofSignals = opening.of === 'cohort' && opening.signals === true;
    let after: Position | undefined;
    do {
      const items = await this.view.items(tx, scope, opening, after, ROWS_AT_ONCE);
      const present = await this.presenter.of(tx, items, ofSignals, caller, organization);
      if (items.length > 0) yield items.map(present);
      after = items.length === ROWS_AT_ONCE ? items.at(-1) : undefined;
    } while (after);
  }
}
