import type { Result } from '../alert/alert.js';
import { RISK_LEVELS } from '../organization/risk.js';
import { UnexpectedAnswer } from '../simulation/api.client.js';
import type { CaseFile } from './case.file.js';
import { outcomeOf, RESULTS_BY_TELEPHONE } from './outcome.plan.js';

/** Rounds of "submit, hear what is missing, do it" before something is plainly wrong. */
const MOST_ROUNDS = 6;

/** How a case ends: what is reported, what the tier above says to it, and what comes later. */
export class CaseEnding {
  private reopened = false;

  constructor(private readonly file: CaseFile) {}

  /** @param results what comes of it by how often, where the person was spoken to */
  async conclude(reached: boolean, results: typeof RESULTS_BY_TELEPHONE): Promise<void> {
    const { file } = this;
    const result = reached ? file.random.weighted(results) : 'unreachable';
    if (result === 'refused') await this.escalateFirst();
    if (file.random.chance(file.lateness * 0.5)) {
      await file.turn.until(file.started + file.limits.feedbackMinutes * file.random.between(1.02, 1.3) * 60_000);
    }
    await this.submit(result);
    if (file.status === 'pending_review') await this.review(result);
    if (file.status === 'closed') await this.closed();
  }

  /** What happens after a case is closed. */
  async closed(): Promise<void> {
    const { file } = this;
    const { random, turn } = file;
    file.day.countResult(file.result!);
    if (!this.reopened && random.chance(0.003)) {
      this.reopened = true;
      await turn.after(random.between(30, 180));
      if (await this.reopen()) {
        await this.conclude(await file.callUntilReached(0.9, 2), RESULTS_BY_TELEPHONE);
        return;
      }
    }
    if (['dissuaded', 'partial-loss', 'refused'].includes(file.result!) && random.chance(0.02)) await this.followUp();
  }

  /** @returns whether it is open again: a person with a newer open alert has no second one */
  private async reopen(): Promise<boolean> {
    const { file } = this;
    const supervisor = await file.supervisorAbove();
    const answer = await file.try(supervisor, 'reopen', { reason: '家属反映当事人仍与对方联系' });
    if ((answer.body as { code?: string }).code === 'open-alert-exists') return false;
    file.done(supervisor, 'reopen', answer);
    return true;
  }

  /** 回访, earlier than planned. */
  private async followUp(): Promise<void> {
    const { file } = this;
    const { random, turn } = file;
    await turn.after(random.between(60, 360));
    const result = random.weighted([
      ['safe', 90],
      ['unreachable', 8],
      ['defrauded', 2],
    ] as const);
    const officer = await file.officer();
    const at = new Date(turn.now).toISOString();
    const answer = await file.try(officer, 'follow-ups', {
      at,
      result,
      ...(result === 'defrauded' ? { lossFen: 500_000 } : {}),
    });
    if (answer.status !== 201) throw new UnexpectedAnswer(officer.name, 'a follow-up', answer);
    file.day.count('follow-ups');
  }

  /** Whoever refuses help is raised by a level before the case is given up. */
  private async escalateFirst(): Promise<void> {
    const { file } = this;
    const higher = RISK_LEVELS[RISK_LEVELS.indexOf(file.riskLevel) + 1];
    if (higher) await file.give(await file.officer(), 'escalate', { riskLevel: higher, reason: '当事人拒不配合' });
  }

  /** Submits, after having done whatever the ladder asks for. */
  private async submit(result: Result): Promise<void> {
    const { file } = this;
    const body = outcomeOf(result, file.riskLevel, file.random, file.signal.body.amountAtRiskFen);
    for (let round = 1; ; round++) {
      const officer = await file.officer();
      const answer = await file.try(officer, 'outcome', body);
      const { code, missing } = answer.body as { code?: string; missing?: string[] };
      if (code !== 'ladder-incomplete' || round === MOST_ROUNDS) {
        file.done(officer, 'outcome', answer);
        return;
      }
      for (const step of missing ?? []) await this.make(step, result);
    }
  }

  /** @param step as the API names it: `sms`, `call`, `visit`, `2 more calls` */
  private async make(step: string, result: Result): Promise<void> {
    const { file } = this;
    const met = result !== 'unreachable';
    const [count] = /^\d+/.exec(step) ?? ['1'];
    const method = step === 'sms' || step === 'visit' ? step : 'call';
    for (let time = 0; time < Number(count); time++) {
      await file.turn.after(file.random.between(5, 30));
      await file.attempt(method, met);
    }
  }

  /** 审核: mostly approved; what is sent back is worked on and submitted again. */
  private async review(result: Result): Promise<void> {
    const { file } = this;
    const { random, turn } = file;
    file.mayBeLeft(0.02);
    await turn.after(random.between(4, 60));
    const reviewer = await file.supervisorAbove();
    if (random.chance(0.05)) {
      await file.give(reviewer, 'review', { decision: 'reject', note: '劝阻过程记录不全,请补充' });
      await turn.after(random.between(10, 60));
      await file.attempt('call', result !== 'unreachable');
      await this.submit(result);
      await turn.after(random.between(4, 60));
    }
    await file.give(reviewer, 'review', { decision: 'approve' });
  }
}
