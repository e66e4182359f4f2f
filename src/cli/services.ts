import 'reflect-metadata';
import { userInfo } from 'node:os';
import type { Abstract, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import { systemCaller, type Caller } from '../identity/caller.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import { Clock } from '../platform/clock/clock.js';
import { readConfig, type Config } from '../platform/config/config.js';
import { toProblem } from '../platform/http/problem.filter.js';
import { createValidationPipe } from '../platform/http/validation.js';
import { createLogger } from '../platform/log/logger.js';
import { nestLogger } from '../platform/log/nest.logger.js';
import { openPlatform } from '../platform-context.js';
import { loadKeyring, openDatabase } from './context.js';
import { CommandError } from './failure.js';
import { exitWhenStopped } from './signals.js';

/** The application's services without its server. */
export class Services {
  constructor(
    readonly config: Config,
    private readonly find: <T>(type: Type<T> | Abstract<T>) => T,
  ) {}

  get<T>(type: Type<T> | Abstract<T>): T {
    return this.find(type);
  }

  /**
   * The command line as the audit log knows it: by whoever is at the terminal.
   * @param agencyCode agency that it acts for; the first city where it is none's in particular
   * @throws CommandError where there is no such agency
   */
  async caller(agencyCode?: string): Promise<Caller> {
    const organization = await this.get(OrganizationRegistry).current();
    const [first] = organization.cities();
    if (!first) throw new CommandError('There are no agencies yet: "sanji seed --city 4113" makes those of a city.');
    const agency = agencyCode === undefined ? first : organization.byCode(agencyCode);
    if (!agency) throw new CommandError(`No agency has the code ${agencyCode}.`);
    return { ...systemCaller(agency), name: `command line (${operatorName()})` };
  }

  /** A request's body checked as it is over HTTP. @throws Problem `invalid` */
  async checked<T extends object>(type: Type<T>, body: Partial<T>): Promise<T> {
    const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
    return (await createValidationPipe().transform(given, { type: 'body', metatype: type })) as T;
  }
}

/** Runs a command's work over the configured database, brought to this version, and lets go of everything after it. */
export async function withServices<T>(work: (services: Services) => Promise<T>): Promise<T> {
  const stay = exitWhenStopped();
  try {
    return await inContext(work);
  } finally {
    stay();
  }
}

async function inContext<T>(work: (services: Services) => Promise<T>): Promise<T> {
  const config = readConfig(process.env);
  const logger = createLogger(process.env['SANJI_LOG_LEVEL'] ? config.logLevel : 'warn');
  const keyring = await loadKeyring(config);
  const database = await openDatabase(config, { notice: (message) => logger.warn(message) });
  try {
    const { platform, release } = await openPlatform({
      config,
      url: database.url,
      keyring,
      clock: new Clock(),
      logger,
    });
    try {
      const app = await NestFactory.createApplicationContext(AppModule.of(platform), {
        logger: nestLogger(logger),
        abortOnError: false,
      });
      try {
        return await work(new Services(config, (type) => app.get(type, { strict: false })));
      } catch (error) {
        // A constraint of the database is told in the words that the API has for it.
        const problem = toProblem(error);
        throw problem.kind.status < 500 ? problem : error;
      } finally {
        await app.close();
      }
    } finally {
      await release();
    }
  } finally {
    await database.close();
  }
}

function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
