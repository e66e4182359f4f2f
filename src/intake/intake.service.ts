import { Inject, Injectable } from '@nestjs/common';
import type { Alert } from '../alert/alert.js';
import { AlertStore } from '../alert/alert.store.js';
import { AlertView } from '../alert/alert.view.js';
import { IDENTITY_FIELD, PHONE_FIELD } from '../alert/person.rules.js';
import { AssignmentStore, type NewAssignment } from '../assignment/assignment.store.js';
import { beginHop } from '../assignment/hop.rules.js';
import type { Caller } from '../identity/caller.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import type { Policies } from '../organization/policy.js';
import { localDateOf } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { BlindIndex, Keyring } from '../platform/crypto/keyring.js';
import type { Tx } from '../platform/database/database.js';
import { CONFIG } from '../platform/platform.module.js';
import { PendingEvents, TimelineStore, type Author } from '../timeline/timeline.store.js';
import { CaseNumbers } from './case-number.js';
import { joinSignals } from './join.rules.js';
import { PersonRegister } from './person.register.js';
import { StageTeller } from '../alert/stage.teller.js';
import { newId } from '../platform/clock/id.js';
import { rowOf, type Digests, type Incoming } from './intake.row.js';
import { contentOf, type Signal } from './signal.js';

/** What became of one signal. */
export type Taken =
  | { outcome: 'created' | 'duplicate' | 'merged'; alert: Alert }
  /** The reference stands for other content. */
  | { outcome: 'conflict'; alert: Alert };

/** Rounds of "insert, see who was faster, look again" before something is plainly wrong. */
const MOST_ROUNDS = 20;

/**
 * Takes signals in: repeats, conflicts, one open alert a person, routing, the first hop, the history — in a handful of
 * statements however many signals there are. The database holds the rules by unique indexes; where another
 * transaction was faster, the signals concerned are looked at again.
 */
@Injectable()
export class IntakeService {
  constructor(
    private readonly store: AlertStore,
    private readonly view: AlertView,
    private readonly assignments: AssignmentStore,
    private readonly timeline: TimelineStore,
    private readonly stages: StageTeller,
    private readonly numbers: CaseNumbers,
    private readonly keyring: Keyring,
    private readonly blindIndex: BlindIndex,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Signals of one city, in order.
   * @param digests of each, where they are known already
   * @returns what became of each, in the same order
   */
  async take(
    tx: Tx,
    caller: Caller,
    signals: readonly Signal[],
    organization: OrganizationSnapshot,
    policies: Policies,
    digests?: readonly Digests[],
  ): Promise<Taken[]> {
    const taken: Taken[] = new Array<Taken>(signals.length);
    let waiting = signals.map((signal, index): Incoming => ({
      index,
      signal,
      ...(digests?.[index] ?? this.digestsOf(signal)),
    }));
    for (let round = 1; waiting.length > 0; round++) {
      if (round > MOST_ROUNDS) throw new Error('signals keep meeting others that are not there');
      waiting = await new IntakeRound(this.tools(), tx, caller, organization, policies, taken).run(waiting);
    }
    return taken;
  }

  /** All that takes time and no database: files have it done ahead. */
  digestsOf(signal: Signal): Digests {
    const { phone, idNumber } = signal.personal.subject;
    return {
      contentHash: this.blindIndex.of('signal', contentOf(signal)),
      phoneIx: this.blindIndex.of(PHONE_FIELD, phone),
      identityIx: idNumber === undefined ? null : this.blindIndex.of(IDENTITY_FIELD, idNumber),
    };
  }

  private tools(): IntakeTools {
    return {
      store: this.store,
      view: this.view,
      assignments: this.assignments,
      timeline: this.timeline,
      stages: this.stages,
      numbers: this.numbers,
      keyring: this.keyring,
      timeZone: this.config.timeZone,
    };
  }
}

export interface IntakeTools {
  store: AlertStore;
  view: AlertView;
  assignments: AssignmentStore;
  timeline: TimelineStore;
  stages: StageTeller;
  numbers: CaseNumbers;
  keyring: Keyring;
  timeZone: string;
}

/** Alerts that are inserted at once. */
const PART = 250;

/** A signal that opens an alert, before the alert is made: its id is what later signals join. */
interface Opening {
  incoming: Incoming;
  id: string;
  alertNo: string;
  previousAlerts: number;
}

interface Opened {
  incoming: Incoming;
  alert: Alert;
}

/** One look at the signals that are still waiting. */
class IntakeRound {
  private readonly pending = new PendingEvents();
  private readonly hops: NewAssignment[] = [];
  private readonly again: Incoming[] = [];
  private readonly author: Author;

