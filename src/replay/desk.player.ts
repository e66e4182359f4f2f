import type { BulkAnswer } from '../bulk/bulk.dto.js';
import type { BatchAnswer, SignalBody } from '../intake/intake.dto.js';
import type { Agenda } from '../simulation/agenda.js';
import { expectDone } from '../simulation/api.client.js';
import { lureOf, suspectOf } from '../simulation/lures.js';
import { Random } from '../simulation/random.js';
import type { CaseGroup, DayPlan } from './plan.js';
import { residentOf, SERIALS } from './residents.js';
import { SOURCES } from './replay.staff.js';
import type { Scene } from './scene.js';

/** As many as POST /alerts/batch takes. */
const MOST_IN_A_BATCH = 1_000;
/** Minutes from a group's batch until it is signed for; a late desk is beyond the hour that a call is given. */
const ACCEPT = 25;
const ACCEPT_LATE = 75;
/** Minutes from there to the first act, and from each to the next. */
const ACT = 45;
/** Minute of the day on which desks close what came to nothing: after the last batch, so that signals find it open. */
const CLOSING = 22 * 60 + 50;

/** One planned case of a desk. */
interface DeskCase {
  readonly group: number;
  /** The signal that opens it. */
  readonly signal: SignalBody;
}

interface BatchItem {
  readonly body: SignalBody;
  /** The group whose case it opens; undefined: it joins one. */
  readonly opens?: number;
}

/**
 * The many warnings that come to nothing: county desks write, ring, find nobody in danger and close them at the end of
 * the day; until then further signals about the same people join them.
 */
export class DeskPlayer {
  constructor(private readonly scene: Scene) {}

  plan(agenda: Agenda, day: DayPlan): void {
    const random = new Random(`${this.scene.plan.input.options.seed} desks ${day.date}`);
    const batches = this.signals(day, random);
    const ids = day.groups.map((): string[] => []);
    batches.forEach((items, batch) => {
      const parts = Math.ceil(items.length / MOST_IN_A_BATCH);
      if (parts === 0) return;
      this.scene.tell(agenda, day.index, day.batches[batch]!, async () => {
        for (let part = 0; part < parts; part++) {
          await this.handIn(items.slice(part * MOST_IN_A_BATCH, (part + 1) * MOST_IN_A_BATCH), ids);
        }
      });
    });
    day.groups.forEach((group, index) => this.work(agenda, day, group, index, ids[index]!));
  }

  /** The signals of each batch: those that open cases first, then those that join one that is open by then. */
  private signals(day: DayPlan, random: Random): BatchItem[][] {
    const opening: DeskCase[] = [];
    const joining: BatchItem[][] = day.batches.map(() => []);
    for (const [group, { cases }] of day.groups.entries()) {
      for (let at = 0; at < cases; at++)
        opening.push({ group, signal: this.opening(day, group, opening.length, random) });
    }
    for (let repeat = 0; repeat < day.repeats; repeat++) {
      const { group, signal } = random.pick(opening);
      const batch = random.integer(day.groups[group]!.batch, day.batches.length - 1);
      joining[batch]!.push({ body: this.repeat(day, signal, repeat, batch) });
    }
    return day.batches.map((_, batch) => [
      ...opening
        .filter(({ group }) => day.groups[group]!.batch === batch)
        .map(({ group, signal }) => ({ body: signal, opens: group })),
      ...joining[batch]!,
    ]);
  }

