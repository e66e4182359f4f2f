import { Inject, Injectable } from '@nestjs/common';
import { setTimeout } from 'node:timers/promises';
import { FeedView } from '../../feed/feed.view.js';
import { OrganizationRegistry } from '../../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../../organization/organization.snapshot.js';
import type { Config } from '../../platform/config/config.js';
import { Database, session, type Tx } from '../../platform/database/database.js';
import { BACKGROUND, CONFIG } from '../../platform/platform.module.js';
import { otherTimeZone } from '../report.problems.js';
import { imageOf, imageText, isNothing } from './case.image.js';
import { contribute } from './cell.rules.js';
import { CellStore, type Generation, type KeptImage } from './cell.store.js';
import { CellDeltas } from './cell.js';
import { chainsOf } from './chains.js';
import { ChangeView, type Changes } from './change.view.js';
import { ImageView } from './image.view.js';

export const keeperSession = session({ actor: 'reports', agency_path: '', roles: 'system' });

/** Of what cells hold: raised when a case counts for something else than before, so that they are built anew. */
export const LAYOUT = 2;

/** Events, and cases whose limits ran out, of one round. */
const MOST_CHANGES = 4_000;
/** Cases of one step of a new set of cells. */
const MOST_BUILT = 2_000;
/** Between two tries while another server is at it. */
const BUSY_MS = 200;
/** Rows of a set that is no longer needed. */
const MOST_CLEARED = 20_000;

/**
 * Keeps the prepared figures: finds out which cases have changed, and adds to the cells what they count for now less what
 * they counted for before. Nothing of it is done by those who change a case. One server at a time; a step is one
 * transaction, so that a crash at any moment leaves neither half a step nor one twice.
 */
@Injectable()
export class CellKeeper {
  private turns = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly organization: OrganizationRegistry,
    private readonly store: CellStore,
    private readonly changes: ChangeView,
    private readonly view: ImageView,
    private readonly feed: FeedView,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(BACKGROUND) private readonly background: boolean,
  ) {}

  /** One step of whatever is to be done. @returns whether there may be more at once */
  async round(): Promise<boolean> {
    const organization = await this.organization.current();
    return this.step(async (tx, generations) => {
      // A newer program prepares other figures, and it alone can: this one counts until it is replaced.
      if (generations.some(({ state, layout }) => state !== 'old' && layout > LAYOUT)) return false;
      const ours = generations.filter((generation) => this.fits(generation));
      const current = ours.find(({ state }) => state === 'current');
      const building = ours.find(({ state }) => state === 'building');
      const old = generations.find(({ state }) => state === 'old');
      if (!building && !current) {
        await this.begin(tx);
        return true;
      }
      let more = false;
      if (current) ({ more } = await this.follow(tx, current, organization));
      if (building) return (await this.build(tx, building, organization)) || more;
      if (old) return (await this.store.clear(tx, old.generation, MOST_CLEARED)) || more;
      return more;
    });
  }

  /** Rounds until the cells are those of now; one caller after the other. */
  catchUp(): Promise<void> {
    const turn = this.turns.then(async () => {
      while (await this.round());
    });
    this.turns = turn.catch(() => undefined);
    return turn;
  }

  /** Where no loop keeps the cells, as in programs of the command line, they are brought up to date by whoever reads them. */
  async settle(): Promise<void> {
    if (this.background) return;
    await this.requireZone();
    await this.catchUp();
  }

  /** Has a new set of cells built beside the one that is read, from nothing but the cases themselves. */
  async rebuild(): Promise<void> {
    await this.requireZone();
    while (!(await this.step(async (tx) => (await this.begin(tx), true)))) await setTimeout(BUSY_MS);
  }

  /** How far a new set has come; undefined where none is being built. */
  async progress(): Promise<{ built: number; of: number } | undefined> {
    return this.database.read(keeperSession, async (tx) => {
      const building = (await this.store.generations(tx)).find(({ state }) => state === 'building');
      return building && this.changes.progress(tx, building.builtTo!);
    });
  }

  /** @returns false where another server is at it */
  private step(work: (tx: Tx, generations: Generation[]) => Promise<boolean>): Promise<boolean> {
    return this.database.transaction(keeperSession, async (tx) => {
      if (!(await this.store.lock(tx))) return false;
      return work(tx, await this.store.generations(tx));
    });
  }

  /**
   * A command run with another zone than the servers would prepare other days, and theirs would be lost.
   * @throws Problem `other-time-zone`
   */
  private async requireZone(): Promise<void> {
    const generations = await this.database.read(keeperSession, (tx) => this.store.generations(tx));
    const current = generations.find(({ state }) => state === 'current');
    if (!current || current.timeZone === this.config.timeZone) return;
    throw otherTimeZone.with(
      `The prepared figures are of days in ${current.timeZone}, and here SANJI_TZ is ${this.config.timeZone}: set it as it is for the server.`,
    );
  }

  private fits({ layout, timeZone }: Generation): boolean {
    return layout === LAYOUT && timeZone === this.config.timeZone;
  }

  private async begin(tx: Tx): Promise<void> {
    await this.store.begin(tx, LAYOUT, this.config.timeZone, await this.feed.end(tx));
  }

  /** @returns whether there is more to be done */
  private async build(tx: Tx, building: Generation, organization: OrganizationSnapshot): Promise<boolean> {
    const ids = await this.changes.cases(tx, building.builtTo!, MOST_BUILT);
    if (ids.length > 0) {
      await this.recount(tx, building, ids, organization);
      await this.store.built(tx, building.generation, ids.at(-1)!);
      return true;
    }
    const { complete, more } = await this.follow(tx, building, organization);
    if (!complete) return more;
    await this.store.promote(tx, building.generation);
    return true;
  }

  /** Takes in what has changed. */
  private async follow(tx: Tx, generation: Generation, organization: OrganizationSnapshot): Promise<Changes> {
    const changes = await this.changes.since(tx, generation, MOST_CHANGES);
    await this.recount(tx, generation, changes.alertIds, organization);
    await this.store.followed(tx, generation.generation, changes.position, changes.complete ? tx.now : undefined);
    return changes;
  }

  private async recount(
    tx: Tx,
    { generation }: Generation,
    alertIds: readonly string[],
    organization: OrganizationSnapshot,
  ): Promise<void> {
    if (alertIds.length === 0) return;
    const [images, before] = await Promise.all([
      this.view.images(tx, alertIds, organization, this.config.timeZone),
      this.store.images(tx, generation, alertIds),
    ]);
    const above = chainsOf(organization);
    const deltas = new CellDeltas();
    const kept: KeptImage[] = [];
    for (const [alertId, { image, flipAt }] of images) {
      const text = isNothing(image) ? null : imageText(image);
      const old = before.get(alertId) ?? null;
      if (text !== null || old !== null) kept.push({ alertId, image: text, flipAt });
      if (text === old) continue;
      if (old !== null) contribute(imageOf(old), -1, above, deltas);
      if (text !== null) contribute(image, 1, above, deltas);
    }
    await this.store.keep(tx, generation, kept);
    await this.store.add(tx, generation, deltas);
  }
}
