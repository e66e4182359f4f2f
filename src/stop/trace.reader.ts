import { Inject, Injectable } from '@nestjs/common';
import { maskAccount, maskName } from '../alert/mask.rules.js';
import type { Caller } from '../identity/caller.js';
import { transferContext, type SealedTransfer, type Transfer } from '../incident/incident.js';
import { noSuchIncident, requireSeen } from '../incident/incident.desk.js';
import { IncidentView } from '../incident/incident.view.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import { isId } from '../platform/clock/id.js';
import { addDays, startOfLocalDate } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { Database } from '../platform/database/database.js';
import { CONFIG } from '../platform/platform.module.js';
import { StopPresenter } from './stop.presenter.js';
import { stateAt } from './stop.rules.js';
import type { TraceAccountAnswer, TraceAnswer, TraceLevel, TraceTransferAnswer } from './trace.dto.js';
import {
  addSums,
  placesOf,
  stateOf,
  sumsOf,
  treeOf,
  type TraceFreeze,
  type TraceNode,
  type TraceStop,
  type TraceTransfer,
} from './trace.rules.js';
import { TraceView, type Booked, type TracedFreeze, type TracedStop } from './trace.view.js';

type ShownTransfer = TraceTransfer & { row: Transfer; parties: SealedTransfer };
type ShownStop = TraceStop & { row: TracedStop };
type ShownFreeze = TraceFreeze & { row: TracedFreeze };
type Node = TraceNode<ShownStop, ShownFreeze>;

/** What a stop-payment or freeze is that the ledger has nothing of yet. */
const NONE: Omit<Booked, 'id'> = { stoppedFen: 0, frozenFen: 0, returnedFen: 0, heldFen: 0 };
/** A freeze in these states ends with its last day. */
const RUNNING = ['requested', 'approved', 'effective'];

/** 资金追踪: where the money of an incident went, and how much of it is held. */
@Injectable()
export class TraceReader {
  constructor(
    private readonly database: Database,
    private readonly incidents: IncidentView,
    private readonly view: TraceView,
    private readonly presenter: StopPresenter,
    private readonly organization: OrganizationRegistry,
    private readonly keyring: Keyring,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async trace(caller: Caller, incidentId: string): Promise<TraceAnswer> {
    if (!isId(incidentId)) throw noSuchIncident();
    const organization = await this.organization.current();
    return this.database.readSnapshot(caller.session, async (tx) => {
      const incident = await this.incidents.find(tx, incidentId);
      if (!incident) throw noSuchIncident();
      requireSeen(caller, incident, organization);
      const rows = await this.incidents.transfers(tx, incidentId);
      const stopRows = await this.view.stops(tx, incidentId);
      const freezeRows = await this.view.freezes(tx, incidentId);
      const booked = await this.view.booked(
        tx,
        [...stopRows, ...freezeRows].map(({ id }) => id),
      );

      const transfers = rows.map((row) => this.transfer(row));
      const stops = stopRows.map((row): ShownStop => {
        const state = stateAt(row, tx.now);
        return {
          ...row,
          row,
          account: keyOf(row.accountIx),
          state,
          booked: bookedOf(booked, row.id, state !== 'expired'),
        };
      });
      const freezes = freezeRows.map((row): ShownFreeze => {
        const lapsed = RUNNING.includes(row.status) && this.endOf(row.untilOn).getTime() <= tx.now.getTime();
        const status = lapsed ? 'lapsed' : row.status;
        return { ...row, row, account: keyOf(row.accountIx), status, booked: bookedOf(booked, row.id, !lapsed) };
      });
      const { accounts, unplaced } = treeOf(transfers, stops, freezes);
      const levels = levelsOf(accounts, transfers);
      const unplacedFen = unplaced.reduce((sum, { amountFen }) => sum + amountFen, 0);
      return {
        incidentId,
        incidentNo: incident.incidentNo,
        lossFen: incident.lossFen,
        transfers: transfers.map((one) => this.transferAnswer(one, !unplaced.includes(one))),
        accounts: accounts.map((node) => this.accountAnswer(node, transfers)),
        levels,
        totals: { ...addSums(levels), transferFen: (levels[0]?.transferFen ?? 0) + unplacedFen, unplacedFen },
      };
    });
  }

  private transfer(row: Transfer): ShownTransfer {
    const sealed = this.keyring.openText(row.sealed, transferContext(row.incidentId, row.no));
    const account = row.toIx === null ? undefined : keyOf(row.toIx);
    return { row, parties: JSON.parse(sealed) as SealedTransfer, account, amountFen: row.amountFen };
  }

  private transferAnswer({ row, parties }: ShownTransfer, placed: boolean): TraceTransferAnswer {
    const { toAccount, toBank, toName } = parties;
    return {
      no: row.no,
      at: this.presenter.moment(row.at),
      amountFen: row.amountFen,
      toAccount: toAccount === undefined ? null : maskAccount(toAccount),
      toBank: toBank ?? null,
      toName: toName === undefined ? null : maskName(toName),
      placed,
    };
  }

  private accountAnswer(node: Node, transfers: readonly ShownTransfer[]): TraceAccountAnswer {
    const { row } = (node.stops.at(-1) ?? node.freezes.at(-1))!;
    const named = node.stops.at(-1)?.row;
    return {
      account: this.presenter.account(row.accountId, row.accountSealed),
      bank: row.bank,
      holderName: named ? maskName(this.presenter.holderName(named)) : null,
      level: node.level,
      status: stateOf(node),
      ...sumsOf(node, transfers),
      stops: node.stops.map(({ row: stop, state }) => ({
        id: stop.id,
        ordinal: stop.ordinal,
        status: state,
        transferFen: stop.transferFen,
        transferAt: this.presenter.moment(stop.transferAt),
        stoppedFen: stop.stoppedFen,
        expiresAt: this.presenter.moment(stop.expiresAt),
      })),
      freezes: node.freezes.map(({ id, status, booked: { frozenFen, returnedFen } }) => ({
        id,
        status,
        frozenFen,
        returnedFen,
      })),
      children: node.children.map((child) => this.accountAnswer(child, transfers)),
    };
  }

  private endOf(untilOn: string): Date {
    return startOfLocalDate(addDays(untilOn, 1), this.config.timeZone);
  }
}

function keyOf(index: Buffer): string {
  return index.toString('hex');
}

/** @param holds what has ended by itself holds nothing, also where the clock has not told so yet */
function bookedOf(booked: ReadonlyMap<string, Booked>, id: string, holds: boolean): Omit<Booked, 'id'> {
  const { stoppedFen, frozenFen, returnedFen, heldFen } = booked.get(id) ?? NONE;
  return { stoppedFen, frozenFen, returnedFen, heldFen: holds ? heldFen : 0 };
}

function levelsOf(accounts: readonly Node[], transfers: readonly ShownTransfer[]): TraceLevel[] {
  const byLevel = new Map<number, Node[]>();
  for (const node of placesOf(accounts)) byLevel.set(node.level, [...(byLevel.get(node.level) ?? []), node]);
  return [...byLevel].map(([level, nodes]) => ({
    level,
    accounts: nodes.length,
    ...addSums(nodes.map((node) => sumsOf(node, transfers))),
  }));
}
