import type { BulkAnswer, BulkItemAnswer } from '../bulk/bulk.dto.js';
import type { Turn } from '../simulation/agenda.js';
import { expectDone } from '../simulation/api.client.js';
import type { Day } from './day.js';

/** What a county's desk does to many cases at once. */
export const DESK_STEPS = ['close', 'remind', 'accept'] as const;
export type DeskStep = (typeof DESK_STEPS)[number];

/** As many as POST /alerts/bulk takes. */
const MOST = 200;
const NIGHT_ENDS = 7;

interface Waiting {
  readonly id: string;
  readonly wake: (item: BulkItemAnswer, moment: number) => void;
}

/** A county's desk for what is not pressing: it looks at its list twice or three times an hour and works it off in one go. */
export class Desk {
  private readonly waiting: Record<DeskStep, Waiting[]> = { close: [], remind: [], accept: [] };

  constructor(
    private readonly day: Day,
    private readonly county: string,
  ) {}

  /** Lays a case on the desk. @returns what became of it */
  take(turn: Turn, step: DeskStep, id: string): Promise<BulkItemAnswer> {
    return turn.untilWoken((wake) => this.waiting[step].push({ id, wake }));
  }

  /** The whole day at the desk. */
  async attend(turn: Turn): Promise<void> {
    const random = this.day.random.fork(`desk ${this.county}`);
    for (;;) {
      const night = this.day.hourOf(turn.now) < NIGHT_ENDS;
      await turn.after(night ? random.between(35, 52) : random.between(15, 35));
      for (const step of DESK_STEPS) await this.clear(step, turn);
    }
  }

  private async clear(step: DeskStep, turn: Turn): Promise<void> {
    const officer = await this.day.staff.officer(this.county);
    for (const list = this.waiting[step]; list.length > 0;) {
      const cases = list.splice(0, MOST);
      const ids = cases.map(({ id }) => id);
      const order = orderFor(step, turn.now);
      const answer = await officer.post('/alerts/bulk', { ids, ...order });
      const { done, results } = expectDone<BulkAnswer>(officer, `bulk ${step}`, answer);
      this.day.count(order.command, done);
      results.forEach((item, at) => cases[at]!.wake(item, turn.now));
    }
  }
}

function orderFor(step: DeskStep, moment: number): { command: string; body: object } {
  if (step === 'accept') return { command: 'accept', body: {} };
  if (step === 'remind') {
    const at = new Date(moment).toISOString();
    const body = { method: 'sms', at, reached: false, participants: [{ kind: 'police' }], note: '已发送劝阻短信,送达' };
    return { command: 'attempts', body };
  }
  return {
    command: 'outcome',
    body: { result: 'dissuaded', interceptedFen: 0, lossFen: 0, note: '短信提醒后当事人回复知悉,未转账' },
  };
}
