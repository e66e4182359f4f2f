import { OrganizationRegistry } from '../../src/organization/organization.registry.js';
import { SeedService } from '../../src/organization/seed.service.js';
import { VerifyService } from '../../src/verify/verify.service.js';
import { loadYear } from '../explain/load.js';
import { openProduct } from '../explain/product.js';
import { CITY } from '../support/city.js';
import { query, type Environment } from '../support/environment.js';
import { spreadOf } from '../support/statistics.js';
import type { TimesLine } from '../support/times.js';

const GOAL = 5;
const TABLES = ['alert', 'assignment', 'event', 'attempt', 'outcome', 'follow_up'];
/** The rest of the table of speed is measured over ten times as many. */
const SHARE = 0.1;

/** A recount of everything, beside reading every row once. What SQL generates has no real hashes: it finds that, too. */
export async function verify(environment: Environment, progress: (text: string) => void): Promise<TimesLine> {
  const alerts = Math.max(1_000, Math.round(environment.settings.alerts * SHARE));
  const url = await environment.database('verify', { migrated: true });
  const product = await openProduct(url);
  try {
    await product.get(SeedService).seedCity(CITY);
    const organization = await product.get(OrganizationRegistry).current();
    progress(`verify: generating ${alerts} alerts`);
    await loadYear(url, alerts, organization, organization.byCode(CITY)!, product.blindIndex);
    progress('verify: preparing figures');
    // The first run prepares them: what is measured is the recount alone.
    await product.get(VerifyService).verify({ most: 0 });
    const [read, recounted]: number[][] = [[], []];
    for (let round = 1; round <= environment.settings.repeats; round++) {
      progress(`verify: round ${round} of ${environment.settings.repeats}`);
      read!.push(await timed(() => readAll(url)));
      recounted!.push(await timed(() => product.get(VerifyService).verify({ most: 0 })));
    }
    const [ours, theirs] = [spreadOf(recounted!), spreadOf(read!)];
    const ratio = ours.median / theirs.median;
    return {
      name: 'verify',
      title: `everything recounted, ${alerts.toLocaleString('en')} alerts, beside reading every row of the same tables`,
      times: [
        {
          name: 'verify',
          ours,
          against: { name: 'reading', times: theirs, ratio },
          goal: `≤ ${GOAL} ×`,
          met: ratio <= GOAL,
        },
      ],
      notes: [],
    };
  } finally {
    await product.close();
    await environment.drop(url);
  }
}

/** Every row, whole: what a recount cannot do without. */
async function readAll(url: string): Promise<void> {
  for (const table of TABLES) await query(url, `SELECT sum(hashtext(t::text)) FROM ${table} t`);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
