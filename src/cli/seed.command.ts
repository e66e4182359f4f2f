import type { Command } from 'commander';
import { examples } from './help.js';
import { printResult } from './output.js';

export function seedCommand(program: Command): void {
  examples(
    program
      .command('seed')
      .summary('make the agencies of a real city')
      .description(
        'Makes the agencies of a real city in three tiers, the fraud types, the default policies and the public holidays. What is there already stays as it is.',
      )
      .requiredOption('--city <code>', 'four digits of its division code, e.g. 4113 for Nanyang')
      .option('--json', 'print JSON')
      .action(seed),
    'sanji seed --city 4113    Nanyang 南阳: 15 counties, 256 townships',
    'sanji seed --city 3101    Shanghai 上海',
  );
}

async function seed({ city, json }: { city: string; json?: boolean }): Promise<void> {
  const { withServices } = await import('./services.js');
  const { SeedService } = await import('../organization/seed.service.js');
  const { recordAudit } = await import('../identity/audit.store.js');
  const { Database } = await import('../platform/database/database.js');
  const { HolidayService } = await import('../returns/holiday.service.js');
  const result = await withServices(async (services) => {
    const made = await services.get(SeedService).seedCity(city);
    if (made.created + made.fraudTypes + made.policies > 0) {
      const caller = await services.caller(made.cityCode);
      const { created, fraudTypes, policies } = made;
      await services.get(Database).transaction(caller.session, (tx) =>
        recordAudit(tx, {
          action: 'city.seeded',
          caller,
          objectKind: 'agency',
          objectId: made.cityCode,
          data: { created, fraudTypes, policies },
        }),
      );
    }
    const { days: holidays } = await services.get(HolidayService).seed(await services.caller(made.cityCode));
    return { ...made, holidays };
  });
  const { cityName, cityCode, counties, townships, created, fraudTypes, policies, holidays } = result;
  const what = `${cityName} (${cityCode}): ${counties} counties, ${townships} townships.`;
  const changes = [
    [created, 'agencies'],
    [fraudTypes, 'fraud types'],
    [policies, 'policies'],
    [holidays, 'holidays'],
  ] as const;
  const made = changes.filter(([count]) => count > 0).map(([count, things]) => `${count} ${things}`);
  printResult(`${what} ${made.length > 0 ? `Made: ${made.join(', ')}.` : 'Nothing to do.'}`, json === true, result);
}
