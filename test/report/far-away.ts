import type { StreamableFile } from '@nestjs/common';
import { createApp } from '../../src/app.js';
import { ClockService } from '../../src/clock/clock.service.js';
import { systemCaller } from '../../src/identity/caller.js';
import { OrganizationRegistry } from '../../src/organization/organization.registry.js';
import { MovableClock } from '../../src/platform/clock/clock.js';
import { readConfig } from '../../src/platform/config/config.js';
import { Keyring } from '../../src/platform/crypto/keyring.js';
import { createLogger } from '../../src/platform/log/logger.js';
import type { TierReportAnswer, TierReportQuery } from '../../src/report/tier-report.dto.js';
import { TierReportService } from '../../src/report/tier-report.service.js';
import { VerifyService } from '../../src/verify/verify.service.js';

/** A server in whatever zone its process lives in: prints the zone, the totals of given days, and what a recount says. */
const [url, keys, now, ...days] = process.argv.slice(2) as [string, string, string, ...string[]];
const config = readConfig({ SANJI_KEYS: keys, SANJI_LOG_LEVEL: 'silent' });
const { app, close } = await createApp({
  config,
  url,
  keyring: Keyring.parse(keys),
  clock: new MovableClock(now),
  logger: createLogger('silent'),
  // No loop: clocks and figures are brought up to date before they are looked at.
  background: false,
});
await app.get(ClockService).catchUp();
const caller = systemCaller((await app.get(OrganizationRegistry).current()).byCode('4113')!);
const totals: unknown[] = [];
for (const day of days) {
  const query = { from: day, to: day, format: 'json' } as TierReportQuery;
  const report: TierReportAnswer | StreamableFile = await app.get(TierReportService).answer(caller, 'county', query);
  const { received, attempts } = (report as TierReportAnswer).total;
  totals.push([day, received, attempts.call]);
}
const { found } = await app.get(VerifyService).verify({ months: ['2023-05', '2023-06'] });
console.log(JSON.stringify({ zone: new Date(now).getTimezoneOffset(), totals, found }));
await close();
