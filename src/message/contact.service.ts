import { Injectable } from '@nestjs/common';
import { mayReach } from '../identity/access.policy.js';
import { recordAudit } from '../identity/audit.store.js';
import type { Caller } from '../identity/caller.js';
import type { Agency } from '../organization/agency.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import { newId } from '../platform/clock/id.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { Database, type Tx } from '../platform/database/database.js';
import { invalid, notFound, type Fault } from '../platform/http/problem.js';
import { maskAddress, normaliseAddress } from './address.rules.js';
import type { ContactAnswer, ContactBody } from './contact.dto.js';
import { ContactStore, type Contact, type Owner } from './contact.store.js';
import { MessageGateway, SMS } from './gateway.js';
import { contactContext } from './message.js';

/** Where messages reach people and agencies: personal data, sealed where it is kept and masked where it is shown. */
@Injectable()
export class ContactService {
  constructor(
    private readonly database: Database,
    private readonly store: ContactStore,
    private readonly organization: OrganizationRegistry,
    private readonly keyring: Keyring,
    private readonly gateway: MessageGateway,
  ) {}

  async mine(caller: Caller): Promise<ContactAnswer> {
    return this.read(caller, { userId: caller.id! });
  }

  /** @throws Problem `invalid` */
  async putMine(caller: Caller, body: ContactBody): Promise<ContactAnswer> {
    return this.put(caller, { userId: caller.id! }, body, (tx, channel) =>
      recordAudit(tx, { action: 'contact.set', caller, objectKind: 'user', objectId: caller.id!, data: { channel } }),
    );
  }

  /** @throws Problem `not-found` for an agency outside of the caller's subtree */
  async ofAgency(caller: Caller, code: string): Promise<ContactAnswer> {
    const agency = await this.reach(caller, code);
    return this.read(caller, { agencyId: agency.id });
  }

  /** @throws Problem `not-found`, `invalid` */
  async putOfAgency(caller: Caller, code: string, body: ContactBody): Promise<ContactAnswer> {
    const agency = await this.reach(caller, code);
    return this.put(caller, { agencyId: agency.id }, body, (tx, channel) =>
      recordAudit(tx, {
        action: 'agency-contact.set',
        caller,
        agency,
        objectKind: 'agency',
        objectId: agency.code,
        data: { channel },
      }),
    );
  }

  private async read(caller: Caller, owner: Owner): Promise<ContactAnswer> {
    return this.database.read(caller.session, async (tx) => this.answer(await this.store.find(tx, owner)));
  }

  private async put(
    caller: Caller,
    owner: Owner,
    { channel, address }: ContactBody,
    record: (tx: Tx, channel: string | null) => Promise<void>,
  ): Promise<ContactAnswer> {
    const normalised = channel === null || address === null ? undefined : normaliseAddress(channel, address);
    const faults = this.faultsOf(channel, address, normalised);
    if (faults.length > 0)
      throw invalid.with('The contact is not right: see errors. Nothing was changed.', { errors: faults });
    return this.database.transaction(caller.session, async (tx) => {
      const id = await this.store.idOf(tx, owner, newId(tx.now));
      const sealed = normalised === undefined ? null : this.keyring.seal(normalised, contactContext(id));
      await this.store.set(tx, id, channel, sealed);
      await record(tx, channel);
      return this.answer({ id, channel, sealed });
    });
  }

  private faultsOf(channel: string | null, address: string | null, normalised: string | undefined): Fault[] {
    if ((channel === null) !== (address === null)) {
      return [
        {
          pointer: channel === null ? '/channel' : '/address',
          message: 'channel and address go together: both, or both null',
        },
      ];
    }
    if (channel === null) return [];
    const faults: Fault[] = [];
    const { channels } = this.gateway;
    if (channels && !channels.includes(channel)) {
      faults.push({ pointer: '/channel', message: `is none of ${channels.join(', ')}` });
    }
    if (normalised === undefined) {
      faults.push({
        pointer: '/address',
        message: channel === SMS ? 'is no mobile phone' : 'must have visible ASCII characters, no spaces',
      });
    }
    return faults;
  }

  private async reach(caller: Caller, code: string): Promise<Agency> {
    const agency = (await this.organization.current()).byCode(code);
    if (!agency || !mayReach(caller, agency.path)) {
      throw notFound.with('There is no agency of this code in your jurisdiction.');
    }
    return agency;
  }

  private answer(contact: Contact | undefined): ContactAnswer {
    const { id, channel = null, sealed = null } = contact ?? {};
    return {
      channel,
      address:
        id === undefined || channel === null || sealed === null
          ? null
          : maskAddress(channel, this.keyring.openText(sealed, contactContext(id))),
      sending: this.gateway.on,
      channels: this.gateway.channels ?? null,
    };
  }
}
