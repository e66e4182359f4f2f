import { session } from '../platform/database/database.js';
import type { Told } from './wording.rules.js';

/** How the database knows whoever sends messages: they reach every agency. */
export const messageSession = session({ actor: 'messages', agency_path: '', roles: 'system' });

/** Somebody, or an agency's robot, whom messages reach. */
export interface Recipient {
  contactId: string;
  channel: string;
  agencyId: number;
  /** Of the user; null for the agency's own contact, which hears everything. */
  roles: string[] | null;
}

/** One thing that a recipient is to be told. */
export interface Line extends Told {
  contactId: string;
  caseId: string;
  seq: number;
  agencyId: number;
  plannedAt: Date;
}

/** A message that is about to be tried. */
export interface ClaimedMessage {
  id: string;
  contactId: string;
  agencyId: number;
  channel: string;
  tries: number;
  createdAt: Date;
  /** The address, sealed; null where the recipient gave it up, left the agency or the service. */
  sealed: Buffer | null;
}

/** A first SMS that is about to be sent, or was when the process died. */
export interface FirstSms {
  alertId: string;
  /** Who held the case then, and by which hop. */
  agencyId: number;
  hop: number;
  claimedAt: Date;
}

/** What the seal of an address is bound to. */
export function contactContext(contactId: string): string {
  return `message_contact:${contactId}`;
}
