import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../identity/audit.store.js';
import type { Caller } from '../identity/caller.js';
import { FileDesk } from '../identity/file.desk.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { Clock } from '../platform/clock/clock.js';
import { addDays, formatInstant, startOfLocalDate } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { BlindIndex } from '../platform/crypto/keyring.js';
import { Database, type Tx } from '../platform/database/database.js';
import { streamed, type Opener } from '../platform/database/streamed.js';
import type { FileOrder } from '../platform/http/file.order.js';
import { Cursors, requireWhole, type Page } from '../platform/http/page.js';
import { invalid } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import type { FileFormat } from '../platform/tabular/file.format.js';
import { TimelineView } from '../timeline/timeline.view.js';
import { isOpen, OPEN_STATUSES, type Alert } from './alert.js';
import { AlertDesk } from './alert.desk.js';
import type { AlertAnswer, ListAlertsQuery, RevealAnswer, TimelineEventAnswer } from './alert.dto.js';
import { alertListFile } from './alert.file.js';
import { AlertPresenter } from './alert.presenter.js';
import { AlertView, type AlertFilter } from './alert.view.js';
import { EventPresenter } from './event.presenter.js';
import { normalisePhone, PHONE_FIELD } from './person.rules.js';
import { RevealLimit } from './reveal.limit.js';

const FIRST_ID = '00000000-0000-0000-0000-000000000000';
/** Cases that are read at once for a file. */
const ROWS_AT_ONCE = 100;

