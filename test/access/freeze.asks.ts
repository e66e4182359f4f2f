import { randomInt } from 'node:crypto';
import type { Test } from 'supertest';
import type { Officer } from '../support/app.js';

type Ask = (who: Officer, id: string, now: string) => Test;

const account = (): string => `6217${String(randomInt(1e11)).padStart(12, '0')}`;
const REASON = { reason: '核实情况' };
const UNTIL = { until: '2023-09-30' };

/** A renewal stands behind its freeze: both ids. */
const renewal = (id: string): string => {
  const [freezeId, renewalId = freezeId] = id.split(' ');
  return `/freezes/${freezeId}/renewals/${renewalId}`;
};

/** How operations on freezes are asked for. */
export const FREEZE_ASKS: Record<string, Ask> = {
  requestFreeze: (who, id) =>
    who.post(`/incidents/${id}/freezes`, { account: account(), bank: '中国银行', amountFen: 100, ...UNTIL }),
  requestFreezeOfStop: (who, id) => who.post(`/stop-payments/${id}/freeze`, UNTIL),
  listFreezes: (who) => who.get('/freezes?limit=200'),
  getFreeze: (who, id) => who.get(`/freezes/${id}`),
  approveFreeze: (who, id) => who.post(`/freezes/${id}/approve`),
  rejectFreeze: (who, id) => who.post(`/freezes/${id}/reject`, REASON),
  recordFreezeEffective: (who, id) => who.post(`/freezes/${id}/effective`, { frozenFen: 100 }),
  recordFreezeRefused: (who, id) => who.post(`/freezes/${id}/refused`, REASON),
  correctFreeze: (who, id) => who.post(`/freezes/${id}/correct`, { frozenFen: 90, ...REASON }),
  recordFreezeUnrelated: (who, id) => who.post(`/freezes/${id}/unrelated`, REASON),
  releaseFreeze: (who, id) => who.post(`/freezes/${id}/release`, REASON),
  requestRenewal: (who, id) => who.post(`/freezes/${id}/renewals`, { until: '2023-12-31', ...REASON }),
  approveRenewal: (who, id) => who.post(`${renewal(id)}/approve`),
  rejectRenewal: (who, id) => who.post(`${renewal(id)}/reject`, REASON),
};

/** Those that list: what matters is whether the object shows. */
export const FREEZE_LISTS = ['listFreezes'];

/** Freezes in the state that an operation needs, of incidents at a county. */
export class FreezeObjects {
  constructor(
    private readonly officer: Officer,
    private readonly supervisor: Officer,
    /** Makes an object of another kind. */
    private readonly other: (kind: string) => Promise<string | undefined>,
  ) {}

  /** @returns undefined where the kind is of another */
  async make(kind: string): Promise<string | undefined> {
    switch (kind) {
      case 'filed':
        return this.filed();
      case 'stop-filed':
        return this.stopped();
      case 'freeze-requested':
        return this.ask(this.officer, 'requestFreeze', await this.filed());
      case 'freeze-approved':
        return this.ask(this.supervisor, 'approveFreeze', (await this.make('freeze-requested'))!);
      case 'freeze-effective':
        return this.ask(this.officer, 'recordFreezeEffective', (await this.make('freeze-approved'))!);
      case 'renewal': {
        const id = (await this.make('freeze-effective'))!;
        const { body } = (await FREEZE_ASKS['requestRenewal']!(this.officer, id, '')) as {
          body: { renewals: { id: string }[] };
        };
        return `${id} ${body.renewals[0]!.id}`;
      }
      default:
        return undefined;
    }
  }

  private async filed(): Promise<string> {
    return this.file((await this.other('reported'))!);
  }

  private async file(incidentId: string): Promise<string> {
    return idOf(await this.officer.post(`/incidents/${incidentId}/file`, { caseNo: `A-${account()}` }));
  }

  private async stopped(): Promise<string> {
    const id = (await this.other('stop-effective'))!;
    const stop = (await this.officer.get(`/stop-payments/${id}`)) as { body: { incidentId: string } };
    await this.file(stop.body.incidentId);
    return id;
  }

  private async ask(who: Officer, operation: string, id: string): Promise<string> {
    return idOf(await FREEZE_ASKS[operation]!(who, id, ''));
  }
}

function idOf({ status, text, body }: { status: number; text: string; body: { id?: string } }): string {
  if (status > 201) throw new Error(`${status} ${text}`);
  return body.id!;
}
