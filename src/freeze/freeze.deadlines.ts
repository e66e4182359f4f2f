import { Injectable } from '@nestjs/common';
import type { Deadline, DeadlineHandler } from '../deadline/deadline.js';
import { DeadlineRegistry } from '../deadline/deadline.registry.js';
import { IncidentDesk, type IncidentAtHand } from '../incident/incident.desk.js';
import type { Tx } from '../platform/database/database.js';
import type { Freeze } from './freeze.js';
import { FreezeLine } from './freeze.line.js';
import { VERIFICATIONS } from './freeze.rules.js';
import { FreezeStore } from './freeze.store.js';
import { FreezeView } from './freeze.view.js';

/** What time alone brings about of freezes: alarms, and the end. */
@Injectable()
export class FreezeDeadlines {
  constructor(
    private readonly desk: IncidentDesk,
    private readonly line: FreezeLine,
    private readonly store: FreezeStore,
    private readonly view: FreezeView,
    registry: DeadlineRegistry,
  ) {
    for (const months of VERIFICATIONS) {
      registry.on(
        `freeze-verification-${months}`,
        this.alarm((at, { id }, { dueAt }, late) =>
          at.log('freeze-verification-due', { freezeId: id, months, dueAt: dueAt.toISOString(), late }),
        ),
      );
    }
    registry.on(
      'freeze-renewal',
      this.alarm((at, { id, untilOn }, _, late) =>
        at.log('freeze-renewal-due', { freezeId: id, until: untilOn, late }),
      ),
    );
    registry.on(
      'freeze-release-overdue',
      this.alarm((at, { id }, { dueAt }, late) =>
        at.log('freeze-release-overdue', { freezeId: id, dueAt: dueAt.toISOString(), late }),
      ),
    );
    registry.on('freeze-lapses', (tx, deadline, take) => this.lapse(tx, deadline, take));
  }

  /** A line on the timeline: no money moves, the account is left alone. */
  private alarm(
    tell: (at: IncidentAtHand, freeze: Freeze, deadline: Deadline, late: boolean) => void,
  ): DeadlineHandler {
    return async (tx, deadline, take, late) => {
      const [at] = await this.desk.hold(tx, null, { incidents: [deadline.caseId] });
      const freeze = (await this.store.lock(tx, deadline.subjectId))!;
      if (!(await take())) return;
      tell(at!, freeze, deadline, late);
      this.desk.write(at!);
    };
  }

  private async lapse(tx: Tx, { subjectId }: Deadline, take: () => Promise<boolean>): Promise<void> {
    const held = await this.line.hold(tx, (await this.view.find(tx, subjectId))!);
    const freeze = (await this.store.lock(tx, subjectId))!;
    if (!(await take())) return;
    await this.line.lapse(held, freeze);
    this.desk.write(...held.written);
  }
}
