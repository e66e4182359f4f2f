import { PLACES, type Place } from '../case/support.js';
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

/** The same numbers for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Lets officers of six agencies do whatever they may, in no order: cases are returned, transferred, recalled, reviewed,
 * reopened, merged and split, in time and late, over several days.
 * @returns how often each command was taken
 */
export async function randomDays(reports: ReportWorld, seed: number, steps: number): Promise<Record<string, number>> {
  const { world } = reports;
  const random = randomFrom(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const ids: string[] = [];
  const taken: Record<string, number> = {};

  const intake = async (): Promise<void> => {
    const answer = await world.intake({
      subject: { phone: `137000000${String(Math.floor(random() * 60)).padStart(2, '0')}` },
      riskLevel: pick(RISKS),
      kind: pick(['fund', 'telecom', 'network']),
      divisionCode: pick([PLACES.county, PLACES.county, PLACES.county2, undefined]),
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
        return { agency: pick(counties) };
      case 'forward':
        return { agency: pick(townships) };
      case 'transfer':
        return { agency: pick(place === 'city' ? counties : townships), reason: note };
      case 'return':
        return { reason: pick(REASONS), note };
      case 'attempts': {
        const at = new Date(world.app.clock.now().getTime() - Math.floor(random() * 3) * 60_000).toISOString();
        return world.attempt(pick(['sms', 'call', 'call', 'visit'] as const), { at, reached: random() < 0.6 });
      }
      case 'outcome': {
        const result = pick(RESULTS);
        const saved =
          ['dissuaded', 'partial-loss'].includes(result) && random() < 0.7 ? Math.floor(random() * 9_000_000) + 1 : 0;
        const lost = ['partial-loss', 'already-defrauded', 'defrauded-after-warning'].includes(result)
          ? 1 + Math.floor(random() * 1_000_000)
          : 0;
        return {
          result,
          interceptedFen: saved,
          ...(saved > 0 ? { interceptedBasis: pick(['bank-blocked', 'transfer-cancelled']) } : {}),
          lossFen: lost,
          note,
        };
      }
      case 'review':
        return { decision: random() < 0.75 ? 'approve' : 'reject', note };
      case 'escalate':
        return { riskLevel: pick(RISKS), reason: note };
      case 'urge':
      case 'reply':
        return { note };
      case 'follow-ups':
        return { at: world.now, result: pick(['safe', 'safe', 'defrauded', 'unreachable']) };
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
    ...{ transfer: 0.5, recall: 0.4, return: 0.8, escalate: 0.7, urge: 0.5, withdraw: 0.1, reveal: 0.1 },
  };

  while (ids.length < 10) await intake();
  for (let step = 0; step < steps; step++) {
    reports.wait(random() < 0.02 ? Math.floor(random() * 600) : random() * 1.5);
    if (random() < 0.06) await intake();
    const id = pick(random() < 0.8 ? ids.slice(-12) : ids);
    const { holder } = (await world.get('city', `/alerts/${id}`)).body as { holder: { code: string } | null };
    const place = random() < 0.75 ? (WORKERS.find((each) => PLACES[each] === holder?.code) ?? 'city') : pick(WORKERS);
    const allowed = ((await world.get(place, `/alerts/${id}`)).body.allowed ?? []) as string[];
    if (allowed.length === 0) continue;
    const command = pick(
      allowed.flatMap((each) => new Array<string>(Math.round((weights[each] ?? 1) * 10)).fill(each)),
    );
    const answer = await world.give(place, id, command, bodyOf(command, place));
    if (answer.status >= 500) throw new Error(`${command}: ${answer.status} ${answer.text}`);
    if (answer.status < 300) taken[command] = (taken[command] ?? 0) + 1;
  }
  return taken;
}
