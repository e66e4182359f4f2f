import type { Test } from 'supertest';
import type { Officer } from '../support/app.js';

type Ask = (who: Officer, id: string, now: string) => Test;

const REASON = { reason: '核实情况' };
const PURPOSE = `purpose=${encodeURIComponent('入卷')}`;

/** What stands behind a return: the incident of a freeze, a claim, an objection, two officers. */
const parts = (id: string): [string, string, string] => {
  const [first, second = first, third = 'nobody'] = id.split(' ') as [string, string?, string?];
  return [first, second, third];
};
const claims = (incidentId: string): object => ({
  claims: [{ incidentId, claimFen: 100, account: '6228480402564890018', bank: '农业银行' }],
});

/** How operations on returns are asked for. */
export const RETURN_ASKS: Record<string, Ask> = {
  applyForReturn: (who, id) => who.post(`/freezes/${parts(id)[0]}/returns`, claims(parts(id)[1])),
  listReturns: (who) => who.get('/returns?limit=200'),
  getReturn: (who, id) => who.get(`/returns/${id}`),
  proposeReturn: (who, id) => who.post(`/returns/${id}/propose`, { method: 'direct-single', ...REASON }),
  approveReturn: (who, id) => who.post(`/returns/${id}/approve`),
  sendBackReturn: (who, id) => who.post(`/returns/${id}/send-back`, REASON),
  refuseReturn: (who, id) => who.post(`/returns/${id}/refuse`, REASON),
  amendReturn: (who, id) => who.post(`/returns/${parts(id)[0]}/amend`, claims(parts(id)[1])),
  publishReturn: (who, id) => who.post(`/returns/${id}/publish`),
  objectToReturn: (who, id) => who.post(`/returns/${id}/objections`, { name: '李某', ...REASON }),
  decideReturnObjection: (who, id) =>
    who.post(`/returns/${parts(id)[0]}/objections/${parts(id)[1]}/decide`, { decision: 'dismissed', ...REASON }),
  notifyBankOfReturn: (who, id) =>
    who.post(`/returns/${parts(id)[0]}/bank-notice`, { officers: [parts(id)[1], parts(id)[2]] }),
  recordReturnPayment: (who, id, now) =>
    who.post(`/returns/${parts(id)[0]}/payments/${parts(id)[1]}/paid`, { paidAt: now, receiptNo: 'R-1' }),
  reverseReturnPayment: (who, id) => who.post(`/returns/${parts(id)[0]}/payments/${parts(id)[1]}/reverse`, REASON),
  getReturnNotice: (who, id) => who.get(`/returns/${id}/documents/notice`),
  getReturnDecision: (who, id) => who.get(`/returns/${id}/documents/decision?${PURPOSE}`),
  getReturnFlow: (who, id) => who.get(`/returns/${id}/documents/flow?${PURPOSE}`),
  listHolidays: (who) => who.get('/holidays?year=2026'),
};

/** Those that list: what matters is whether the object shows. */
export const RETURN_LISTS = ['listReturns'];

interface ReturnBody {
  id: string;
  allocations: { claimId: string; incidentId: string }[];
  objections: { id: string }[];
}

/** Returns in the state that an operation needs, from freezes of incidents at a county. */
export class ReturnObjects {
  constructor(
    private readonly officer: Officer,
    private readonly supervisor: Officer,
    private readonly city: Officer,
    private readonly now: () => string,
    /** Makes an object of another kind. */
    private readonly other: (kind: string) => Promise<string | undefined>,
  ) {}

  /** @returns undefined where the kind is of another */
  async make(kind: string): Promise<string | undefined> {
    switch (kind) {
      case 'returnable': {
        const freezeId = (await this.other('freeze-effective'))!;
        const { body } = (await this.officer.get(`/freezes/${freezeId}`)) as { body: { incidentId: string } };
        return `${freezeId} ${body.incidentId}`;
      }
      case 'return-applied':
        return (await this.applied()).id;
      case 'return-proposed':
        return (await this.propose('direct-single')).id;
      case 'return-sent-back': {
        const { id, allocations } = await this.applied();
        await this.ask(this.officer, 'sendBackReturn', id);
        return `${id} ${allocations[0]!.incidentId}`;
      }
      case 'return-approved':
        return (await this.approve('pro-rata')).id;
      case 'return-published':
        return (await this.publish()).id;
      case 'return-objected': {
        const { id } = await this.publish();
        return `${id} ${(await this.ask(this.officer, 'objectToReturn', id)).objections[0]!.id}`;
      }
      case 'return-payable':
        return `${(await this.approve('direct-single')).id} ${this.officer.name} ${this.supervisor.name}`;
      case 'return-at-bank':
        return this.atBank();
      case 'return-paid': {
        const id = await this.atBank();
        await this.ask(this.officer, 'recordReturnPayment', id);
        return id;
      }
      default:
        return undefined;
    }
  }

  private async applied(): Promise<ReturnBody> {
    return this.ask(this.officer, 'applyForReturn', (await this.make('returnable'))!);
  }

  private async propose(method: string): Promise<ReturnBody> {
    const { id } = await this.applied();
    return bodyOf(await this.officer.post(`/returns/${id}/propose`, { method, ...REASON }));
  }

  private async approve(method: string): Promise<ReturnBody> {
    return this.ask(this.city, 'approveReturn', (await this.propose(method)).id);
  }

  private async publish(): Promise<ReturnBody> {
    return this.ask(this.officer, 'publishReturn', (await this.approve('pro-rata')).id);
  }

  private async atBank(): Promise<string> {
    const id = (await this.make('return-payable'))!;
    const { allocations } = await this.ask(this.officer, 'notifyBankOfReturn', id);
    return `${parts(id)[0]} ${allocations[0]!.claimId}`;
  }

  private async ask(who: Officer, operation: string, id: string): Promise<ReturnBody> {
    return bodyOf(await RETURN_ASKS[operation]!(who, id, this.now()));
  }
}

function bodyOf({ status, text, body }: { status: number; text: string; body: unknown }): ReturnBody {
  if (status > 201) throw new Error(`${status} ${text}`);
  return body as ReturnBody;
}
