import { open } from 'node:fs/promises';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../platform/clock/clock.js';
import { maskAddress } from './address.rules.js';
import { MessageGateway, type Delivery, type OutgoingMessage } from './gateway.js';

/** For the owner's eyes alone. */
const MODE = 0o600;

/** Lines of a file, for trying out: what would have been sent, with the address masked. */
export class FileGateway extends MessageGateway {
  readonly kind = 'file';
  readonly channels = undefined;

  constructor(
    private readonly path: string,
    private readonly clock: Clock,
  ) {
    super();
  }

  async send({ id, channel, to, text, caseNos }: OutgoingMessage): Promise<Delivery> {
    const line = JSON.stringify({
      at: this.clock.now().toISOString(),
      id,
      channel,
      to: maskAddress(channel, to),
      text,
      caseNos,
    });
    try {
      await mkdir(dirname(this.path), { recursive: true });
      const file = await open(this.path, 'a', MODE);
      try {
        // A file that was there before may be open to others.
        await file.chmod(MODE);
        await file.appendFile(`${line}\n`);
      } finally {
        await file.close();
      }
      return { delivered: true, reference: null };
    } catch {
      return { delivered: false, reason: 'unreachable' };
    }
  }
}
