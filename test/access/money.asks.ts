import { randomInt } from 'node:crypto';
import type { Test } from 'supertest';
import { START, type Officer } from '../support/app.js';

type Ask = (who: Officer, id: string, now: string) => Test;

/** A number that nobody else has: an account is stopped twice at most. */
const account = (): string => `6222${String(randomInt(1e11)).padStart(12, '0')}`;
const REASON = { reason: '核实情况' };
const PROTECT = { bank: '中国建设银行', ...REASON };
const STOP = { bank: '中国工商银行', holderName: '赵六', transferFen: 100, transferAt: START };

/** How operations on stop-payments and protections are asked for. */
export const MONEY_ASKS: Record<string, Ask> = {
  protectAccount: (who, id) => who.post(`/alerts/${id}/protections`, { account: account(), ...PROTECT }),
  listProtections: (who, id) => who.get(`/alerts/${id}/protections`),
  extendProtection: (who, id) => who.post(`/protections/${id}/extend`, REASON),
  recordOwnerRequest: (who, id) => who.post(`/protections/${id}/owner-request`, REASON),
  keepProtection: (who, id) => who.post(`/protections/${id}/keep`, REASON),
  releaseProtection: (who, id) => who.post(`/protections/${id}/release`, REASON),
  requestStopPayment: (who, id) => who.post(`/incidents/${id}/stop-payments`, { account: account(), ...STOP }),
  listStopPayments: (who) => who.get('/stop-payments?limit=200'),
  getStopPayment: (who, id) => who.get(`/stop-payments/${id}`),
  recordStopEffective: (who, id, now) =>
    who.post(`/stop-payments/${id}/effective`, { stoppedAt: now, stoppedFen: 100 }),
  recordStopRefused: (who, id) => who.post(`/stop-payments/${id}/refused`, REASON),
  releaseStopPayment: (who, id) => who.post(`/stop-payments/${id}/release`, { to: 'payer', ...REASON }),
  correctStopPayment: (who, id) => who.post(`/stop-payments/${id}/correct`, { stoppedFen: 90, ...REASON }),
  getTrace: (who, id) => who.get(`/incidents/${id}/trace`),
};

/** Those that list: what matters is whether the object shows. */
export const MONEY_LISTS = ['listStopPayments'];

/** Objects of these operations at a county, made by its officer. */
export class MoneyObjects {
  constructor(
    private readonly county: Officer,
    private readonly now: () => string,
  ) {}

  /** @param alert makes an alert that the county works on @returns undefined where the kind is of another */
  async make(kind: string, alert: () => Promise<string>): Promise<string | undefined> {
    switch (kind) {
      case 'reported':
        return this.incident();
      case 'stop-requested':
        return this.stop();
      case 'stop-effective':
        return this.effective(await this.stop());
      case 'protection':
        return this.ask('protectAccount', await alert());
      case 'owner-asked':
        return this.ask('recordOwnerRequest', await this.ask('protectAccount', await alert()));
      default:
        return undefined;
    }
  }

  private async incident(): Promise<string> {
    const report = {
      source: '110',
      sourceRef: `J-${account()}`,
      reportedAt: this.now(),
      divisionCode: '411322',
      victim: { kind: 'person', name: '李小明', phone: `139${String(randomInt(1e8)).padStart(8, '0')}` },
      fraudType: 'brushing-rebate',
      lossFen: 100,
    };
    return idOf(await this.county.post('/incidents', report));
  }

  private async stop(): Promise<string> {
    return this.ask('requestStopPayment', await this.incident());
  }

  private effective(id: string): Promise<string> {
    return this.ask('recordStopEffective', id);
  }

  private async ask(operation: string, id: string): Promise<string> {
    return idOf(await MONEY_ASKS[operation]!(this.county, id, this.now()));
  }
}

function idOf({ status, text, body }: { status: number; text: string; body: { id?: string } }): string {
  if (status > 201) throw new Error(`${status} ${text}`);
  return body.id!;
}
