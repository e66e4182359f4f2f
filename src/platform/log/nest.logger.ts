import type { LoggerService } from '@nestjs/common';
import { describeError, type Logger } from './logger.js';

/** Nest's own messages in our logs: its boot chatter at debug. */
export function nestLogger(logger: Logger): LoggerService {
  const words = (message: unknown): string =>
    message instanceof Error ? message.message : typeof message === 'string' ? message : 'message';
  return {
    log: (message: unknown) => logger.debug(words(message)),
    warn: (message: unknown) => logger.warn(words(message)),
    error: (message: unknown) =>
      logger.error({ err: message instanceof Error ? describeError(message) : undefined }, words(message)),
    debug: (message: unknown) => logger.debug(words(message)),
    verbose: (message: unknown) => logger.trace(words(message)),
    fatal: (message: unknown) => logger.fatal(words(message)),
  };
}
