import { Foundation1700000000001 } from './1700000000001-foundation.js';
import { Cases1700000000002 } from './1700000000002-cases.js';
import { Clocks1700000000003 } from './1700000000003-clocks.js';
import { Webhooks1700000000004 } from './1700000000004-webhooks.js';
import { Messages1700000000005 } from './1700000000005-messages.js';

/** In order; each is proved up, down and up again by test/platform/migrations.spec.ts. */
export const migrations = [
  Foundation1700000000001,
  Cases1700000000002,
  Clocks1700000000003,
  Webhooks1700000000004,
  Messages1700000000005,
];
