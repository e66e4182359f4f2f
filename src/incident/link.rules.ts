import { isOpen, type Alert } from '../alert/alert.js';

const DAY_MS = 86_400_000;

type Warning = Pick<Alert, 'status' | 'endedAt' | 'heldBy' | 'result'>;

/** Whether an alert of the victim belongs to an incident: open still, or closed within the watch period before the report. */
export function isWatched({ status, endedAt }: Warning, reportedAt: Date, watchDays: number): boolean {
  if (isOpen(status)) return true;
  return status === 'closed' && endedAt!.getTime() >= reportedAt.getTime() - watchDays * DAY_MS;
}

/** Whether somebody was given the warning to act on: on the desk of the city alone nobody had it. */
export function wasGiven({ heldBy }: Warning): boolean {
  return heldBy.length > 0;
}

/**
 * Whether an incident makes a failure of a warning: whatever came of it, unless it was found that the person had been
 * defrauded before it. While a case is open that is not known; its outcome decides.
 */
export function failed(warning: Warning): boolean {
  return wasGiven(warning) && warning.result !== 'already-defrauded';
}