  constructor(
    private readonly tools: IntakeTools,
    private readonly tx: Tx,
    private readonly caller: Caller,
    private readonly organization: OrganizationSnapshot,
    private readonly policies: Policies,
    private readonly taken: Taken[],
  ) {
    this.author = { actorId: caller.id, agencyId: caller.agency.id };
  }

  /** @returns the signals for which another transaction was faster */
  async run(waiting: Incoming[]): Promise<Incoming[]> {
    const { view, store, timeline, assignments } = this.tools;
    const cityId = this.caller.agency.cityId;
    const [stored, ofPersons] = await Promise.all([
      view.byReference(
        this.tx,
        cityId,
        waiting.map(({ signal }) => signal.source),
        waiting.map(({ signal }) => signal.sourceRef),
      ),
      view.ofPersons(
        this.tx,
        cityId,
        waiting.map(({ phoneIx }) => phoneIx),
        waiting.flatMap(({ identityIx }) => (identityIx ? [identityIx] : [])),
      ),
    ]);
    const fresh = this.withoutRepeats(waiting, new Map(stored.map(({ ord, ...alert }) => [ord - 1, alert])));
    if (fresh.length === 0) return this.again;

    const register = new PersonRegister(ofPersons);
    const targets = new Map((await this.lock(fresh, register)).map((alert) => [alert.id, alert]));
    const numbers = await this.tools.numbers.take(
      this.organization.byId(cityId).code,
      localDateOf(this.tx.now, this.tools.timeZone),
      fresh.length,
    );

    const opening: Opening[] = [];
    const openedIds = new Set<string>();
    const joining: { incoming: Incoming; into: string; alertNo: string }[] = [];
    fresh.forEach((incoming, position) => {
      const alertNo = numbers[position]!;
      const open = register.openOf(incoming);
      if (open === undefined) {
        const id = newId(this.tx.now);
        opening.push({ incoming, id, alertNo, previousAlerts: register.endedSince(incoming, this.watchedSince()) });
        openedIds.add(id);
        register.add({ ...incoming, id, status: 'new', split: false, endedAt: null });
      } else if (targets.has(open) || openedIds.has(open)) {
        joining.push({ incoming, into: open, alertNo });
      } else {
        // It was open when it was found and is not any more: look again.
        this.again.push(incoming);
      }
    });

    const { created, inserted } = await this.open(opening);
    for (const { incoming, alert } of created) {
      if (inserted.has(alert.id)) {
        targets.set(alert.id, alert);
        this.taken[incoming.index] = { outcome: 'created', alert };
      } else {
        this.again.push(incoming);
      }
    }
    this.hops.splice(0, this.hops.length, ...this.hops.filter(({ alertId }) => inserted.has(alertId)));
    this.pending.rows.splice(
      0,
      this.pending.rows.length,
      ...this.pending.rows.filter(({ caseId }) => inserted.has(caseId)),
    );

    const raised = await this.join(joining, targets);
    assignments.insert(this.tx, this.hops);
    timeline.write(this.tx, this.pending);
    store.raise(this.tx, raised);
    const movedUp = raised.flatMap(({ id, hop, acceptDueAt }) =>
      acceptDueAt ? [{ alertId: id, hop, acceptDueAt }] : [],
    );
    assignments.setAcceptDue(this.tx, movedUp);
    return this.again.sort((a, b) => a.index - b.index);
  }

  /** Makes and stores alerts a part at a time: the database inserts one while the next is sealed and chained. */
  private async open(opening: Opening[]): Promise<{ created: Opened[]; inserted: Set<string> }> {
    // In one order for everybody: two batches with the same persons wait for each other instead of deadlocking.
    opening.sort((a, b) => Buffer.compare(a.incoming.phoneIx, b.incoming.phoneIx));
    const created: Opened[] = [];
    const inserting: Promise<Set<string>>[] = [];
    for (let at = 0; at < opening.length; at += PART) {
      const part = opening.slice(at, at + PART).map((one) => ({ incoming: one.incoming, alert: this.newAlert(one) }));
      created.push(...part);
      const alerts = part.map(({ alert }) => alert);
      inserting.push(this.tools.store.insert(this.tx, alerts));
    }
    const inserted = new Set((await Promise.all(inserting)).flatMap((ids) => [...ids]));
    return { created, inserted };
  }

