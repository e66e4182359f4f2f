import 'reflect-metadata';
import type { Abstract, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../../src/app.module.js';
import type { SealedPart } from '../../src/alert/alert.js';
import { Clock } from '../../src/platform/clock/clock.js';
import { readConfig } from '../../src/platform/config/config.js';
import { BlindIndex, Keyring } from '../../src/platform/crypto/keyring.js';
import { createLogger } from '../../src/platform/log/logger.js';
import { openPlatform } from '../../src/platform-context.js';
import { RecordingDatabase } from './recorder.js';

const PERSON: SealedPart = { subject: { name: '王某某', phone: '13800001234' } };

/** The product's services over a database, without its server. */
export interface Product {
  readonly database: RecordingDatabase;
  readonly blindIndex: BlindIndex;
  get<T>(type: Type<T> | Abstract<T>): T;
  close(): Promise<void>;
}

export async function openProduct(url: string, keys = Keyring.generate('bench')): Promise<Product> {
  const keyring = Keyring.parse(keys);
  const clock = new Clock();
  const { platform, release } = await openPlatform({
    config: readConfig({ SANJI_KEYS: keys }),
    url,
    keyring,
    clock,
    logger: createLogger('fatal'),
  });
  try {
    const database = new RecordingDatabase(platform.database.source, clock);
    const app = await NestFactory.createApplicationContext(
      AppModule.of({ ...platform, database, keyring: openingAnything(keyring) }),
      { logger: false, abortOnError: false },
    );
    return {
      database,
      blindIndex: platform.blindIndex,
      get: (type) => app.get(type, { strict: false }),
      close: async () => {
        await app.close();
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** SQL cannot seal: what it generates is as long as a sealed value, and every one opens to the same person. */
export function openingAnything(keyring: Keyring): Keyring {
  return Object.assign(Object.create(keyring) as Keyring, { openText: () => JSON.stringify(PERSON) });
}
