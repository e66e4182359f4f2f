import type { Logger } from '../platform/log/logger.js';
import { valueAt, type Channel } from './channel.rules.js';
import { MessageGateway, type Delivery, type Failure, type OutgoingMessage } from './gateway.js';
import { fill } from './template.rules.js';

const TIMEOUT_MS = 10_000;
/** As much of an answer as is looked at. */
const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_REFERENCE = 100;

/** SMS, WeCom, DingTalk: each one HTTP request made from a template. */
export class HttpGateway extends MessageGateway {
  readonly kind = 'http';
  readonly channels: readonly string[];

  constructor(
    private readonly known: ReadonlyMap<string, Channel>,
    private readonly secrets: Readonly<Record<string, string>>,
    private readonly logger: Pick<Logger, 'warn'>,
    private readonly timeoutMs = TIMEOUT_MS,
  ) {
    super();
    this.channels = [...known.keys()];
  }

  async send(message: OutgoingMessage): Promise<Delivery> {
    const channel = this.known.get(message.channel);
    const delivery = channel ? await this.request(channel, message) : failed('no-channel');
    if (!delivery.delivered) {
      this.logger.warn(
        { messageId: message.id, channel: message.channel, reason: delivery.reason },
        'a message was not delivered',
      );
    }
    return delivery;
  }

  private async request(channel: Channel, message: OutgoingMessage): Promise<Delivery> {
    try {
      const headers = Object.entries(channel.headers).map(([name, value]): [string, string] => [
        name,
        fill(value, 'header', message, this.secrets),
      ]);
      const response = await fetch(fill(channel.url, 'url', message, this.secrets), {
        method: channel.method,
        headers,
        body: channel.body === undefined ? undefined : fill(channel.body, channel.bodyPlace, message, this.secrets),
        // Whoever answers with another place is not the provider that was configured.
        redirect: 'manual',
        signal: AbortSignal.timeout(this.timeoutMs),
      });
      return judge(channel, response, await beginning(response), message.to);
    } catch (error) {
      return failed((error as Error).name === 'TimeoutError' ? 'timeout' : 'unreachable');
    }
  }
}

function judge({ success, reference }: Channel, { status, ok }: Response, text: string, to: string): Delivery {
  if (success.statuses ? !success.statuses.includes(status) : !ok) return failed(`status-${status}`);
  const answer = success.value || reference ? parsed(text) : undefined;
  if (success.value && valueAt(answer, success.value.pointer) !== success.value.equals) return failed('not-accepted');
  if (success.pattern && !success.pattern.test(text)) return failed('not-accepted');
  return { delivered: true, reference: reference ? referenceIn(answer, reference, to) : null };
}

/** The provider's number, unless it repeats the recipient's. */
function referenceIn(answer: unknown, pointer: string, to: string): string | null {
  const value = valueAt(answer, pointer);
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = String(value).slice(0, MAX_REFERENCE);
  return text.includes(to) || !/^[\x21-\x7e]+$/.test(text) ? null : text;
}

function failed(reason: Failure): Delivery {
  return { delivered: false, reason };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An endless answer ends here, too. */
async function beginning({ body }: Response): Promise<string> {
  if (!body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as ReadableStream<Uint8Array>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MAX_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, MAX_ANSWER_BYTES);
}