/** Answers what officers read of cases. */
@Injectable()
export class AlertReader {
  constructor(
    private readonly database: Database,
    private readonly desk: AlertDesk,
    private readonly view: AlertView,
    private readonly presenter: AlertPresenter,
    private readonly timeline: TimelineView,
    private readonly wording: EventPresenter,
    private readonly organization: OrganizationRegistry,
    private readonly blindIndex: BlindIndex,
    private readonly cursors: Cursors,
    private readonly revealLimit: RevealLimit,
    private readonly files: FileDesk,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async get(caller: Caller, id: string): Promise<AlertAnswer> {
    return this.database.read(caller.session, async (tx) => {
      const { alert, organization, allowed } = await this.desk.see(tx, caller, id);
      return this.presenter.answer(alert, caller, organization, tx.now, allowed);
    });
  }

  /** A page of the list, or the whole of it as a file. */
  async answer(caller: Caller, query: ListAlertsQuery): Promise<Page<AlertAnswer> | FileOrder> {
    const { format } = query;
    return format === 'json' ? this.list(caller, query) : this.file(caller, query, format);
  }

  async list(caller: Caller, query: ListAlertsQuery): Promise<Page<AlertAnswer>> {
    const organization = await this.organization.current();
    const byDue = isByDue(query);
    return this.database.read(caller.session, async (tx) => {
      const filter = this.filterOf(caller, query, organization, tx.now);
      const { limit, cursor, count, ...asked } = query;
      const signed = { list: 'alerts', caller: caller.agency.id, asked: { ...asked, sort: undefined }, byDue };
      const position = cursor === undefined ? undefined : (this.cursors.decode(signed, cursor) as string[]);
      const rows = await this.rows(tx, filter, byDue, position, limit + 1);
      const page = this.cursors.page(
        signed,
        limit,
        rows,
        (alert) => positionOf(alert, byDue),
        (alert) => this.presenter.answer(alert, caller, organization, tx.now),
      );
      return count ? { ...page, total: await this.view.count(tx, filter, byDue) } : page;
    });
  }

  /** Signals that joined an alert. */
  async signals(caller: Caller, id: string, query: { limit: number; cursor?: string }): Promise<Page<AlertAnswer>> {
    return this.database.read(caller.session, async (tx) => {
      const { organization } = await this.desk.see(tx, caller, id);
      const signed = { list: 'signals', id, caller: caller.agency.id };
      const [after = FIRST_ID] =
        query.cursor === undefined ? [] : (this.cursors.decode(signed, query.cursor) as string[]);
      const rows = await this.view.signals(tx, id, after, query.limit + 1);
      return this.cursors.page(
        signed,
        query.limit,
        rows,
        (alert) => [alert.id],
        (alert) => this.presenter.answer(alert, caller, organization, tx.now),
      );
    });
  }

  /** The history of a case, oldest first, worded for an officer. */
  async events(
    caller: Caller,
    id: string,
    query: { limit: number; cursor?: string },
  ): Promise<Page<TimelineEventAnswer>> {
    return this.database.read(caller.session, async (tx) => {
      const { alert, organization } = await this.desk.see(tx, caller, id);
      const signed = { list: 'timeline', id, caller: caller.agency.id };
      const [after = 0] = query.cursor === undefined ? [] : (this.cursors.decode(signed, query.cursor) as number[]);
      const rows = await this.timeline.events(tx, id, after, query.limit + 1);
      const { subject } = this.presenter.open(alert);
      const strangers = await this.wording.strangers(tx, rows, caller, organization);
      return this.cursors.page(
        signed,
        query.limit,
        rows,
        (event) => [event.seq],
        (event) => this.wording.worded(event, organization, subject, strangers),
      );
    });
  }

  /**
   * The person in clear, for the holder: on the timeline and in the audit log, and rate-limited per person who asks.
   * @throws Problem `reveal-limited`
   */
  async reveal(caller: Caller, id: string, purpose: string): Promise<RevealAnswer> {
    return this.desk.command(
      caller,
      id,
      'reveal',
      undefined,
      async (at) => {
        at.onlyRead = true;
        await this.revealLimit.check(at.tx, caller);
        const masked = at.masked(purpose);
        at.log('revealed', { purpose: masked });
        await recordAudit(at.tx, {
          action: 'alert.revealed',
          caller,
          objectKind: 'alert',
          objectId: at.alert.id,
          data: { alertNo: at.alert.alertNo, purpose: masked },
        });
      },
      (at) => this.presenter.revealed(at.alert),
    );
  }

  private rows(
    tx: Tx,
    filter: AlertFilter,
    byDue: boolean,
    position: string[] | undefined,
    limit: number,
  ): Promise<Alert[]> {
    return byDue
      ? this.view.pressing(tx, filter, position && { due: position[0]!, id: position[1]! }, limit)
      : this.view.newest(tx, filter, position?.[0], limit);
  }

  /** Every case of the list, as one moment has them. */
  private async file(caller: Caller, query: ListAlertsQuery, format: FileFormat): Promise<FileOrder> {
    requireWhole(query);
    const organization = await this.organization.current();
    const byDue = isByDue(query);
    const filterAt = (now: Date): AlertFilter => this.filterOf(caller, query, organization, now);
    // What is asked for wrongly is told now, not when the file is made.
    filterAt(this.clock.now());
    const open: Opener = (work) => this.database.readSnapshot(caller.session, work);
    return this.files.order(caller, {
      format,
      long: true,
      read: async () => {
        const rows = streamed(open, (tx) => this.pages(tx, filterAt(tx.now), byDue, caller, organization));
        const asOf = formatInstant(this.clock.now(), this.config.timeZone);
        return alertListFile(query, caller, asOf, organization, rows);
      },
      expected: () => this.database.read(caller.session, (tx) => this.view.count(tx, filterAt(tx.now), byDue)),
    });
  }

  private async *pages(
    tx: Tx,
    filter: AlertFilter,
    byDue: boolean,
    caller: Caller,
    organization: OrganizationSnapshot,
  ): AsyncGenerator<AlertAnswer[], void> {
    let position: string[] | undefined;
    do {
      const found = await this.rows(tx, filter, byDue, position, ROWS_AT_ONCE);
      if (found.length > 0) yield found.map((alert) => this.presenter.answer(alert, caller, organization, tx.now));
      position = found.length === ROWS_AT_ONCE ? positionOf(found.at(-1)!, byDue) : undefined;
    } while (position);
  }

  private filterOf(caller: Caller, query: ListAlertsQuery, organization: OrganizationSnapshot, now: Date): AlertFilter {
    const subtree = organization.subtree(caller.agency);
    let holders = query.tier ? subtree.filter(({ tier }) => tier === query.tier) : undefined;
    if (query.agency !== undefined) {
      const agency = organization.byCode(query.agency);
      if (!agency || !subtree.includes(agency)) {
        throw invalid.with('No agency of that code lies in your jurisdiction.', {
          errors: [{ pointer: '/agency', message: 'is not the code of your own agency or one below it' }],
        });
      }
      holders = (holders ?? subtree).filter(({ id }) => id === agency.id);
    }
    if (query.queue === 'mine') holders = (holders ?? subtree).filter(({ id }) => id === caller.agency.id);
    let statuses = query.queue === 'mine' ? (query.status ?? [...OPEN_STATUSES]).filter(isOpen) : query.status;
    const scope = scopeOf(caller);
    // A merged signal has no hop: only the city and the feed that sent it have it in their lists.
    if ('agencyId' in scope) statuses = statuses?.filter((status) => status !== 'merged');
    return {
      scope,
      subtree: subtree.map(({ id }) => id),
      holders: holders?.map(({ id }) => id),
      statuses,
      equal: {
        kind: query.kind,
        riskLevel: query.riskLevel,
        fraudType: query.fraudType,
        source: query.source,
        urged: query.urged,
        visitRequired: query.visitRequired,
        alertNo: query.alertNo,
        phoneIx:
          query.phone === undefined
            ? undefined
            : this.blindIndex.of(PHONE_FIELD, normalisePhone(query.phone) ?? query.phone),
      },
      overdueAt: query.overdue === undefined ? undefined : { moment: now, overdue: query.overdue },
      receivedFrom:
        query.receivedFrom === undefined ? undefined : startOfLocalDate(query.receivedFrom, this.config.timeZone),
      receivedBefore:
        query.receivedTo === undefined
          ? undefined
          : startOfLocalDate(addDays(query.receivedTo, 1), this.config.timeZone),
    };
  }
}

function scopeOf(caller: Caller): AlertFilter['scope'] {
  if (caller.sources !== null) return { cityId: caller.agency.cityId, sources: caller.sources };
  return caller.agency.tier === 'city' ? { cityId: caller.agency.id } : { agencyId: caller.agency.id };
}

/** @throws Problem `invalid` where what has ended is asked for by its deadline */
function isByDue({ sort, queue, status }: ListAlertsQuery): boolean {
  const byDue = (sort ?? (queue === 'mine' ? 'dueAt' : '-receivedAt')) === 'dueAt';
  if (byDue && status?.some((each) => !isOpen(each))) {
    throw invalid.with(
      'sort=dueAt lists open cases: what has ended has no deadline. Leave the sort or the status out.',
      { errors: [{ pointer: '/sort', message: 'goes with open statuses only' }] },
    );
  }
  return byDue;
}

/** Where a page of the list ends. */
function positionOf(alert: Alert, byDue: boolean): string[] {
  return byDue ? [alert.nextDueAt?.toISOString() ?? 'infinity', alert.id] : [alert.id];
}