  /** Answers repeats of what is stored and, within the batch, of what comes earlier in it. */
  private withoutRepeats(waiting: Incoming[], stored: Map<number, Alert>): Incoming[] {
    const seen = new Set<string>();
    return waiting.filter((incoming, position) => {
      const known = stored.get(position);
      if (known) {
        this.taken[incoming.index] = {
          outcome: known.contentHash.equals(incoming.contentHash) ? 'duplicate' : 'conflict',
          alert: known,
        };
        return false;
      }
      const reference = JSON.stringify([incoming.signal.source, incoming.signal.sourceRef]);
      if (seen.has(reference)) {
        // The first of them is stored by the next round.
        this.again.push(incoming);
        return false;
      }
      seen.add(reference);
      return true;
    });
  }

  /** Holds the open alerts that signals may join, so that they stay open until this is committed. */
  private async lock(fresh: Incoming[], register: PersonRegister): Promise<Alert[]> {
    const ids = new Set(fresh.flatMap((incoming) => register.openOf(incoming) ?? []));
    if (ids.size === 0) return [];
    const locked = await this.tools.store.lockMany(this.tx, [...ids]);
    this.tx.restamp();
    return locked.filter(({ status }) => ['new', 'assigned', 'in_progress', 'pending_review'].includes(status));
  }

  private watchedSince(): Date {
    return new Date(this.tx.now.getTime() - this.policies.routing.watchDays * 86_400_000);
  }

  private rowOf(incoming: Incoming, id: string, alertNo: string): Alert {
    const { caller, tx, tools, policies } = this;
    return rowOf(incoming, id, alertNo, caller.agency.cityId, tx.now, tools.keyring, policies);
  }

  private newAlert({ incoming, id, alertNo, previousAlerts }: Opening): Alert {
    const alert = this.rowOf(incoming, id, alertNo);
    alert.previousAlerts = previousAlerts;
    const county = this.policies.routing.autoPush
      ? this.organization.route(alert.cityId, alert.divisionCode, 'county')
      : undefined;
    if (county) this.hops.push(beginHop(alert, county, 'intake', 'assigned', this.policies, this.tx.now, null));
    this.link(alert, [
      {
        type: 'received',
        data: {
          source: alert.source,
          sourceRef: alert.sourceRef,
          kind: alert.kind,
          riskLevel: alert.riskLevel,
          fraudType: alert.fraudType,
          divisionCode: alert.divisionCode,
          amountAtRiskFen: alert.amountAtRiskFen,
          previousAlerts,
          status: alert.status,
          ...(county ? { agency: county.code, hop: alert.hop, acceptDueAt: alert.acceptDueAt!.toISOString() } : {}),
        },
      },
    ]);
    return alert;
  }

  /** Stores joining signals, and raises what they join. @returns the alerts that were raised */
  private async join(
    joining: { incoming: Incoming; into: string; alertNo: string }[],
    targets: Map<string, Alert>,
  ): Promise<Alert[]> {
    const signals = joining.flatMap(({ incoming, into, alertNo }) => {
      const target = targets.get(into);
      if (!target) {
        // The alert it was to join lost its own race.
        this.again.push(incoming);
        return [];
      }
      const id = newId(this.tx.now);
      const row = this.rowOf(incoming, id, alertNo);
      Object.assign(row, { status: 'merged', holderId: null, mergedInto: target.id });
      const pending = new PendingEvents();
      const { source, sourceRef, riskLevel } = row;
      Object.assign(
        row,
        this.tools.timeline.link(pending, row.id, row, this.tx.now, this.author, [
          { type: 'merged', data: { source, sourceRef, riskLevel, into: target.id, intoNo: target.alertNo } },
        ]),
      );
      return [{ incoming, row, target, pending }];
    });
    const inserted = await this.tools.store.insert(
      this.tx,
      signals.map(({ row }) => row),
    );
    const raised = new Set<Alert>();
    for (const { incoming, row, target, pending } of signals) {
      if (!inserted.has(row.id)) {
        this.again.push(incoming);
        continue;
      }
      this.pending.rows.push(...pending.rows);
      this.taken[incoming.index] = { outcome: 'merged', alert: row };
      this.tools.stages.tell(this.tx, target, this.organization, this.policies, this.pending);
      this.link(target, [{ type: 'signal-joined', data: joinSignals(target, row, this.policies, this.tx.now) }]);
      raised.add(target);
    }
    return [...raised];
  }

  private link(alert: Alert, drafts: Parameters<TimelineStore['link']>[5]): void {
    Object.assign(alert, this.tools.timeline.link(this.pending, alert.id, alert, this.tx.now, this.author, drafts));
  }
}
