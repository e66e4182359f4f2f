import { Foundation1700000000001 } from './1700000000001-foundation.js';
import { Cases1700000000002 } from './1700000000002-cases.js';
import { Clocks1700000000003 } from './1700000000003-clocks.js';

/** In order; each is proved up, down and up again by test/platform/migrations.spec.ts. */
export const migrations = [Foundation1700000000001, Cases1700000000002, Clocks1700000000003];
