import { OrganizationRegistry } from '../../src/organization/organization.registry.js';
import { SeedService } from '../../src/organization/seed.service.js';
import { loadYear } from '../explain/load.js';
import { explain as explained } from '../explain/plan.js';
import { openProduct, type Product } from '../explain/product.js';
import { questionsOf, type Question } from '../explain/questions.js';
import type { Recorded } from '../explain/recorder.js';
import { samplesOf } from '../explain/samples.js';
import { CITY } from '../support/city.js';
import type { Environment } from '../support/environment.js';
import type { PlanLine, PlanOf } from '../support/plans.js';

/**
 * An item found through an index four levels deep costs five buffers, twice that where it hangs on another table's row.
 * Three times as much again is left for entries that a filter passes over: 1,500 buffers for a page of 50, which is 12 MB
 * and a few milliseconds in memory. What grows with the number of stored alerts is far beyond that at a million.
 */
const BUFFERS_AN_ITEM = 30;
const LEAST_ALERTS = 1_000;

/** What each list does over a year of a city, by PostgreSQL's own account. */
export async function explain(environment: Environment, progress: (text: string) => void): Promise<PlanLine> {
  const { alerts } = environment.settings;
  if (!(alerts >= LEAST_ALERTS)) throw new Error(`--alerts must be at least ${LEAST_ALERTS}`);
  const url = await environment.database('explain', { migrated: true });
  const product = await openProduct(url);
  try {
    await product.get(SeedService).seedCity(CITY);
    const organization = await product.get(OrganizationRegistry).current();
    const city = organization.byCode(CITY)!;
    progress(`explain: generating ${alerts} alerts`);
    const seconds = await loadYear(url, alerts, organization, city, product.blindIndex);
    const questions = await questionsOf(product, organization, city, await samplesOf(url));
    const plans: PlanOf[] = [];
    const known = new Set<string>();
    for (const question of questions) {
      progress(`explain: ${question.name}`);
      plans.push(...(await plansOf(product, question, known)));
    }
    return {
      name: 'explain',
      title: `plans over ${alerts.toLocaleString('en')} alerts, at most ${BUFFERS_AN_ITEM} buffers an item asked for`,
      plans,
      met: plans.every(({ met }) => met),
      notes: [
        `${alerts.toLocaleString('en')} alerts and what hangs on them were generated in ${Math.round(seconds)} s`,
      ],
    };
  } finally {
    await product.close();
    await environment.drop(url);
  }
}

/** @param known statements with their values that were explained already: every list of one case begins with the case */
async function plansOf(product: Product, { name, items, ask }: Question, known: Set<string>): Promise<PlanOf[]> {
  // The first time, what the product remembers of agencies and rules may be read as well.
  await ask();
  const { recorded } = await product.database.recording(ask);
  const fresh = recorded.filter((statement) => !known.has(keyOf(statement)));
  const plans: PlanOf[] = [];
  for (const statement of fresh) {
    known.add(keyOf(statement));
    const plan = await explained(product.database, statement);
    const bound = BUFFERS_AN_ITEM * items;
    const met = plan.scanned.length === 0 && plan.buffers <= bound;
    plans.push({ name: fresh.length > 1 ? `${name}: ${statement.name}` : name, ...plan, bound, met });
  }
  return plans;
}

function keyOf({ text, values }: Recorded): string {
  return JSON.stringify([text, values]);
}
