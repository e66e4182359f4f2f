import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { CacheBus } from '../platform/database/shared-cache.js';
import { seedConflict, unknownCity } from './organization.problems.js';
import { ORGANIZATION_TOPIC } from './organization.registry.js';
import { organizationSession } from './organization.view.js';
import { POLICY_TOPIC } from './policy.registry.js';
import { readDivisions, readFraudTypes } from './seed.files.js';
import { planCity } from './seed.rules.js';
import { SeedStore } from './seed.store.js';

export interface SeedResult {
  /** Code of the city's agency; differs from the code asked for only in a municipality of two rows (5002 → 5001). */
  readonly cityCode: string;
  readonly cityName: string;
  /** Agencies that the divisions call for, of each tier below the city. */
  readonly counties: number;
  readonly townships: number;
  /** Agencies made now; 0 when all were there. */
  readonly created: number;
  /** Fraud types added or brought up to date now. */
  readonly fraudTypes: number;
  /** Default policies added now. */
  readonly policies: number;
}

/** Makes the three tiers of any real city, the fraud types and the city's default policies. */
@Injectable()
export class SeedService {
  constructor(
    private readonly database: Database,
    private readonly store: SeedStore,
    private readonly bus: CacheBus,
  ) {}

  /**
   * Makes what is missing of a city and changes nothing of what is there.
   * @param cityCode four digits, e.g. `4113` Nanyang
   * @throws Problem `unknown-city`, `seed-conflict`
   */
  async seedCity(cityCode: string): Promise<SeedResult> {
    const [catalogue, fraudTypes] = await Promise.all([readDivisions(), readFraudTypes()]);
    const plan = planCity(catalogue, cityCode);
    if (!plan) {
      throw unknownCity.with('No city has this code. A city is named by four digits, for example 4113 (Nanyang).');
    }
    const { city, counties, townships } = plan;
    return this.database.transaction(organizationSession, async (tx) => {
      await this.store.lock(tx);
      const created = new Set([
        ...(await this.store.insertCity(tx, city)),
        ...(await this.store.insertBelow(tx, counties)),
        ...(await this.store.insertBelow(tx, townships)),
      ]);
      const all = [city, ...counties, ...townships];
      const misplaced = await this.store.misplaced(tx, all);
      if (misplaced.length > 0) {
        throw seedConflict.with(
          `Agencies with codes of divisions stand elsewhere: ${misplaced.join(', ')}. Nothing was changed.`,
        );
      }
      await this.store.insertAreas(
        tx,
        all.filter(({ code }) => created.has(code)),
      );
      const types = await this.store.upsertFraudTypes(tx, fraudTypes);
      const policies = await this.store.insertPolicies(tx, city.code);
      if (created.size + types > 0) await this.bus.invalidate(tx, ORGANIZATION_TOPIC);
      if (policies > 0) await this.bus.invalidate(tx, POLICY_TOPIC);
      return {
        cityCode: city.code,
        cityName: city.name,
        counties: counties.length,
        townships: townships.length,
        created: created.size,
        fraudTypes: types,
        policies,
      };
    });
  }
}
