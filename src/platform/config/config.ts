import { isIP } from 'node:net';
import { resolve } from 'node:path';

/** Everything the process takes from its environment, read once and checked together at boot. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** PostgreSQL to use; undefined means the embedded one under `dataDir`. */
  readonly databaseUrl: string | undefined;
  /** A standby of `databaseUrl` that reports are read from; undefined: the same database. */
  readonly databaseReadUrl: string | undefined;
  /** A standby further behind than so many seconds is not read. */
  readonly readLagSeconds: number;
  /** Connections a process keeps to the database. */
  readonly poolSize: number;
  readonly dataDir: string;
  /** `id:base64 of 32 bytes[,…]`; the first encrypts, all decrypt. */
  readonly keys: string | undefined;
  readonly keysFile: string | undefined;
  /** IANA zone of local dates and of the wording for people. */
  readonly timeZone: string;
  readonly logLevel: string;
  readonly production: boolean;
  /** Whether this server keeps the prepared figures of reports, by turns with the others. */
  readonly keepReports: boolean;
  /** Answer `/metrics` on the public port as well as on `metricsPort`. */
  readonly metricsPublic: boolean;
  readonly metricsPort: number | undefined;
  /** How many proxies stand in front: so many entries of X-Forwarded-For are believed, from the right. */
  readonly trustProxy: number;
  /** Largest import file, bytes. */
  readonly importMaxBytes: number;
  /** Roles that must sign in with a second factor. */
  readonly totpRequiredRoles: readonly string[];
  readonly oidc: OidcConfig | undefined;
  /**
   * What webhooks may reach beyond the public internet: everything, nothing, or hosts, addresses and networks (CIDR).
   * A host named here may be called over http in production, too.
   */
  readonly webhookAllowPrivate: boolean | readonly string[];
  readonly messages: MessageConfig;
}

/** How messages to people leave the house. */
export interface MessageConfig {
  /** `none`: nothing is sent. `file`: lines of a file under `dataDir`, for trying out. `http`: channels of `file`. */
  readonly gateway: 'none' | 'file' | 'http';
  /** JSON file with the channels of the HTTP gateway. */
  readonly channelsFile: string | undefined;
  /** What comes for one recipient within so many seconds is one message. */
  readonly bundleSeconds: number;
  /** Messages that one recipient gets in an hour at most; the rest waits and is bundled. */
  readonly perHour: number;
  /** `SANJI_SECRET_<NAME>` by NAME: what the channels' templates may ask for. */
  readonly secrets: Readonly<Record<string, string>>;
}

export interface OidcConfig {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUri: string | undefined;
  /** Claim that carries our username. */
  readonly usernameClaim: string;
  /** Claim that carries the agency code. */
  readonly agencyClaim: string;
}

