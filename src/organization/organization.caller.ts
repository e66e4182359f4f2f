import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Session, Tx } from '../platform/database/database.js';
import type { Agency } from './agency.js';

/** As much of whoever calls as this module must know; identity's caller is one. */
export interface OrganizationCaller {
  readonly agency: Agency;
  readonly session: Session;
  /** The user; null for a machine. */
  readonly id: string | null;
}

/** The caller that the access guard has put on the request. */
export const OrganizationCallerOf = createParamDecorator(
  (_: unknown, context: ExecutionContext): OrganizationCaller => {
    const { caller } = context.switchToHttp().getRequest<{ caller?: OrganizationCaller }>();
    if (!caller) throw new Error('a route of the organisation was reached without a caller');
    return caller;
  },
);

/**
 * Writes changes of agencies and policies to the audit log, in the transaction of the change. The log belongs to a later
 * module: that one implements this and provides it globally.
 */
export abstract class ChangeRecorder {
  /**
   * @param action e.g. `agency.created`
   * @param objectKind `agency` or `policy`
   * @param objectId the agency's code, or the policy's kind
   * @param data what changed; never personal data
   */
  abstract record(
    tx: Tx,
    caller: OrganizationCaller,
    action: string,
    objectKind: string,
    objectId: string,
    data: Record<string, unknown>,
  ): Promise<void>;
}

/** Somebody who changed something, as the audit log names them. */
export interface Actor {
  readonly kind: 'user' | 'key';
  /** Username, or name of the key. */
  readonly name: string;
}

/**
 * Tells who stands behind the ids that versions keep. Users and keys belong to a later module: that one implements this
 * and provides it globally.
 */
export abstract class ActorDirectory {
  /** @returns those who are known, by id */
  abstract find(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Actor>>;
}
