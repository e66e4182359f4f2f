import { Injectable } from '@nestjs/common';
import type { Deadline } from '../deadline/deadline.js';
import { DeadlineRegistry } from '../deadline/deadline.registry.js';
import type { Agency } from '../organization/agency.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import type { Tx } from '../platform/database/database.js';
import { IncidentDesk } from './incident.desk.js';
import { STOP_REQUEST_KINDS } from './incident.rules.js';

type Kind = (typeof STOP_REQUEST_KINDS)[number];

/** Who is told at each stage, beside the agency that is late itself. */
const TOLD: Record<Kind, ((holder: Agency, organization: OrganizationSnapshot) => Agency) | undefined> = {
  'stop-request-reminded': undefined,
  'stop-request-overdue': (holder, organization) => organization.parentOf(holder) ?? holder,
  'stop-request-climbed': (holder, organization) => organization.cityOf(holder),
};

/** Tells how late the first stop-payment of an incident is. The agency that holds the incident then is the late one. */
@Injectable()
export class StopRequestClock {
  constructor(
    private readonly desk: IncidentDesk,
    registry: DeadlineRegistry,
  ) {
    for (const kind of STOP_REQUEST_KINDS) {
      registry.on(kind, (tx, deadline, take, late) => this.tell(tx, kind, deadline, take, late));
    }
  }

  private async tell(
    tx: Tx,
    kind: Kind,
    { caseId }: Deadline,
    take: () => Promise<boolean>,
    late: boolean,
  ): Promise<void> {
    const [at] = await this.desk.hold(tx, null, { incidents: [caseId] });
    if (!(await take())) return;
    const { incident, organization } = at!;
    const holder = organization.byId(incident.agencyId);
    const told = TOLD[kind]?.(holder, organization);
    at!.log(kind, {
      agency: holder.code,
      ...(told ? { told: told.code } : {}),
      dueAt: incident.stopDueAt.toISOString(),
      late,
    });
    this.desk.write(at!);
  }
}
