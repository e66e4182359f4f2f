import { call, type Answer, type Place, type World } from '../case/support.js';

let counter = 0;

/** A valid report of a fraud; every one is of another person unless told. */
export function report(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  counter += 1;
  return {
    source: '110',
    sourceRef: `J-${counter}`,
    reportedAt: '2023-06-01T09:30:00+08:00',
    divisionCode: '411322101',
    victim: { kind: 'person', name: '李小明', phone: `139${String(10_000_000 + counter)}` },
    fraudType: 'brushing-rebate',
    lossFen: 4_500_000,
    ...overrides,
  };
}

/** Hands a report in. @param place whose officer, or the feed */
export function handIn(world: World, place: Place | 'feed', overrides: Record<string, unknown> = {}): Promise<Answer> {
  const who = place === 'feed' ? world.feed : world.as(place);
  const source = place === 'feed' ? { source: 'national-platform' } : {};
  const body = report({ reportedAt: world.now, ...source, ...overrides });
  return call(world.app, who, { method: 'POST', path: '/incidents', body });
}

/** Hands a report in that must be taken. @returns the answer's body */
export async function incident(
  world: World,
  place: Place | 'feed' = 'county',
  overrides: Record<string, unknown> = {},
): Promise<Answer['body']> {
  const answer = await handIn(world, place, overrides);
  if (answer.status !== 201) throw new Error(`incident: ${answer.status} ${answer.text}`);
  return answer.body;
}
