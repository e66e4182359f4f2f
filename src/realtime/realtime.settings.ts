import { Injectable } from '@nestjs/common';

/** The numbers of event streams. */
@Injectable()
export class RealtimeSettings {
  /** Streams that one person or key may have open in a process… */
  perCaller = 10;
  /** …and all together: each may hold some hundred kilobytes while its reader is slow. */
  perProcess = 2000;
  /** Comments that keep a quiet stream from being taken for dead; the caller's rights are looked at again with each. */
  heartbeatSeconds = 15;
  /** A reader that takes nothing for so long, while something waits for it, is let go. */
  patienceSeconds = 120;
  /** Events that are read at once. */
  page = 200;
  /** Where more waits in a stream's buffer, live events are no longer put there: the stream reads them when it has drained. */
  mostBuffered = 64 * 1024;
}
