import { Injectable } from '@nestjs/common';
import { ChangeRecorder, type OrganizationCaller } from '../organization/organization.caller.js';
import type { Tx } from '../platform/database/database.js';
import { recordAudit } from './audit.store.js';

/** Writes the organisation's changes to the audit log. */
@Injectable()
export class AuditChangeRecorder extends ChangeRecorder {
  override record(
    tx: Tx,
    caller: OrganizationCaller,
    action: string,
    objectKind: string,
    objectId: string,
    data: Record<string, unknown>,
  ): Promise<void> {
    // What the guard made is a whole caller: its name and its request come along.
    return recordAudit(tx, { action, caller, objectKind, objectId, data });
  }
}
