import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { CacheBus, SharedCache } from '../platform/database/shared-cache.js';
import { organizationSession } from './organization.view.js';
import type { Policies } from './policy.js';
import type { PolicySnapshot } from './policy.snapshot.js';
import { readPolicies } from './policy.view.js';

/** Invalidated whenever a city sets a policy. */
export const POLICY_TOPIC = 'policy';

/** The policies of every city, past, present and scheduled. */
@Injectable()
export class PolicyRegistry {
  private readonly cache: SharedCache<PolicySnapshot>;

  constructor(database: Database, bus: CacheBus) {
    this.cache = new SharedCache(bus, POLICY_TOPIC, () => database.readAlone(organizationSession, readPolicies));
  }

  current(): Promise<PolicySnapshot> {
    return this.cache.get();
  }

  /** What holds in a city at a moment. */
  async at(cityId: number, moment: Date): Promise<Policies> {
    return (await this.current()).at(cityId, moment);
  }
}
