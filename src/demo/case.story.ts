import { CaseEnding } from './case.ending.js';
import { CaseFile, LeftLying } from './case.file.js';
import { RESULTS_AT_THE_DOOR, RESULTS_BY_TELEPHONE } from './outcome.plan.js';

/** How one case goes: what officers of the three tiers do about it, and when. Returns where it ends or is left lying. */
export async function tellCase(file: CaseFile): Promise<void> {
  try {
    if (file.signal.trial) await withdraw(file);
    else await new CaseStory(file).work();
  } catch (error) {
    if (!(error instanceof LeftLying)) throw error;
  }
}

async function withdraw(file: CaseFile): Promise<void> {
  const { turn, random, day } = file;
  await turn.after(random.between(5, 40));
  await file.give(await day.staff.officer(day.map.code), 'withdraw', { reason: '来源单位撤回,系测试数据' });
}

class CaseStory {
  private readonly ending: CaseEnding;

  constructor(private readonly file: CaseFile) {
    this.ending = new CaseEnding(file);
  }

  async work(): Promise<void> {
    await this.place();
    const { riskLevel } = this.file;
    if (riskLevel === 'low') await this.byMessage();
    else if (riskLevel === 'medium') await this.byTelephone();
    else await this.atTheDoor();
  }

  /** The city pushes what came without a county; a county returns what is not its own. */
  private async place(): Promise<void> {
    const { file } = this;
    const { random, turn, day, signal } = file;
    const pushed = file.holder.tier === 'county';
    if (pushed && file.holder.code === signal.home.county) return;
    if (pushed) {
      await turn.after(random.between(1, 4));
      await file.give(await file.officer(), 'return', {
        reason: 'wrong-jurisdiction',
        note: '当事人户籍在此,现住外县',
      });
    }
    await turn.after(random.between(1, 8));
    await file.give(await day.staff.officer(day.map.code), 'push', { agency: signal.home.county });
    // Returning a case buys no time: its clocks go on from the first push.
    if (!pushed) file.started = turn.now;
  }

  /** Low: a text message, with many others. */
  private async byMessage(): Promise<void> {
    const { file, ending } = this;
    await this.acceptAtTheDesk();
    file.mayBeLeft(0.01);
    const reminded = await file.day.desk(file.holder.code).take(file.turn, 'remind', file.id);
    if (reminded.problem) throw new Error(`a reminder was refused: ${JSON.stringify(reminded.problem)}`);
    if (file.random.chance(0.15)) {
      await ending.conclude(await file.callUntilReached(0.8, 2), RESULTS_BY_TELEPHONE);
      return;
    }
    const closed = await file.day.desk(file.holder.code).take(file.turn, 'close', file.id);
    if (closed.alert) {
      file.note(closed.alert);
      await ending.closed();
    } else {
      // Another signal about the person came in meanwhile, and the case needs more than a message now.
      await ending.conclude(await file.callUntilReached(0.9, 2), RESULTS_BY_TELEPHONE);
    }
  }

  /** Medium: a call, and now and then somebody of the township. */
  private async byTelephone(): Promise<void> {
    const { file, ending } = this;
    const { random, turn } = file;
    file.mayBeLeft(0.005);
    // A desk that is late has not looked at its list in time.
    if (random.chance(file.lateness)) await turn.after(random.between(50, 80));
    await this.acceptAtTheDesk();
    file.mayBeLeft(0.01);
    await file.untilActed(file.limits.callMinutes ?? 240, file.started);
    const reached = await file.callUntilReached(0.66, 3);
    if (random.chance(0.1)) {
      await turn.after(random.between(2, 15));
      await this.forward();
      await turn.after(random.between(15, 90));
      await file.attempt('visit', random.chance(0.9));
    }
    await turn.after(random.between(5, 60));
    await ending.conclude(reached, RESULTS_BY_TELEPHONE);
  }

  /** High and urgent: a call at once, and the township knocks on the door. */
  private async atTheDoor(): Promise<void> {
    const { file, ending } = this;
    const { random, turn } = file;
    file.mayBeLeft(0.006);
    await this.accept();
    if (random.chance(0.006)) await this.moveToAnotherCounty();
    await file.untilActed(file.limits.callMinutes ?? 30, file.started);
    let reached = await file.callUntilReached(0.75, 1);
    if (file.riskLevel === 'high' && random.chance(0.05)) await this.escalate('当事人正在转账');
    if (random.chance(0.88)) {
      await turn.after(random.between(0.5, 4));
      await this.forward();
    }
    file.mayBeLeft(0.01);
    if (await file.untilActed(file.limits.visitMinutes ?? 240, file.started)) await this.mayBeUrged();
    if (file.riskLevel === 'urgent' && random.chance(0.25)) await this.reveal();
    reached = (await this.visit()) || reached;
    await turn.after(random.between(3, 45));
    await ending.conclude(reached, RESULTS_AT_THE_DOOR);
  }

