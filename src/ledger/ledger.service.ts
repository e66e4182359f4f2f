import { Inject, Injectable } from '@nestjs/common';
import { holderAnswer } from '../alert/alert.presenter.js';
import { maskAccount } from '../alert/mask.rules.js';
import type { Caller } from '../identity/caller.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { addDays, formatInstant, startOfLocalDate } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { Database } from '../platform/database/database.js';
import { Cursors, type Page } from '../platform/http/page.js';
import { invalid, notFound } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import { normaliseAccount } from './account.rules.js';
import { accountContext } from './ledger.js';
import type { BalanceAnswer, EntryAnswer, ListEntriesQuery } from './ledger.dto.js';
import { LedgerStore } from './ledger.store.js';
import { LedgerView, type LedgerFilter, type LedgerScope, type ListedEntry } from './ledger.view.js';

/** The books as they may be read: entries of the cases that the caller may see, and their sums. */
@Injectable()
export class LedgerService {
  constructor(
    private readonly database: Database,
    private readonly view: LedgerView,
    private readonly store: LedgerStore,
    private readonly organization: OrganizationRegistry,
    private readonly keyring: Keyring,
    private readonly cursors: Cursors,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async list(caller: Caller, query: ListEntriesQuery): Promise<Page<EntryAnswer>> {
    const organization = await this.organization.current();
    const { limit, cursor, count, ...asked } = query;
    const scope = scopeOf(caller, organization);
    const filter = this.filterOf(asked, organization);
    return this.database.read(caller.session, async (tx) => {
      const signed = { list: 'ledger', caller: caller.agency.id, ...asked };
      const [before] = cursor === undefined ? [] : (this.cursors.decode(signed, cursor) as string[]);
      const rows = await this.view.list(tx, scope, filter, before, limit + 1);
      const page = this.cursors.page(
        signed,
        limit,
        rows,
        (row) => [row.id],
        (row) => this.answer(row, organization),
      );
      return count ? { ...page, total: await this.view.count(tx, scope, filter) } : page;
    });
  }

  /** @throws Problem `not-found` where no case that the caller may see has moved money of the account */
  async balance(caller: Caller, account: string): Promise<BalanceAnswer> {
    const index = this.indexOf(account);
    const scope = scopeOf(caller, await this.organization.current());
    return this.database.read(caller.session, async (tx) => {
      const sums = await this.view.sums(tx, scope, index);
      if (!sums)
        throw notFound.with(
          'No money of this account has been stopped, frozen or returned in a case of your jurisdiction.',
        );
      const { accountId, sealed, stoppedFen, frozenFen, returnedFen, entries } = sums;
      return {
        account: this.masked(accountId, sealed),
        stoppedFen,
        frozenFen,
        returnedFen,
        entries,
        asOf: formatInstant(tx.now, this.config.timeZone),
      };
    });
  }

  private answer(row: ListedEntry, organization: OrganizationSnapshot): EntryAnswer {
    return {
      id: row.id,
      kind: row.kind,
      amountFen: row.amountFen,
      at: formatInstant(row.at, this.config.timeZone),
      account: row.accountId === null ? null : this.masked(row.accountId, row.accountSealed!),
      case: { kind: row.caseKind, id: row.caseId, no: row.caseNo },
      agency: holderAnswer(organization.byId(row.agencyId)),
      origin: { kind: row.originKind, id: row.originId },
      basis: row.basis,
      by: row.byUser,
      reverses: row.reverses,
      reversedBy: row.reversedBy,
      recordedAt: formatInstant(row.recordedAt, this.config.timeZone),
    };
  }

  private masked(accountId: string, sealed: Buffer): string {
    return maskAccount(this.keyring.openText(sealed, accountContext(accountId)));
  }

  private filterOf(
    { account, case: caseId, kind, agency, from, to }: Omit<ListEntriesQuery, 'limit' | 'cursor' | 'count'>,
    organization: OrganizationSnapshot,
  ): LedgerFilter {
    const { timeZone } = this.config;
    return {
      ...(account === undefined ? {} : { accountIx: this.indexOf(account) }),
      // An agency that does not exist has no entries.
      ...(agency === undefined ? {} : { agencyId: organization.byCode(agency)?.id ?? 0 }),
      ...(from === undefined ? {} : { from: startOfLocalDate(from, timeZone) }),
      ...(to === undefined ? {} : { before: startOfLocalDate(addDays(to, 1), timeZone) }),
      caseId,
      kind,
    };
  }

  private indexOf(account: string): Buffer {
    const normalised = normaliseAccount(account);
    if (normalised === undefined) {
      throw invalid.with('This is not the number of an account.', {
        errors: [{ pointer: '/account', message: 'must be the number of a bank account or card, or of a wallet' }],
      });
    }
    return this.store.indexOf(normalised);
  }
}

/** A city sees all of its own; others the cases that their subtree holds or held. */
function scopeOf({ agency }: Caller, organization: OrganizationSnapshot): LedgerScope {
  if (agency.tier === 'city') return { cityId: agency.id };
  return { cityId: agency.cityId, agencies: organization.subtree(agency).map(({ id }) => id) };
}
