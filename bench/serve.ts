import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createApp, type App } from '../src/app.js';
import { ApiKeyService } from '../src/identity/api-key.service.js';
import { systemCaller } from '../src/identity/caller.js';
import { UserService } from '../src/identity/user.service.js';
import type { Agency } from '../src/organization/agency.js';
import { OrganizationRegistry } from '../src/organization/organization.registry.js';
import type { OrganizationSnapshot } from '../src/organization/organization.snapshot.js';
import { SeedService } from '../src/organization/seed.service.js';
import { Clock } from '../src/platform/clock/clock.js';
import { readConfig } from '../src/platform/config/config.js';
import { Keyring } from '../src/platform/crypto/keyring.js';
import { createLogger } from '../src/platform/log/logger.js';
import { TOKEN_KEY } from '../src/platform/platform.module.js';
import { answerCalls } from './support/child.js';
import { CITY, SOURCE, type City, type County } from './support/city.js';

/** The product in a process of its own, made as `sanji serve` makes it: every setting is the default. */
let served: App | undefined;

const MIB = 2 ** 20;
const AT_ONCE = 8;
const PASSWORD = 'Wan-Zhuan-8848!';

answerCalls(
  {
    async start({ url, keys }: { url: string; keys: string }): Promise<number> {
      const config = readConfig({ SANJI_KEYS: keys });
      served = await createApp({
        config,
        url,
        keyring: Keyring.parse(keys),
        clock: new Clock(),
        logger: createLogger(config.logLevel),
      });
      await served.app.listen(0, '127.0.0.1');
      return (served.app.getHttpServer().address() as { port: number }).port;
    },

    /** Seeds the city, and makes a feed and an officer of each county, signed in. */
    async city({ port }: { port: number }): Promise<City> {
      const { app } = served!;
      await app.get(SeedService).seedCity(CITY);
      const organization = await app.get(OrganizationRegistry).current();
      const city = organization.byCode(CITY)!;
      const feed = await app
        .get(ApiKeyService)
        .issue(systemCaller(city), { name: 'bench', agency: CITY, roles: ['feed'], sources: [SOURCE] });
      const counties: County[] = [];
      for (const county of organization.childrenOf(city)) counties.push(await countyOf(county, organization, port));
      return {
        id: city.id,
        counties,
        divisions: counties.flatMap(({ townships }) => townships).filter((code) => code.length === 9),
        feedKey: feed.key,
        tokenKey: app.get<Buffer>(TOKEN_KEY).toString('base64'),
      };
    },

    /** Makes an officer of each agency. @returns their access tokens */
    async officers({ port, agencies }: { port: number; agencies: string[] }): Promise<string[]> {
      const organization = await served!.app.get(OrganizationRegistry).current();
      const tokens: string[] = [];
      while (tokens.length < agencies.length) {
        const some = agencies.slice(tokens.length, tokens.length + AT_ONCE);
        const made = some.map((code) => officerOf(organization.byCode(code)!, port));
        tokens.push(...(await Promise.all(made)).map(({ token }) => token));
      }
      return tokens;
    },

    /** Resident memory in MiB. */
    memory: (): number => process.memoryUsage.rss() / MIB,

    /** What is left when everything that nobody needs is cleared away. MiB. */
    async atRest(): Promise<{ rss: number; heap: number }> {
      // Twice: what ends with a socket is let go by the first.
      for (let time = 0; time < 2; time++) {
        collectGarbage();
        await delay(500);
      }
      const { rss, heapUsed, external } = process.memoryUsage();
      return { rss: rss / MIB, heap: (heapUsed + external) / MIB };
    },

    /** Seconds of processor time since the start. */
    cpu(): number {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
  },
  async () => served?.close(),
);

/** V8 hands its collector out to contexts that are made after it was asked to. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

async function countyOf(county: Agency, organization: OrganizationSnapshot, port: number): Promise<County> {
  return {
    id: county.id,
    code: county.code,
    townships: organization.childrenOf(county).map(({ code }) => code),
    officer: await officerOf(county, port),
  };
}

/** A new officer, signed in. */
async function officerOf(agency: Agency, port: number): Promise<{ id: string; token: string }> {
  const { app } = served!;
  const username = `bench-${agency.code.toLowerCase()}`;
  const user = await app.get(UserService).create(systemCaller(agency), {
    username,
    displayName: username,
    agency: agency.code,
    roles: ['officer'],
    password: PASSWORD,
  });
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: PASSWORD }),
  });
  const { accessToken } = (await answer.json()) as { accessToken: string };
  return { id: user.id, token: accessToken };
}