  private opening(day: DayPlan, group: number, serial: number, random: Random): SignalBody {
    const { map } = this.scene;
    const { kind: work, county: code, batch } = day.groups[group]!;
    const county = map.counties.find((each) => each.code === code)!;
    const home = { county: code, township: random.pick(county.townships).code };
    const fraudType = random.weighted(map.fraudTypes.map((type, rank) => [type, 0.78 ** rank] as const));
    const lure = lureOf(fraudType);
    const kind = random.weighted(lure.kinds);
    const person = SERIALS.desks + day.index * SERIALS.deskDay + serial;
    const { name, phone, group: people } = residentOf(map, home, person, random, Number(day.date.slice(0, 4)));
    return {
      source: random.pick(SOURCES),
      sourceRef: `RP-${day.date.replaceAll('-', '')}-${serial}`,
      detectedAt: this.scene.iso(day.index, day.batches[batch]! - random.integer(1, 20)),
      kind,
      riskLevel: work === 'message' ? 'low' : 'medium',
      fraudType,
      divisionCode: home.township,
      subject: { name, phone, group: people },
      suspect: suspectOf(random, kind),
      summary: random.pick(lure.summaries),
    };
  }

  /** The same person seen again. */
  private repeat(day: DayPlan, signal: SignalBody, serial: number, batch: number): SignalBody {
    return {
      ...signal,
      sourceRef: `RP-${day.date.replaceAll('-', '')}-R${serial}`,
      detectedAt: this.scene.iso(day.index, day.batches[batch]! - 1),
    };
  }

  private async handIn(items: readonly BatchItem[], ids: string[][]): Promise<void> {
    const feed = await this.scene.staff.source();
    const answer = await feed.post('/alerts/batch', { alerts: items.map(({ body }) => body) });
    const { results } = expectDone<BatchAnswer>(feed, 'a batch', answer);
    for (const { index, outcome, id, errors } of results) {
      const item = items[index]!;
      if (outcome === 'rejected') throw new Error(`a signal was refused: ${JSON.stringify(errors)}`);
      // After a stop in the middle of the day it is a duplicate, with the id that it had.
      if (item.opens !== undefined) ids[item.opens]!.push(id!);
    }
  }

  private work(agenda: Agenda, day: DayPlan, group: CaseGroup, index: number, ids: readonly string[]): void {
    const { kind, late, batch } = group;
    const accept = day.batches[batch]! + (late && kind !== 'message' ? ACCEPT_LATE : ACCEPT);
    const tell = (minute: number, step: string, command: string, body: object): void =>
      this.scene.tell(agenda, day.index, minute, async () => {
        const officer = await this.scene.staff.officer(group.county);
        const name = `${day.date}/${index}/${step}`;
        const answer = await this.scene.command<BulkAnswer>(officer, name, '/alerts/bulk', { ids, command, body });
        const failed = answer.results.find(({ problem }) => problem);
        if (failed) throw new Error(`${name} was refused: ${JSON.stringify(failed.problem)}`);
      });
    tell(accept, 'accept', 'accept', {});
    const acts = actsOf(group);
    acts.forEach(({ method, reached, note }, at) => {
      const minute = accept + ACT * (at + 1);
      const moment = this.scene.iso(day.index, minute);
      const body = { method, at: moment, reached, participants: [{ kind: 'police' }], note };
      tell(minute, `act-${at}`, 'attempts', body);
    });
    const result = kind === 'unreachable' ? 'unreachable' : 'false-alarm';
    const note = result === 'unreachable' ? '多次电话未接' : '经核实未受骗,无资金风险';
    tell(CLOSING + (index % 12) * 5, 'close', 'outcome', { result, interceptedFen: 0, lossFen: 0, note });
  }
}

interface Act {
  readonly method: 'sms' | 'call';
  readonly reached: boolean;
  readonly note: string;
}

const MISSED: Act = { method: 'call', reached: false, note: '无人接听' };
const SPOKEN: Act = { method: 'call', reached: true, note: '电话接通,已告知诈骗套路,当事人未转账' };

function actsOf({ kind }: CaseGroup): Act[] {
  if (kind === 'message') return [{ method: 'sms', reached: false, note: '已发送劝阻短信,送达' }];
  if (kind === 'call') return [SPOKEN];
  return kind === 'second-call' ? [MISSED, SPOKEN] : [MISSED, MISSED, MISSED];
}