/** A wrong environment: one message that names every fault. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const GATEWAYS = ['none', 'file', 'http'] as const;
const SECRET = 'SANJI_SECRET_';
const HOST = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/i;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/**
 * Reads the configuration.
 * @throws ConfigError naming every variable that is wrong, not only the first
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const faults: string[] = [];
  const text = (name: string): string | undefined => env[name]?.trim() || undefined;
  const integer = (name: string, fallback: number, least: number, most: number): number => {
    const raw = text(name);
    if (raw === undefined) return fallback;
    const value = Number(raw);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    faults.push(`${name} must be a whole number from ${least} to ${most}, not "${raw}"`);
    return fallback;
  };
  const flag = (name: string, fallback = false): boolean => {
    const raw = text(name)?.toLowerCase();
    if (raw === undefined) return fallback;
    if (raw === 'false' || raw === '0') return false;
    if (raw === 'true' || raw === '1') return true;
    faults.push(`${name} must be true or false, not "${raw}"`);
    return false;
  };
  const url = (name: string, protocols: string[]): string | undefined => {
    const raw = text(name);
    if (raw === undefined) return undefined;
    // The value may hold a password: the message names the variable, never the value.
    if (!URL.canParse(raw) || !protocols.includes(new URL(raw).protocol)) {
      faults.push(`${name} must be a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}`);
    }
    return raw;
  };

  const timeZone = text('SANJI_TZ') ?? 'Asia/Shanghai';
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    faults.push(`SANJI_TZ must be an IANA time zone such as Asia/Shanghai, not "${timeZone}"`);
  }
  const logLevel = text('SANJI_LOG_LEVEL') ?? 'info';
  if (!LOG_LEVELS.includes(logLevel)) faults.push(`SANJI_LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}`);

  const databaseUrl = url('DATABASE_URL', ['postgres:', 'postgresql:']);
  const databaseReadUrl = url('DATABASE_READ_URL', ['postgres:', 'postgresql:']);
  if (databaseReadUrl && !databaseUrl) {
    faults.push(
      'DATABASE_READ_URL names a standby of the PostgreSQL that DATABASE_URL names: set DATABASE_URL as well, or neither (the embedded database has no standby)',
    );
  }
  const keys = text('SANJI_KEYS');
  const keysFile = text('SANJI_KEYS_FILE');
  if (keys && keysFile) faults.push('set SANJI_KEYS or SANJI_KEYS_FILE, not both');
  const production = text('NODE_ENV') === 'production';
  if (!keys && !keysFile && (production || databaseUrl)) {
    faults.push(
      'SANJI_KEYS or SANJI_KEYS_FILE is required in production and with DATABASE_URL: personal data is encrypted with it (make one with: echo "k1:$(openssl rand -base64 32)")',
    );
  }

  const issuer = url('SANJI_OIDC_ISSUER', ['https:', 'http:']);
  const oidc = issuer
    ? {
        issuer,
        audience: text('SANJI_OIDC_AUDIENCE') ?? 'sanji',
        jwksUri: url('SANJI_OIDC_JWKS_URI', ['https:', 'http:']),
        usernameClaim: text('SANJI_OIDC_USERNAME_CLAIM') ?? 'preferred_username',
        agencyClaim: text('SANJI_OIDC_AGENCY_CLAIM') ?? 'agency',
      }
    : undefined;

  const gateway = text('SANJI_MESSAGES') ?? 'none';
  if (!(GATEWAYS as readonly string[]).includes(gateway)) {
    faults.push(`SANJI_MESSAGES must be one of ${GATEWAYS.join(', ')}, not "${gateway}"`);
  }
  const channelsFile = text('SANJI_MESSAGES_CONFIG');
  if (gateway === 'http' && channelsFile === undefined) {
    faults.push('SANJI_MESSAGES=http needs SANJI_MESSAGES_CONFIG: the JSON file with its channels (docs/messages.md)');
  }
  const secrets = Object.keys(env)
    .filter((name) => name.startsWith(SECRET))
    .map((name) => [name.slice(SECRET.length), text(name)] as const)
    .filter((entry): entry is [string, string] => entry[1] !== undefined);

  const allowPrivate = text('SANJI_WEBHOOK_ALLOW_PRIVATE') ?? 'false';
  const allowed = allowPrivate
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
  const strange = allowed.filter((entry) => !isHostOrNetwork(entry));
  if (strange.length > 0) {
    faults.push(
      `SANJI_WEBHOOK_ALLOW_PRIVATE must be true, false, or hosts, addresses and networks (10.1.0.0/16) with commas, not "${strange[0]}"`,
    );
  }

  const config: Config = {
    port: integer('PORT', 3000, 0, 65_535),
    host: text('HOST') ?? '127.0.0.1',
    databaseUrl,
    databaseReadUrl,
    readLagSeconds: integer('SANJI_READ_LAG_SECONDS', 60, 1, 3_600),
    poolSize: integer('SANJI_POOL_SIZE', 10, 2, 200),
    dataDir: resolve(text('SANJI_DATA_DIR') ?? '.data'),
    keys,
    keysFile,
    timeZone,
    logLevel,
    production,
    keepReports: flag('SANJI_REPORT_KEEPING', true),
    metricsPublic: flag('SANJI_METRICS_PUBLIC'),
    metricsPort: text('SANJI_METRICS_PORT') === undefined ? undefined : integer('SANJI_METRICS_PORT', 0, 1, 65_535),
    trustProxy: integer('SANJI_TRUST_PROXY', 0, 0, 10),
    importMaxBytes: integer('SANJI_IMPORT_MAX_MB', 200, 1, 2_000) * 1024 * 1024,
    totpRequiredRoles: (text('SANJI_TOTP_ROLES') ?? '')
      .split(',')
      .map((role) => role.trim())
      .filter(Boolean),
    oidc,
    webhookAllowPrivate: /^(true|false)$/i.test(allowPrivate) ? allowPrivate.toLowerCase() === 'true' : allowed,
    messages: {
      gateway: gateway as MessageConfig['gateway'],
      channelsFile,
      bundleSeconds: integer('SANJI_MESSAGES_BUNDLE_SECONDS', 60, 1, 3_600),
      perHour: integer('SANJI_MESSAGES_PER_HOUR', 10, 1, 1_000),
      secrets: Object.fromEntries(secrets),
    },
  };
  if (faults.length > 0) throw new ConfigError(`The environment is not right:\n- ${faults.join('\n- ')}`);
  return config;
}

function isHostOrNetwork(entry: string): boolean {
  const [address = '', bits, ...more] = entry.split('/');
  const family = isIP(address);
  if (bits === undefined) return family !== 0 || HOST.test(entry);
  const most = family === 6 ? 128 : 32;
  return family !== 0 && more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most;
}
