import { sees } from '../../src/alert/transitions.js';
import type { FeedEvent } from '../../src/feed/feed.js';
import type { OrganizationSnapshot } from '../../src/organization/organization.snapshot.js';
import { audienceOf } from '../../src/realtime/message.rules.js';
import { snapshotOf } from '../organization/samples.js';
import { Dice } from '../support/dice.js';

/**
 * Cities with any number of counties and townships, some of them closed. Their codes are the numbers from 1: 1/2 and 1/20
 * begin alike, and neither lies below the other.
 */
function anyOrganization(dice: Dice): OrganizationSnapshot {
  const paths: string[] = [];
  const add = (above: string | undefined, depth: number): void => {
    const path = [above, paths.length + 1].filter((part) => part !== undefined).join('/');
    paths.push(path);
    if (depth < 3) for (let count = dice.below(6); count > 0; count--) add(path, depth + 1);
  };
  for (let count = 1 + dice.below(3); count > 0; count--) add(undefined, 1);
  const closed = paths.filter(() => dice.chance(0.1)).map((path) => path.split('/').at(-1)!);
  return snapshotOf(Object.fromEntries(paths.map((path) => [path, []])), closed);
}

function anyCase(dice: Dice, { agencies }: OrganizationSnapshot): Pick<FeedEvent, 'cityId' | 'heldBy'> {
  const { cityId } = dice.pick(agencies);
  // A case seldom leaves its city; the rule holds where it does.
  const among = dice.chance(0.8) ? agencies.filter((agency) => agency.cityId === cityId) : agencies;
  return { cityId, heldBy: Array.from({ length: dice.below(5) }, () => dice.pick(among).id) };
}

test('those that an event is handed to are those that may see its case, in organizations and cases of any shape', () => {
  const sizes = new Set<number>();
  for (let seed = 1; seed <= 300; seed++) {
    const dice = new Dice(seed);
    const organization = anyOrganization(dice);
    for (let time = 0; time < 10; time++) {
      const one = anyCase(dice, organization);
      const audience = [...audienceOf(one, organization)].sort((a, b) => a - b);
      const allowed = organization.agencies
        .filter((agency) => sees(agency, { cityId: one.cityId, heldBy: [...one.heldBy] }, organization))
        .map(({ id }) => id)
        .sort((a, b) => a - b);
      expect({ seed, ...one, audience }).toEqual({ seed, ...one, audience: allowed });
      sizes.add(audience.length);
    }
  }
  // From the city alone to many agencies.
  expect(sizes.size).toBeGreaterThan(5);
});
