import { randomBytes } from 'node:crypto';
import { IDENTITY_FIELD, PHONE_FIELD } from '../../src/alert/person.rules.js';
import { contentOf, type Signal } from '../../src/intake/signal.js';
import { newId } from '../../src/platform/clock/id.js';
import { BlindIndex, Keyring } from '../../src/platform/crypto/keyring.js';
import type { City } from '../support/city.js';

const MINUTE = 60_000;
/** Of the length that a chain's hash has: the bare contenders keep no chain. */
const NO_HASH = Buffer.alloc(32, 1);

/** The rows of one signal: what the product writes of it, by the shortest way. */
export interface CaseRows {
  id: string;
  alertNo: string;
  signal: Signal;
  contentHash: Buffer;
  phoneIx: Buffer;
  identityIx: Buffer | null;
  sealed: Buffer;
  countyId: number | null;
  mergedInto: string | null;
  visitRequired: boolean;
  acceptDueAt: Date | null;
  callDueAt: Date | null;
  visitDueAt: Date | null;
  feedbackDueAt: Date | null;
  events: { caseId: string; seq: number; type: string; data: string; hash: Buffer }[];
  eventSeq: number;
  eventHash: Buffer;
}

/** Makes rows from checked signals, sealed and indexed as the product does it. */
export class CaseMaker {
  private readonly keyring = Keyring.parse(Keyring.generate('bare'));
  private readonly blindIndex = new BlindIndex(randomBytes(32));
  private readonly counties: Map<string, number>;
  private serial = 0;

  /** @param scope begins the numbers of this maker's alerts: another maker has another one */
  constructor(
    city: City,
    private readonly scope: string,
  ) {
    this.counties = new Map(city.counties.map(({ code, id }) => [code, id]));
  }

  /** @param target the open alert that the signal joins */
  make(signal: Signal, now: Date, target?: CaseRows): CaseRows {
    const id = newId(now);
    const alertNo = `${this.scope}-${String(++this.serial).padStart(6, '0')}`;
    const { phone, idNumber } = signal.personal.subject;
    const after = (minutes: number): Date => new Date(now.getTime() + minutes * MINUTE);
    const data = {
      source: signal.source,
      sourceRef: signal.sourceRef,
      kind: signal.kind,
      riskLevel: signal.riskLevel,
      fraudType: signal.fraudType,
      divisionCode: signal.divisionCode,
      amountAtRiskFen: signal.amountAtRiskFen,
      previousAlerts: 0,
      status: 'assigned',
      agency: '411322',
      hop: 1,
      acceptDueAt: after(15),
    };
    const rows: CaseRows = {
      id,
      alertNo,
      signal,
      contentHash: this.blindIndex.of('signal', contentOf(signal)),
      phoneIx: this.blindIndex.of(PHONE_FIELD, phone),
      identityIx: idNumber === undefined ? null : this.blindIndex.of(IDENTITY_FIELD, idNumber),
      sealed: this.keyring.seal(JSON.stringify(signal.personal), id),
      countyId: target ? null : (this.counties.get(signal.divisionCode!.slice(0, 6)) ?? null),
      mergedInto: target?.id ?? null,
      visitRequired: signal.riskLevel === 'high' || signal.riskLevel === 'urgent',
      acceptDueAt: target ? null : after(15),
      callDueAt: target ? null : after(30),
      visitDueAt: target ? null : after(240),
      feedbackDueAt: target ? null : after(720),
      events: [{ caseId: id, seq: 1, type: target ? 'merged' : 'received', data: JSON.stringify(data), hash: NO_HASH }],
      eventSeq: 1,
      eventHash: NO_HASH,
    };
    if (target) {
      target.eventSeq += 1;
      const joined = { signal: id, signalNo: alertNo, riskLevel: signal.riskLevel, riskRaised: false };
      rows.events.push({
        caseId: target.id,
        seq: target.eventSeq,
        type: 'signal-joined',
        data: JSON.stringify(joined),
        hash: NO_HASH,
      });
    }
    return rows;
  }
}
