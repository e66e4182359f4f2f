import { ApiClient, expectDone, Person } from '../simulation/api.client.js';
import type { CityMap } from '../simulation/city.map.js';

/** Everybody who works on the day: each signs in over the API when first needed. */
export class Staff {
  private readonly signedIn = new Map<string, Promise<Person>>();
  readonly feed: Person;

  constructor(
    private readonly client: ApiClient,
    private readonly password: string,
    feedKey: string,
  ) {
    this.feed = new Person('feed', client, { 'x-api-key': feedKey });
  }

  officer(agency: string): Promise<Person> {
    return this.of(`officer.${agency}`);
  }

  supervisor(agency: string): Promise<Person> {
    return this.of(`supervisor.${agency}`);
  }

  private of(username: string): Promise<Person> {
    let person = this.signedIn.get(username);
    if (!person) {
      person = this.signIn(username);
      this.signedIn.set(username, person);
    }
    return person;
  }

  private async signIn(username: string): Promise<Person> {
    const visitor = new Person(username, this.client, {});
    const answer = await visitor.post('/auth/login', { username, password: this.password });
    const { accessToken } = expectDone<{ accessToken: string }>(visitor, 'signing in', answer);
    return new Person(username, this.client, { authorization: `Bearer ${accessToken}` });
  }
}

interface AgencyItem {
  readonly code: string;
  readonly name: string;
  readonly parent: string;
}

/** Looks the city up as anybody who is signed in can. */
export async function readCityMap(staff: Staff, city: string): Promise<CityMap> {
  const officer = await staff.officer(city);
  const all = async <T>(path: string): Promise<T[]> => {
    const items: T[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { items: T[]; nextCursor: string | null } = expectDone(
        officer,
        path,
        await officer.get(`${path}limit=200${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`),
      );
      items.push(...page.items);
      cursor = page.nextCursor;
    }
    return items;
  };
  const counties = await all<AgencyItem>(`/agencies?tier=county&parent=${city}&`);
  const townships = await all<AgencyItem>('/agencies?tier=township&');
  const fraudTypes = await all<{ code: string }>('/fraud-types?');
  return {
    code: city,
    counties: counties.map(({ code, name }) => ({
      code,
      name,
      townships: townships.filter(({ parent }) => parent === code),
    })),
    fraudTypes: fraudTypes.map(({ code }) => code),
  };
}
