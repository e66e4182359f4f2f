import { ListAlertsQuery } from '../../src/alert/alert.dto.js';
import { AlertReader } from '../../src/alert/alert.reader.js';
import { AlertView } from '../../src/alert/alert.view.js';
import { AssignmentReader } from '../../src/assignment/assignment.reader.js';
import { callerFor, type Caller } from '../../src/identity/caller.js';
import type { Role } from '../../src/identity/role.js';
import type { Agency } from '../../src/organization/agency.js';
import type { OrganizationSnapshot } from '../../src/organization/organization.snapshot.js';
import { ListFollowUpsQuery } from '../../src/outcome/follow-up.dto.js';
import { FollowUpService } from '../../src/outcome/follow-up.service.js';
import { newId } from '../../src/platform/clock/id.js';
import { KNOWN_PHONE } from './load.js';
import { LARGE_SOURCE, SMALL_SOURCE } from './generated.js';
import type { Product } from './product.js';
import type { Samples } from './samples.js';

/** Something that a caller asks of the product. */
export interface Question {
  readonly name: string;
  /** How many items are asked for: what the work has to be measured by. */
  readonly items: number;
  ask(): Promise<unknown>;
}

const PAGE = 50;

/** Every list and worklist, as the officers of the three tiers and feeds ask for them, and what intake looks up. */
export async function questionsOf(
  product: Product,
  organization: OrganizationSnapshot,
  city: Agency,
  samples: Samples,
): Promise<Question[]> {
  const county = organization.childrenOf(city)[0]!;
  const township = organization.childrenOf(county).find(({ tier }) => tier === 'township')!;
  const officers: [string, Caller][] = [city, county, township].map((agency) => [
    agency.tier,
    callerOf(agency, 'officer'),
  ]);
  const ofCity = officers[0]![1];
  const ofCounty = officers[1]![1];
  const questions: Question[] = [];
  const add = (name: string, ask: () => Promise<unknown>, items = PAGE): void =>
    void questions.push({ name, items, ask });

  const reader = product.get(AlertReader);
  const list = (name: string, caller: Caller, asked: Partial<ListAlertsQuery>): void => {
    const query = Object.assign(new ListAlertsQuery(), asked);
    add(`alerts, ${name}`, () => reader.list(caller, query));
  };
  const pages = async (name: string, caller: Caller, asked: Partial<ListAlertsQuery>): Promise<void> => {
    list(name, caller, asked);
    const { nextCursor } = await reader.list(caller, Object.assign(new ListAlertsQuery(), asked));
    if (nextCursor) list(`${name}, page 2`, caller, { ...asked, cursor: nextCursor });
  };
  for (const [tier, caller] of officers) {
    await pages(`${tier}, newest`, caller, { sort: '-receivedAt' });
    await pages(`${tier}, by due`, caller, { sort: 'dueAt' });
    await pages(`${tier}, mine`, caller, { queue: 'mine' });
    list(`${tier}, in progress`, caller, { status: ['in_progress'] });
    list(`${tier}, withdrawn`, caller, { status: ['withdrawn'] });
    list(`${tier}, merged`, caller, { status: ['merged'] });
    list(`${tier}, urgent`, caller, { riskLevel: 'urgent' });
    list(`${tier}, small source`, caller, { source: SMALL_SOURCE });
    list(`${tier}, overdue`, caller, { overdue: true });
    list(`${tier}, overdue by due`, caller, { overdue: true, sort: 'dueAt' });
    list(`${tier}, urgent by due`, caller, { riskLevel: 'urgent', sort: 'dueAt' });
    list(`${tier}, phone`, caller, { phone: KNOWN_PHONE });
    const [newest] = (await reader.list(caller, new ListAlertsQuery())).items;
    list(`${tier}, number`, caller, { alertNo: newest!.alertNo });
    list(`${tier}, of a month`, caller, samples.month);
  }
  list('county, one township’s', ofCounty, { agency: township.code });
  for (const source of [LARGE_SOURCE, SMALL_SOURCE])
    await pages(`feed of ${source}`, callerOf(city, 'feed', [source]), {});

  const followUps = product.get(FollowUpService);
  for (const [tier, caller] of officers) {
    const first = await followUps.due(caller, new ListFollowUpsQuery());
    add(`follow-ups, ${tier}`, () => followUps.due(caller, new ListFollowUpsQuery()));
    const { nextCursor } = first;
    if (nextCursor) {
      const query = Object.assign(new ListFollowUpsQuery(), { cursor: nextCursor });
      add(`follow-ups, ${tier}, page 2`, () => followUps.due(caller, query));
    }
  }

  const { crowded } = samples;
  add('one alert', () => reader.get(ofCity, crowded));
  add('timeline', () => reader.events(ofCity, crowded, { limit: PAGE }));
  add('signals', () => reader.signals(ofCity, crowded, { limit: PAGE }));
  add('assignments', () => product.get(AssignmentReader).list(ofCity, crowded));

  const view = product.get(AlertView);
  const { sources, refs, phones, identities } = samples.signals;
  const read = <T>(work: Parameters<typeof product.database.read<T>>[1]): Promise<T> =>
    product.database.read(ofCity.session, work);
  add('intake, by reference', () => read((tx) => view.byReference(tx, city.id, sources, refs)), refs.length);
  add('intake, by person', () => read((tx) => view.ofPersons(tx, city.id, phones, identities)), phones.length * 2);
  return questions;
}

function callerOf(agency: Agency, role: Role, sources?: string[]): Caller {
  const id = newId(new Date());
  return callerFor({ kind: sources ? 'key' : 'user', id, name: 'bench', agency, roles: [role], sources });
}
