/** The channel of the first SMS; addresses of others are whatever the provider calls its recipients. */
export const SMS = 'sms';

export interface OutgoingMessage {
  /** The same for every try: a provider that looks at it delivers once. */
  readonly id: string;
  readonly channel: string;
  /** Phone, account or key of a robot. Personal data: it goes into the request and nowhere else. */
  readonly to: string;
  /** Carries no personal data beyond case numbers. */
  readonly text: string;
  readonly caseNos: readonly string[];
}

/**
 * Why a message was not delivered: a word of ours, never what the provider wrote, which may repeat the number.
 * `status-<n>`: the answer had that status; `not-accepted`: it said no; `unknown`: the process died while it was sent.
 */
export type Failure =
  'off' | 'no-channel' | 'no-contact' | 'timeout' | 'unreachable' | 'not-accepted' | 'unknown' | `status-${number}`;

export type Delivery =
  /** @property reference the provider's own number of it, where it gave one */
  | { readonly delivered: true; readonly reference: string | null }
  | { readonly delivered: false; readonly reason: Failure };

/** Trying again does not help. */
export const FINAL: ReadonlySet<Failure> = new Set<Failure>(['off', 'no-channel', 'no-contact']);

/** The one way out for messages to people. */
export abstract class MessageGateway {
  abstract readonly kind: 'none' | 'file' | 'http';

  /** Channels that it knows, undefined for any. */
  abstract readonly channels: readonly string[] | undefined;

  /** Sends once. Never throws: what went wrong is the answer. */
  abstract send(message: OutgoingMessage): Promise<Delivery>;

  get on(): boolean {
    return this.kind !== 'none';
  }

  knows(channel: string): boolean {
    return this.on && (this.channels?.includes(channel) ?? true);
  }
}

/** The default: nothing leaves the house. */
export class NoGateway extends MessageGateway {
  readonly kind = 'none';
  readonly channels = undefined;

  send(): Promise<Delivery> {
    return Promise.resolve({ delivered: false, reason: 'off' });
  }
}
