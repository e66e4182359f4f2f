import { Injectable } from '@nestjs/common';
import { AlertDesk } from '../alert/alert.desk.js';
import { AlertPresenter, holderAnswer } from '../alert/alert.presenter.js';
import type { Caller } from '../identity/caller.js';
import { Database } from '../platform/database/database.js';
import type { AssignmentList } from './assignment.dto.js';
import { AssignmentView } from './assignment.view.js';

@Injectable()
export class AssignmentReader {
  constructor(
    private readonly database: Database,
    private readonly desk: AlertDesk,
    private readonly view: AssignmentView,
    private readonly presenter: AlertPresenter,
  ) {}

  async list(caller: Caller, id: string): Promise<AssignmentList> {
    return this.database.read(caller.session, async (tx) => {
      const { alert, organization } = await this.desk.see(tx, caller, id);
      const hops = await this.view.list(tx, alert.id);
      return {
        items: hops.map((hop) => ({
          hop: hop.hop,
          agency: holderAnswer(organization.byId(hop.agencyId)),
          how: hop.how,
          reason: hop.reason,
          assignedAt: this.presenter.moment(hop.assignedAt),
          acceptDueAt: this.presenter.moment(hop.acceptDueAt),
          acceptedAt: this.presenter.moment(hop.acceptedAt),
          endedAt: this.presenter.moment(hop.endedAt),
          endedHow: hop.endedHow,
        })),
        nextCursor: null,
      };
    });
  }
}
