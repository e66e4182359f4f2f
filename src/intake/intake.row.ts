import type { Alert } from '../alert/alert.js';
import { sealedContext } from '../alert/alert.presenter.js';
import type { Policies } from '../organization/policy.js';
import type { Keyring } from '../platform/crypto/keyring.js';
import { EMPTY_CHAIN } from '../timeline/event.js';
import type { Signal } from './signal.js';

/** What repeats and persons are found by. */
export interface Digests {
  contentHash: Buffer;
  phoneIx: Buffer;
  identityIx: Buffer | null;
}

/** A signal on its way in, with what is computed of it once. */
export interface Incoming extends Digests {
  index: number;
  signal: Signal;
}

/** The row of a signal before it is placed: `new` on the city's desk. */
export function rowOf(
  incoming: Incoming,
  id: string,
  alertNo: string,
  cityId: number,
  now: Date,
  keyring: Keyring,
  policies: Policies,
): Alert {
  const { signal, contentHash, phoneIx, identityIx } = incoming;
  return {
    id,
    alertNo,
    cityId,
    source: signal.source,
    sourceRef: signal.sourceRef,
    contentHash,
    kind: signal.kind,
    riskLevel: signal.riskLevel,
    fraudType: signal.fraudType,
    divisionCode: signal.divisionCode,
    subjectGroup: signal.group,
    phoneIx,
    identityIx,
    sealed: keyring.seal(JSON.stringify(signal.personal), sealedContext(id)),
    amountAtRiskFen: signal.amountAtRiskFen,
    detectedAt: signal.detectedAt,
    receivedAt: now,
    status: 'new',
    holderId: cityId,
    heldBy: [],
    hop: 0,
    returns: 0,
    escalated: false,
    visitRequired: policies.ladder.needed[signal.riskLevel] === 'visit',
    urged: false,
    result: null,
    endedAt: null,
    mergedInto: null,
    split: false,
    previousAlerts: 0,
    defraudedAfterWarning: false,
    clocksStartedAt: null,
    acceptDueAt: null,
    callDueAt: null,
    callMetAt: null,
    callMetBy: null,
    visitDueAt: null,
    visitMetAt: null,
    visitMetBy: null,
    feedbackDueAt: null,
    feedbackMetAt: null,
    feedbackMetBy: null,
    nextDueAt: null,
    acceptLimit: null,
    acceptStage: 0,
    callLimit: null,
    callStage: 0,
    visitLimit: null,
    visitStage: 0,
    feedbackLimit: null,
    feedbackStage: 0,
    nextStageAt: null,
    smsAttempts: 0,
    callAttempts: 0,
    visitAttempts: 0,
    version: 1,
    ...EMPTY_CHAIN,
  };
}
