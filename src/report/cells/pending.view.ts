import { Inject, Injectable } from '@nestjs/common';
import type { OrganizationSnapshot } from '../../organization/organization.snapshot.js';
import type { Config } from '../../platform/config/config.js';
import type { Tx } from '../../platform/database/database.js';
import { CONFIG } from '../../platform/platform.module.js';
import { imageOf } from './case.image.js';
import { contribute } from './cell.rules.js';
import { CellStore } from './cell.store.js';
import { CellDeltas } from './cell.js';
import { CellView, type Standing } from './cell.view.js';
import { chainsOf } from './chains.js';
import { ChangeView } from './change.view.js';
import { ImageView } from './image.view.js';

/** Cells, and what is to be taken off them to have the figures of now. */
export interface Pending {
  standing: Standing;
  tooMuch: CellDeltas;
}

const AT_ONCE = 5_000;

/** Counts what has changed since the cells were counted: whoever compares them with a count of now allows for it. */
@Injectable()
export class PendingView {
  constructor(
    private readonly cells: CellView,
    private readonly store: CellStore,
    private readonly changes: ChangeView,
    private readonly images: ImageView,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * @param most how many changes at most
   * @returns undefined where no cells are ready, or more has changed than that
   */
  async pending(tx: Tx, organization: OrganizationSnapshot, most: number): Promise<Pending | undefined> {
    const standing = await this.cells.standing(tx);
    if (!standing) return undefined;
    const generation = (await this.store.generations(tx)).find((each) => each.generation === standing.generation)!;
    const { alertIds, complete } = await this.changes.since(tx, generation, most);
    if (!complete) return undefined;
    const tooMuch = new CellDeltas();
    const above = chainsOf(organization);
    for (let from = 0; from < alertIds.length; from += AT_ONCE) {
      const ids = alertIds.slice(from, from + AT_ONCE);
      for (const image of (await this.store.images(tx, standing.generation, ids)).values()) {
        contribute(imageOf(image), 1, above, tooMuch);
      }
      for (const { image } of (await this.images.images(tx, ids, organization, this.config.timeZone)).values()) {
        contribute(image, -1, above, tooMuch);
      }
    }
    return { standing, tooMuch };
  }
}