  private async visit(): Promise<boolean> {
    const { file } = this;
    for (const chance of [0.88, 0.7]) {
      const met = file.random.chance(chance);
      await file.attempt('visit', met);
      if (met) return true;
      await file.turn.after(file.random.between(20, 80));
    }
    return false;
  }

  /** Signs for the case one by one, as one does for what is pressing. */
  private async accept(): Promise<void> {
    const { file } = this;
    if (await file.untilActed(file.limits.acceptMinutes, file.handed)) await this.mayBeUrged();
    await file.give(await file.officer(), 'accept');
    if (file.urged) await file.give(await file.officer(), 'reply', { note: '民警已在处置' });
  }

  /** Signs for it with everything else on the list. */
  private async acceptAtTheDesk(): Promise<void> {
    const { file } = this;
    const item = await file.day.desk(file.holder.code).take(file.turn, 'accept', file.id);
    if (!item.alert) throw new Error(`a case was not accepted: ${JSON.stringify(item.problem)}`);
    file.note(item.alert);
  }

  /** 下发: to the township, which signs; now and then it comes back or goes on to the next one. */
  private async forward(): Promise<void> {
    const { file } = this;
    const { random, turn, day } = file;
    const county = await file.officer();
    const others = day.map.counties.find(({ code }) => code === file.holder.code)!.townships;
    const home = others.find(({ code }) => code === file.signal.home.township) ?? random.pick(others);
    const other = random.pick(others.filter(({ code }) => code !== home.code));
    await file.give(county, 'forward', { agency: home.code });
    const turnOfEvents = random.weighted([
      ['none', 94],
      ['transfer', 2],
      ['return', 2],
      ['recall', 2],
    ] as const);
    if (turnOfEvents === 'recall') {
      await turn.after(random.between(3, 20));
      await file.give(county, 'recall', { reason: '情况紧急,由县局直接处置' });
      return;
    }
    if (turnOfEvents === 'transfer') {
      await turn.after(random.between(1, 5));
      await file.give(county, 'transfer', { agency: other.code, reason: '当事人现住邻镇' });
    }
    await this.accept();
    if (turnOfEvents === 'return') {
      await turn.after(random.between(2, 15));
      await file.give(await file.officer(), 'return', { reason: 'not-local', note: '当事人在县城租住,请县局处置' });
      await this.accept();
    }
  }

  private async moveToAnotherCounty(): Promise<void> {
    const { file } = this;
    const { random, turn, day } = file;
    const to = random.pick(day.map.counties.filter(({ code }) => code !== file.holder.code));
    await turn.after(random.between(1, 5));
    const body = { agency: to.code, reason: '当事人现住址在邻县' };
    await file.give(await day.staff.officer(day.map.code), 'transfer', body);
    await this.accept();
  }

  private async escalate(reason: string): Promise<void> {
    await this.file.give(await this.file.officer(), 'escalate', { riskLevel: 'urgent', reason });
  }

  /** 督办: the tier above asks a holder that is late; the holder answers once it acts. */
  private async mayBeUrged(): Promise<void> {
    const { file } = this;
    if (!file.random.chance(0.35)) return;
    const replyBy = new Date(file.turn.now + 30 * 60_000).toISOString();
    await file.give(await file.supervisorAbove(), 'urge', { note: '已超时限,请立即处置并反馈', replyBy });
    await file.turn.after(file.random.between(1, 8));
    // What waits for a signature is answered when it is signed for.
    if (file.status === 'in_progress') await file.give(await file.officer(), 'reply', { note: '民警已在途中' });
  }

  private async reveal(): Promise<void> {
    const officer = await this.file.officer();
    const answer = await this.file.try(officer, 'reveal', { purpose: '上门劝阻前核对住址' });
    if (answer.status !== 200) throw new Error(`a person's data was not revealed: ${answer.status}`);
    this.file.day.count('reveal');
  }
}
