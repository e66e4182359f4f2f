import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { formatInstant } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { Cursors, type Page, type PageQuery } from '../platform/http/page.js';
import { CONFIG } from '../platform/platform.module.js';
import { memoryPage } from './memory-page.js';
import { ActorDirectory, type Actor, type OrganizationCaller } from './organization.caller.js';
import type { PolicyKind } from './policy.js';
import { PolicyRegistry } from './policy.registry.js';
import type { PolicyVersion } from './policy.snapshot.js';
import type { PolicyActorAnswer, PolicyHistoryAnswer } from './policy-version.dto.js';
import { changesOf, stateOf } from './policy-version.rules.js';

interface Entry {
  version: PolicyVersion;
  previous: PolicyVersion | undefined;
  next: PolicyVersion | undefined;
}

/** The last moment that a Date can hold, milliseconds. */
const END_OF_TIME = 8.64e15;

/** Every version of a policy that the caller's city ever had, past, present and scheduled. */
@Injectable()
export class PolicyVersionService {
  constructor(
    private readonly database: Database,
    private readonly registry: PolicyRegistry,
    private readonly actors: ActorDirectory,
    private readonly cursors: Cursors,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Pick<Config, 'timeZone'>,
  ) {}

  /** The newest first, by when they begin. */
  async list(caller: OrganizationCaller, kind: PolicyKind, query: PageQuery): Promise<Page<PolicyHistoryAnswer>> {
    const { cityId } = caller.agency;
    const now = this.clock.now();
    const versions = (await this.registry.current()).versionsOf(cityId, kind);
    const entries = versions
      .map((version, index): Entry => ({ version, previous: versions[index - 1], next: versions[index + 1] }))
      .reverse();
    const page = memoryPage(this.cursors, ['policy-versions', cityId, kind], query, entries, latestFirst, (one) => one);
    const actors = await this.whoSet(caller, page.items);
    return { ...page, items: page.items.map((entry) => this.answer(entry, actors, now)) };
  }

  private async whoSet(caller: OrganizationCaller, entries: readonly Entry[]): Promise<ReadonlyMap<string, Actor>> {
    const ids = new Set(entries.flatMap(({ version }) => version.setBy ?? []));
    if (ids.size === 0) return new Map();
    return this.database.read(caller.session, (tx) => this.actors.find(tx, [...ids]));
  }

  private answer(
    { version, previous, next }: Entry,
    actors: ReadonlyMap<string, Actor>,
    now: Date,
  ): PolicyHistoryAnswer {
    const { effectiveFrom, setAt, document } = version;
    const instant = (moment: Date): string => formatInstant(moment, this.config.timeZone);
    return {
      state: stateOf(effectiveFrom, next?.effectiveFrom, now),
      effectiveFrom: instant(effectiveFrom),
      effectiveUntil: next ? instant(next.effectiveFrom) : null,
      setAt: instant(setAt),
      actor: actorOf(version, actors),
      document,
      changes: changesOf(version, previous),
    };
  }
}

function latestFirst({ version }: Entry): string {
  return String(END_OF_TIME - version.effectiveFrom.getTime()).padStart(17, '0');
}

function actorOf({ setBy }: PolicyVersion, actors: ReadonlyMap<string, Actor>): PolicyActorAnswer {
  if (setBy === null) return { kind: 'seed', id: null, name: null };
  const { kind, name } = actors.get(setBy) ?? { kind: 'user', name: null };
  return { kind, id: setBy, name };
}
