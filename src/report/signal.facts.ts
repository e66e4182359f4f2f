/** Signals that joined the cases of `lines l`. */
export const JOINED = 'JOIN alert signal ON signal.merged_into = l.alert_id';
/** The cases of `lines l` themselves. */
export const OWN_ALERT = 'JOIN alert a ON a.id = l.alert_id';
