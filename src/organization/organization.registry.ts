import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { CacheBus, SharedCache } from '../platform/database/shared-cache.js';
import type { OrganizationSnapshot } from './organization.snapshot.js';
import { organizationSession, readOrganization } from './organization.view.js';

/** Invalidated by every change of agencies, areas and fraud types. */
export const ORGANIZATION_TOPIC = 'organization';

/** The organisation as every other module sees it. */
@Injectable()
export class OrganizationRegistry {
  private readonly cache: SharedCache<OrganizationSnapshot>;

  constructor(database: Database, bus: CacheBus) {
    this.cache = new SharedCache(bus, ORGANIZATION_TOPIC, () =>
      database.readAlone(organizationSession, readOrganization),
    );
  }

  /** As last committed; a remembered value costs one settled promise. */
  current(): Promise<OrganizationSnapshot> {
    return this.cache.get();
  }
}
