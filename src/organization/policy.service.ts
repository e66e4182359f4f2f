import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import {
  formatInstant,
  isLocalDate,
  localDateOf,
  parseInstant,
  startOfLocalDate,
} from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { CacheBus } from '../platform/database/shared-cache.js';
import { forbidden, invalid } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import { ChangeRecorder, type OrganizationCaller } from './organization.caller.js';
import type { PolicyAnswer, PolicyVersionAnswer, PutPolicyBody } from './policy.dto.js';
import { DEFAULT_POLICIES, type PolicyKind } from './policy.js';
import { POLICY_TOPIC, PolicyRegistry } from './policy.registry.js';
import { effectiveFromFaults, readPolicy } from './policy.rules.js';
import type { PolicySnapshot, PolicyVersion } from './policy.snapshot.js';
import { PolicyStore } from './policy.store.js';
import { readCityPolicies } from './policy.view.js';

/** A city's policies as its people read them and its admin sets them. */
@Injectable()
export class PolicyService {
  constructor(
    private readonly database: Database,
    private readonly registry: PolicyRegistry,
    private readonly store: PolicyStore,
    private readonly recorder: ChangeRecorder,
    private readonly bus: CacheBus,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Pick<Config, 'timeZone'>,
  ) {}

  async get(caller: OrganizationCaller, kind: PolicyKind): Promise<PolicyAnswer> {
    return this.answer(await this.registry.current(), caller.agency.cityId, kind, this.clock.now());
  }

  /** @throws Problem `forbidden` below the city, `invalid`, `policy-exists` */
  async put(caller: OrganizationCaller, kind: PolicyKind, body: PutPolicyBody): Promise<PolicyAnswer> {
    if (caller.agency.tier !== 'city') throw forbidden.with('Policies are set by an admin of the city.');
    const reading = readPolicy(kind, body.document);
    return this.database.transaction(caller.session, async (tx) => {
      const effectiveFrom = this.effectiveFrom(body.effectiveFrom, tx.now);
      const faults = [...effectiveFromFaults(effectiveFrom, tx.now), ...reading.faults];
      if (!effectiveFrom || !reading.document || faults.length > 0) {
        throw invalid.with('The policy is not right: see errors. Nothing was changed.', { errors: faults });
      }
      const cityId = caller.agency.cityId;
      const { document } = reading;
      await this.store.insert(tx, { cityId, kind, effectiveFrom, document, setBy: caller.id, setAt: tx.now });
      await this.recorder.record(tx, caller, 'policy.set', 'policy', kind, { effectiveFrom, document });
      await this.bus.invalidate(tx, POLICY_TOPIC);
      return this.answer(await readCityPolicies(tx, cityId), cityId, kind, tx.now);
    });
  }

  /** A moment, or a local date: the start of that day, and of today from now on. */
  private effectiveFrom(given: string | undefined, now: Date): Date | undefined {
    if (given === undefined) return now;
    if (!isLocalDate(given)) return parseInstant(given);
    const { timeZone } = this.config;
    return given === localDateOf(now, timeZone) ? now : startOfLocalDate(given, timeZone);
  }

  private answer(snapshot: PolicySnapshot, cityId: number, kind: PolicyKind, now: Date): PolicyAnswer {
    const current = snapshot.inForce(cityId, kind, now);
    return {
      kind,
      ...(current
        ? this.version(current)
        : { document: DEFAULT_POLICIES[kind], effectiveFrom: null, setBy: null, setAt: null }),
      scheduled: snapshot.scheduled(cityId, kind, now).map((version) => this.version(version)),
    };
  }

  private version({ document, effectiveFrom, setBy, setAt }: PolicyVersion): PolicyVersionAnswer {
    const instant = (moment: Date): string => formatInstant(moment, this.config.timeZone);
    return { document, effectiveFrom: instant(effectiveFrom), setBy, setAt: instant(setAt) };
  }
}
