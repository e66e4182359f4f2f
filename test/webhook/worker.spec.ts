import { SeedService } from '../../src/organization/seed.service.js';
import { createApp } from '../../src/app.js';
import { ApiKeyService } from '../../src/identity/api-key.service.js';
import { systemCaller } from '../../src/identity/caller.js';
import { OrganizationRegistry } from '../../src/organization/organization.registry.js';
import { MovableClock } from '../../src/platform/clock/clock.js';
import { readConfig } from '../../src/platform/config/config.js';
import { Keyring } from '../../src/platform/crypto/keyring.js';
import { createLogger } from '../../src/platform/log/logger.js';
import { WebhookService } from '../../src/webhook/webhook.service.js';
import { KEYS, signal, START } from '../support/app.js';
import { testDatabase } from '../support/database.js';
import { Receiver } from './receiver.js';
import { ALLOW_LOCAL } from './support.js';

it('delivers by itself where the application is served, shows its loops in /readyz, and ends what is under way', async () => {
  const database = await testDatabase();
  const clock = new MovableClock(START);
  const receiver = await Receiver.start(clock);
  const config = readConfig({ SANJI_KEYS: KEYS, SANJI_LOG_LEVEL: 'silent', ...ALLOW_LOCAL });
  const { app, close } = await createApp({
    config,
    url: database.url,
    keyring: Keyring.parse(KEYS),
    clock,
    logger: createLogger('silent'),
    background: true,
  });
  try {
    await app.get(SeedService).seedCity('4113');
    const city = systemCaller((await app.get(OrganizationRegistry).current()).byCode('4113')!);
    const made = await app.get(WebhookService).create(city, { url: receiver.url, types: ['case.received'] });
    receiver.secrets.push(made.secret);
    const told = new Promise<void>((resolve) => {
      receiver.answer = () => {
        resolve();
        return 204;
      };
    });
    const { key } = await app
      .get(ApiKeyService)
      .issue(city, { name: 'feed', agency: '4113', roles: ['feed'], sources: ['national-platform'] });
    const taken = await app.inject({
      method: 'POST',
      url: '/api/v1/alerts',
      headers: { 'x-api-key': key },
      payload: signal(),
    });
    expect(taken.statusCode).toBe(201);
    await told;
    const ready = await app.inject({ method: 'GET', url: '/readyz' });
    expect(JSON.parse(ready.payload)).toMatchObject({
      checks: { 'webhooks: planning': 'ok', 'webhooks: sending': 'ok', 'webhooks: housekeeping': 'ok' },
    });
    await close();
    expect(receiver.taken).toHaveLength(1);
  } finally {
    await receiver.stop();
    await database.drop();
  }
});
