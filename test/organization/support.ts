import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { MovableClock } from '../../src/platform/clock/clock.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { Database, session, type Tx } from '../../src/platform/database/database.js';
import { CacheBus } from '../../src/platform/database/shared-cache.js';
import { Cursors } from '../../src/platform/http/page.js';
import { toProblem } from '../../src/platform/http/problem.filter.js';
import type { Problem } from '../../src/platform/http/problem.js';
import type { Agency } from '../../src/organization/agency.js';
import { AgencyService } from '../../src/organization/agency.service.js';
import { AgencyStore } from '../../src/organization/agency.store.js';
import { FraudTypeService } from '../../src/organization/fraud-type.service.js';
import { ChangeRecorder, type OrganizationCaller } from '../../src/organization/organization.caller.js';
import { OrganizationRegistry } from '../../src/organization/organization.registry.js';
import { PolicyRegistry } from '../../src/organization/policy.registry.js';
import { PolicyService } from '../../src/organization/policy.service.js';
import { PolicyStore } from '../../src/organization/policy.store.js';
import { SeedService } from '../../src/organization/seed.service.js';
import { SeedStore } from '../../src/organization/seed.store.js';
import { testDatabase, type TestDatabase } from '../support/database.js';

/** A user that exists in no table: the organisation knows nothing of users. */
export const USER_ID = '01890000-0000-7000-8000-000000000001';

export interface RecordedChange {
  agency: string;
  action: string;
  objectKind: string;
  objectId: string;
  data: Record<string, unknown>;
}

class RememberingRecorder extends ChangeRecorder {
  readonly changes: RecordedChange[] = [];

  async record(
    _tx: Tx,
    caller: OrganizationCaller,
    action: string,
    objectKind: string,
    objectId: string,
    data: Record<string, unknown>,
  ): Promise<void> {
    this.changes.push({ agency: caller.agency.code, action, objectKind, objectId, data });
  }
}

/** One server's worth of the module, on a database that others may share. */
export class Instance {
  readonly recorder = new RememberingRecorder();
  readonly registry: OrganizationRegistry;
  readonly policies: PolicyRegistry;
  readonly agencies: AgencyService;
  readonly policy: PolicyService;
  readonly fraudTypes: FraudTypeService;
  readonly seed: SeedService;

  private constructor(
    readonly source: DataSource,
    readonly database: Database,
    readonly bus: CacheBus,
    readonly clock: MovableClock,
  ) {
    const cursors = new Cursors(Buffer.alloc(32, 1));
    this.registry = new OrganizationRegistry(database, bus);
    this.policies = new PolicyRegistry(database, bus);
    this.agencies = new AgencyService(database, this.registry, new AgencyStore(), this.recorder, bus, cursors);
    const zone = { timeZone: 'Asia/Shanghai' };
    this.policy = new PolicyService(database, this.policies, new PolicyStore(), this.recorder, bus, clock, zone);
    this.fraudTypes = new FraudTypeService(this.registry, cursors);
    this.seed = new SeedService(database, new SeedStore(), bus);
  }

  static async on(url: string, clock: MovableClock): Promise<Instance> {
    const source = createDataSource({ url, poolSize: 4 });
    await source.initialize();
    const bus = new CacheBus(url, pino({ level: 'silent' }));
    await bus.start();
    return new Instance(source, new Database(source, clock), bus, clock);
  }

  /** Somebody of an agency. */
  async callerOf(code: string): Promise<OrganizationCaller> {
    return callerOf((await this.registry.current()).byCode(code)!);
  }

  async stop(): Promise<void> {
    await this.bus.onModuleDestroy();
    await this.source.destroy();
  }
}

export class World {
  private readonly instances: Instance[] = [];

  private constructor(
    private readonly testDatabase: TestDatabase,
    readonly clock: MovableClock,
  ) {}

  static async create(now = '2023-06-01T09:30:00+08:00'): Promise<World> {
    return new World(await testDatabase(), new MovableClock(now));
  }

  async instance(): Promise<Instance> {
    const instance = await Instance.on(this.testDatabase.url, this.clock);
    this.instances.push(instance);
    return instance;
  }

  async drop(): Promise<void> {
    for (const instance of this.instances) await instance.stop();
    await this.testDatabase.drop();
  }
}

export function callerOf(agency: Agency): OrganizationCaller {
  return { agency, id: USER_ID, session: session({ actor: USER_ID, agency_path: agency.path, roles: 'admin' }) };
}

/** The problem that callers are answered with. */
export async function problemOf(work: Promise<unknown>): Promise<Problem> {
  try {
    await work;
  } catch (error) {
    return toProblem(error);
  }
  throw new Error('this was to fail');
}

/** Asks again until it is so: another process learns of a change in its own time. */
export async function until(so: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await so())) {
    if (Date.now() > end) throw new Error('it did not come about');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
