import { PLACES, type Place } from '../case/support.js';
import { Dice } from '../support/dice.js';
import type { ReportWorld } from './support.js';

const WORKERS: readonly Place[] = ['city', 'county', 'township', 'township2', 'county2', 'township3'];
const RISKS = ['low', 'medium', 'high', 'urgent'];
const REASONS = ['wrong-jurisdiction', 'not-local', 'wrong-info', 'other'];
const RESULTS = [
  'dissuaded',
  'dissuaded',
  'dissuaded',
  'partial-loss',
  'already-defrauded',
  'defrauded-after-warning',
  'false-alarm',
  'unreachable',
  'refused',
];

/**
 * Lets officers of six agencies do whatever they may, in no order: cases are returned, transferred, recalled, reviewed,
 * reopened, merged and split, in time and late, over several days.
 * @returns how often each command was taken
 */
export async function randomDays(reports: ReportWorld, seed: number, steps: number): Promise<Record<string, number>> {
  const { world } = reports;
  const dice = new Dice(seed);
  const ids: string[] = [];
  const taken: Record<string, number> = {};

  const intake = async (): Promise<void> => {
    const answer = await world.intake({
      subject: { phone: `137000000${String(dice.below(60)).padStart(2, '0')}` },
      riskLevel: dice.pick(RISKS),
      kind: dice.pick(['fund', 'telecom', 'network']),
      divisionCode: dice.pick([PLACES.county, PLACES.county, PLACES.county2, undefined]),
    });
    if (answer.status !== 201) throw new Error(`intake: ${answer.text}`);
    ids.push(answer.body.id as string);
  };

  const bodyOf = (command: string, place: Place): Record<string, unknown> => {
    const counties = [PLACES.county, PLACES.county2];
    const townships = place === 'county2' ? [PLACES.township3] : [PLACES.township, PLACES.township2];
    const note = '随机';
    switch (command) {
      case 'push':
        return { agency: dice.pick(counties) };
      case 'forward':
        return { agency: dice.pick(townships) };
      case 'transfer':
        return { agency: dice.pick(place === 'city' ? counties : townships), reason: note };
      case 'return':
        return { reason: dice.pick(REASONS), note };
      case 'attempts': {
        const at = new Date(world.app.clock.now().getTime() - dice.below(3) * 60_000).toISOString();
        return world.attempt(dice.pick(['sms', 'call', 'call', 'visit'] as const), { at, reached: dice.chance(0.6) });
      }
      case 'outcome': {
        const result = dice.pick(RESULTS);
        const saved =
          ['dissuaded', 'partial-loss'].includes(result) && dice.chance(0.7) ? dice.below(9_000_000) + 1 : 0;
        const lost = ['partial-loss', 'already-defrauded', 'defrauded-after-warning'].includes(result)
          ? 1 + dice.below(1_000_000)
          : 0;
        return {
          result,
          interceptedFen: saved,
          ...(saved > 0 ? { interceptedBasis: dice.pick(['bank-blocked', 'transfer-cancelled']) } : {}),
          lossFen: lost,
          note,
        };
      }
      case 'review':
        return { decision: dice.chance(0.75) ? 'approve' : 'reject', note };
      case 'escalate':
        return { riskLevel: dice.pick(RISKS), reason: note };
      case 'urge':
        return { note, replyBy: new Date(world.app.clock.now().getTime() + 20 * 60_000).toISOString() };
      case 'reply':
        return { note };
      case 'follow-ups':
        return { at: world.now, result: dice.pick(['safe', 'safe', 'defrauded', 'unreachable']) };
      case 'protections':
        return { account: `62170000000${dice.below(10)}`, bank: '中国建设银行', reason: note };
      case 'accept':
        return {};
      case 'reveal':
        return { purpose: '核对' };
      default:
        return { reason: note };
    }
  };
  /** Work on cases is commoner than moving and ending them. */
  const weights: Record<string, number> = {
    ...{ accept: 8, forward: 3, attempts: 8, outcome: 8, review: 12, 'follow-ups': 2, reopen: 1, push: 5, unmerge: 1 },
    ...{
      transfer: 0.5,
      recall: 0.4,
      return: 0.8,
      escalate: 0.7,
      urge: 0.5,
      withdraw: 0.1,
      reveal: 0.1,
      protections: 0.3,
    },
  };

  while (ids.length < 10) await intake();
  for (let step = 0; step < steps; step++) {
    reports.wait(dice.chance(0.02) ? dice.below(600) : dice.next() * 1.5);
    if (dice.chance(0.06)) await intake();
    const id = dice.pick(dice.chance(0.8) ? ids.slice(-12) : ids);
    const { holder } = (await world.get('city', `/alerts/${id}`)).body as { holder: { code: string } | null };
    const place = dice.chance(0.75)
      ? (WORKERS.find((each) => PLACES[each] === holder?.code) ?? 'city')
      : dice.pick(WORKERS);
    const allowed = ((await world.get(place, `/alerts/${id}`)).body.allowed ?? []) as string[];
    if (allowed.length === 0) continue;
    const command = dice.pick(
      allowed.flatMap((each) => new Array<string>(Math.round((weights[each] ?? 1) * 10)).fill(each)),
    );
    const answer = await world.give(place, id, command, bodyOf(command, place));
    if (answer.status >= 500) throw new Error(`${command}: ${answer.status} ${answer.text}`);
    if (answer.status < 300) taken[command] = (taken[command] ?? 0) + 1;
  }
  return taken;
}
