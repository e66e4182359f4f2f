import { Injectable } from '@nestjs/common';
import type { DeadlineHandler, DeadlineKind } from './deadline.js';

/** Who does what when a deadline falls due: modules enter themselves when they are made, the clock looks up. */
@Injectable()
export class DeadlineRegistry {
  private readonly handlers = new Map<DeadlineKind, DeadlineHandler>();

  on(kind: DeadlineKind, handler: DeadlineHandler): void {
    if (this.handlers.has(kind)) throw new Error(`${kind} is handled twice`);
    this.handlers.set(kind, handler);
  }

  handlerOf(kind: DeadlineKind): DeadlineHandler {
    const handler = this.handlers.get(kind);
    if (!handler) throw new Error(`nobody handles the deadline ${kind}`);
    return handler;
  }
}
