import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../platform/clock/clock.js';
import { ConfigError, type Config } from '../platform/config/config.js';
import type { Logger } from '../platform/log/logger.js';
import { readChannels } from './channel.rules.js';
import { FileGateway } from './file.gateway.js';
import { NoGateway, type MessageGateway } from './gateway.js';
import { HttpGateway } from './http.gateway.js';

/**
 * The gateway that the environment asks for.
 * @throws ConfigError naming everything that is wrong with the channels' file
 */
export function makeGateway(
  { messages, dataDir }: Pick<Config, 'messages' | 'dataDir'>,
  clock: Clock,
  logger: Logger,
): MessageGateway {
  const { gateway, channelsFile, secrets } = messages;
  if (gateway === 'none') return new NoGateway();
  if (gateway === 'file') return new FileGateway(join(dataDir, 'messages.jsonl'), clock);
  const { channels, faults } = readChannels(textOf(channelsFile!), secrets);
  if (faults.length > 0) throw new ConfigError(`SANJI_MESSAGES_CONFIG is not right:\n- ${faults.join('\n- ')}`);
  return new HttpGateway(channels, secrets, logger);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(
      `SANJI_MESSAGES_CONFIG cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}`,
    );
  }
}
