import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, readConfig } from '../../src/platform/config/config.js';

const ROOT = join(import.meta.dirname, '../..');
/** In .env.example for docker compose, which hands them on under other names. */
const FOR_COMPOSE = ['POSTGRES_PASSWORD', 'SANJI_PUBLISH'];

test('.env.example names every variable that the configuration reads, and no other', async () => {
  const example = await readFile(join(ROOT, '.env.example'), 'utf8');
  const named = [...example.matchAll(/^# ?([A-Z][A-Z0-9_]*)=/gm)].map((match) => match[1]!);
  expect(named.sort()).toEqual([...variablesRead(), ...FOR_COMPOSE].sort());
});

test('docker-compose.yml hands the program only variables that it reads', async () => {
  const compose = await readFile(join(ROOT, 'docker-compose.yml'), 'utf8');
  const app = compose.slice(compose.indexOf('\n  app:'), compose.indexOf('\n    ports:'));
  const handed = [...app.matchAll(/^ {6}([A-Z][A-Z0-9_]*):/gm)].map((match) => match[1]!);
  expect(handed).toContain('DATABASE_URL');
  expect(handed.filter((name) => !variablesRead().includes(name))).toEqual([]);
});

test('without an environment there are defaults for all', () => {
  expect(readConfig({})).toMatchObject({
    port: 3000,
    host: '127.0.0.1',
    databaseUrl: undefined,
    timeZone: 'Asia/Shanghai',
    logLevel: 'info',
    production: false,
  });
});

test('an empty variable is an absent one', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: ' ', SANJI_TZ: '' })).toEqual(readConfig({}));
});

test('all faults are named together, none of them with a secret', () => {
  const read = (): unknown =>
    readConfig({
      PORT: '70000',
      DATABASE_URL: 'mysql://sanji:hunter2@db/sanji',
      DATABASE_READ_URL: 'sanji:hunter2@standby',
      SANJI_READ_LAG_SECONDS: '0',
      SANJI_TZ: 'Asia/Nanyang',
      SANJI_LOG_LEVEL: 'loud',
      SANJI_POOL_SIZE: 'many',
      SANJI_TRUST_PROXY: 'perhaps',
      SANJI_KEYS: 'k1:abc',
      SANJI_KEYS_FILE: '/keys',
    });
  let failure: unknown;
  try {
    read();
  } catch (error) {
    failure = error;
  }
  expect(failure).toBeInstanceOf(ConfigError);
  const { message } = failure as ConfigError;
  for (const name of [
    'PORT',
    'DATABASE_URL',
    'DATABASE_READ_URL',
    'SANJI_READ_LAG_SECONDS',
    'SANJI_TZ',
    'SANJI_LOG_LEVEL',
    'SANJI_POOL_SIZE',
    'SANJI_TRUST_PROXY',
    'SANJI_KEYS_FILE',
  ]) {
    expect(message).toMatch(new RegExp(`^- .*\\b${name}\\b`, 'm'));
  }
  expect(message).not.toMatch(/hunter2|abc/);
});

test('a standby is one of the database that is named', () => {
  const url = 'postgresql://sanji:hunter2@standby/sanji';
  expect(() => readConfig({ DATABASE_READ_URL: url })).toThrow(/^(?!.*hunter2).*DATABASE_READ_URL names a standby/ms);
  const given = { DATABASE_URL: 'postgresql://db/sanji', DATABASE_READ_URL: url, SANJI_KEYS: 'k1:x' };
  expect(readConfig(given)).toMatchObject({ databaseReadUrl: url, readLagSeconds: 60 });
});

test('production and a database of one’s own need keys of one’s own', () => {
  expect(() => readConfig({ NODE_ENV: 'production' })).toThrow(/SANJI_KEYS/);
  expect(() => readConfig({ DATABASE_URL: 'postgresql://db/sanji' })).toThrow(/SANJI_KEYS/);
});

/** What readConfig asks its environment for, on every branch. */
function variablesRead(): string[] {
  const names = new Set<string>();
  const given: Record<string, string> = { SANJI_OIDC_ISSUER: 'https://id.example.org', SANJI_METRICS_PORT: '9464' };
  readConfig(
    new Proxy(given, {
      get(target, name: string) {
        names.add(name);
        return target[name];
      },
    }),
  );
  return [...names];
}
