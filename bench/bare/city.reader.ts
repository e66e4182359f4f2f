import { readOrganization, organizationSession } from '../../src/organization/organization.view.js';
import { Clock } from '../../src/platform/clock/clock.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.js';
import type { IntakeContext } from '../../src/intake/signal.rules.js';
import { CITY, SOURCE } from '../support/city.js';

/** What signals are checked against: the comparators use the product's own validation, so that both do the same. */
export async function readContext(url: string): Promise<Omit<IntakeContext, 'now'>> {
  const source = await createDataSource({ url, poolSize: 2 }).initialize();
  try {
    const organization = await new Database(source, new Clock()).read(organizationSession, readOrganization);
    return { organization, city: organization.byCode(CITY)!, sources: [SOURCE] };
  } finally {
    await source.destroy();
  }
}
