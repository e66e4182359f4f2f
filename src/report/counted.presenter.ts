import { Injectable } from '@nestjs/common';
import { AlertPresenter, holderAnswer } from '../alert/alert.presenter.js';
import { maskAccount } from '../alert/mask.rules.js';
import { sees } from '../alert/transitions.js';
import type { Caller } from '../identity/caller.js';
import { IncidentPresenter } from '../incident/incident.presenter.js';
import { IncidentView } from '../incident/incident.view.js';
import { accountContext } from '../ledger/ledger.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { Keyring } from '../platform/crypto/keyring.js';
import type { Tx } from '../platform/database/database.js';
import type { CountedItem } from './counted.item.js';
import { CountedView } from './counted.view.js';
import type { CountedFactAnswer, TierReportCaseAnswer, TierReportIncidentAnswer } from './tier-report.dto.js';

export type CountedAnswer = TierReportCaseAnswer | TierReportIncidentAnswer;

/** What stands behind a number, as a caller may see it: masked, and of incidents elsewhere only what counted. */
@Injectable()
export class CountedPresenter {
  constructor(
    private readonly view: CountedView,
    private readonly alerts: AlertPresenter,
    private readonly incidents: IncidentPresenter,
    private readonly incidentView: IncidentView,
    private readonly keyring: Keyring,
  ) {}

  /**
   * Reads what belongs to the items of a page.
   * @param ofSignals the items are signals: each is shown itself, not the case that it joined
   * @returns what makes an answer of an item
   */
  async of(
    tx: Tx,
    items: readonly CountedItem[],
    ofSignals: boolean,
    caller: Caller,
    organization: OrganizationSnapshot,
  ): Promise<(item: CountedItem) => CountedAnswer> {
    const shown = ({ alertId, itemId }: CountedItem): string | null => (ofSignals ? itemId : alertId);
    const incidentIds = items.flatMap(({ incidentId }) => incidentId ?? []);
    const [alerts, incidents, accounts, transferred] = await Promise.all([
      this.view.alerts(
        tx,
        items.flatMap((item) => shown(item) ?? []),
      ),
      this.view.incidents(tx, incidentIds),
      this.view.accounts(
        tx,
        items.flatMap(({ accountId }) => accountId ?? []),
      ),
      incidentIds.length === 0 ? new Map<string, number>() : this.incidentView.transferred(tx, incidentIds),
    ]);
    const numberOf = (accountId: string): string =>
      maskAccount(this.keyring.openText(accounts.get(accountId)!.sealed, accountContext(accountId)));
    return (item) => {
      const account = item.accountId === null ? null : numberOf(item.accountId);
      const counted = this.counted(item, account, organization);
      const alertId = shown(item);
      if (alertId !== null) {
        return { ...this.alerts.answer(alerts.get(alertId)!, caller, organization, tx.now), counted };
      }
      const incident = incidents.get(item.incidentId!)!;
      const seen = sees(caller.agency, incident, organization);
      return {
        incidentId: seen ? incident.id : null,
        incidentNo: seen ? incident.incidentNo : null,
        incident: seen
          ? this.incidents.answer(incident, caller, organization, tx.now, transferred.get(incident.id) ?? 0)
          : null,
        counted: counted!,
      };
    };
  }

  private counted(
    item: CountedItem,
    account: string | null,
    organization: OrganizationSnapshot,
  ): CountedFactAnswer | null {
    if (item.agencyId === null && item.tenths === null) return null;
    return {
      agency: item.agencyId === null ? null : holderAnswer(organization.byId(item.agencyId)),
      at: this.alerts.moment(item.at),
      dueAt: this.alerts.moment(item.dueAt),
      doneAt: this.alerts.moment(item.doneAt),
      method: item.method,
      reached: item.reached,
      result: item.result,
      amountFen: item.amountFen,
      minutes: item.tenths === null ? null : item.tenths / 10,
      entry: item.entryKind === null ? null : { id: item.itemId, kind: item.entryKind, account },
    };
  }
}
