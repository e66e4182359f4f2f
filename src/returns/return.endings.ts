import { Injectable } from '@nestjs/common';
import { DeadlineStore } from '../deadline/deadline.store.js';
import { FreezeEndings } from '../freeze/freeze.endings.js';
import type { FundReturn } from './return.js';
import { ReturnStore } from './return.store.js';

/** A return that is open when its freeze ends, ends with it: there is nothing left to pay from. */
@Injectable()
export class ReturnEndings {
  constructor(
    private readonly store: ReturnStore,
    private readonly deadlines: DeadlineStore,
    endings: FreezeEndings,
  ) {
    endings.onEnd(async (at, freeze) => {
      for (const row of await this.store.lockOpen(at.tx, freeze.id)) {
        Object.assign(row, { status: 'lapsed', endedAt: freeze.endedAt ?? at.now } satisfies Partial<FundReturn>);
        this.store.update(at.tx, row);
        this.deadlines.cancel(at.tx, row.id, 'return-payable', 'return-payment-overdue');
        at.log('return-lapsed', { returnId: row.id, freezeId: freeze.id });
      }
    });
  }
}
