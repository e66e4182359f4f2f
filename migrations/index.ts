import { Foundation1700000000001 } from './1700000000001-foundation.js';
import { Cases1700000000002 } from './1700000000002-cases.js';
import { Clocks1700000000003 } from './1700000000003-clocks.js';
import { Webhooks1700000000004 } from './1700000000004-webhooks.js';
import { Messages1700000000005 } from './1700000000005-messages.js';
import { FollowUpsByDueTime1700000000006 } from './1700000000006-follow-ups-by-due-time.js';
import { Ledger1700000000007 } from './1700000000007-ledger.js';
import { Incidents1700000000008 } from './1700000000008-incidents.js';
import { StopPayments1700000000009 } from './1700000000009-stop-payments.js';
import { Freezes1700000000010 } from './1700000000010-freezes.js';
import { Returns1700000000011 } from './1700000000011-returns.js';
import { MoneyReports1700000000012 } from './1700000000012-money-reports.js';
import { Rankings1700000000013 } from './1700000000013-rankings.js';
import { ReportCells1700000000014 } from './1700000000014-report-cells.js';
import { Exports1700000000015 } from './1700000000015-exports.js';
import { Replay1700000000016 } from './1700000000016-replay.js';
import { AcceptancesByTime1700000000017 } from './1700000000017-acceptances-by-time.js';

/** In order; each is proved up, down and up again by test/platform/migrations.spec.ts. */
export const migrations = [
  Foundation1700000000001,
  Cases1700000000002,
  Clocks1700000000003,
  Webhooks1700000000004,
  Messages1700000000005,
  FollowUpsByDueTime1700000000006,
  Ledger1700000000007,
  Incidents1700000000008,
  StopPayments1700000000009,
  Freezes1700000000010,
  Returns1700000000011,
  MoneyReports1700000000012,
  Rankings1700000000013,
  ReportCells1700000000014,
  Exports1700000000015,
  Replay1700000000016,
  AcceptancesByTime1700000000017,
];
