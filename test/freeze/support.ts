import { call, PLACES, World, type Answer, type Place } from '../case/support.js';
import { incident } from '../incident/support.js';
import type { Officer, TestApp } from '../support/app.js';

let accounts = 0;

/** The number of an account that nobody has used. */
export function account(): string {
  accounts += 1;
  return `62220212${String(10_000_000 + accounts)}`;
}

interface Asked {
  by?: Place;
  incidentId?: string;
  account?: string;
  bank?: string;
  holderName?: string;
  amountFen?: number;
  from?: string;
  until?: string;
  approvedBy?: string;
}

/** People who freeze accounts: the officers of the world ask, supervisors beside them approve. */
export class Freezers {
  private constructor(
    readonly world: World,
    readonly countyChief: Officer,
    readonly cityChief: Officer,
    private readonly places: readonly Place[],
  ) {}

  static async start(places: readonly Place[] = ['city', 'county']): Promise<Freezers> {
    const world = await World.start(places);
    const { app } = world;
    return new Freezers(
      world,
      await app.user(PLACES.county, 'supervisor'),
      await app.user(PLACES.city, 'supervisor'),
      places,
    );
  }

  /** Everybody signs in anew: a test that moves the clock by years outlives their tokens. */
  async signIn(): Promise<void> {
    const people = [...this.places.map((place) => this.world.as(place)), this.countyChief, this.cityChief];
    for (const who of people) {
      const body = { username: who.name, password: 'Wan-Zhuan-8848!' };
      const { accessToken } = await this.must(
        call(this.world.app, undefined, { method: 'POST', path: '/auth/login', body }),
      );
      who.headers['authorization'] = `Bearer ${accessToken as string}`;
    }
  }

  post(who: Officer, path: string, body?: unknown, headers?: Record<string, string>, app?: TestApp): Promise<Answer> {
    return call(app ?? this.world.app, who, { method: 'POST', path, body: body ?? {}, headers });
  }

  async must(answer: Promise<Answer>): Promise<Answer['body']> {
    const { status, body, text } = await answer;
    if (status > 201) throw new Error(`${status} ${text}`);
    return body;
  }

  get(place: Place, path: string): Promise<Answer> {
    return this.world.get(place, path);
  }

  async read(id: string): Promise<Answer['body']> {
    return (await this.get('city', `/freezes/${id}`)).body;
  }

  /** An incident that has been filed. @returns its id */
  async filed(place: Place = 'county'): Promise<string> {
    const { id } = (await incident(this.world, place, { divisionCode: PLACES[place] })) as { id: string };
    await this.must(this.world.post(place, `/incidents/${id}/file`, { caseNo: `A${id.slice(-12)}` }));
    return id;
  }

  async ask({ by = 'county', incidentId, ...asked }: Asked = {}): Promise<Answer> {
    const id = incidentId ?? (await this.filed(by === 'city' ? 'county' : by));
    const body = { account: account(), bank: '中国工商银行', amountFen: 100_000, until: this.day(100), ...asked };
    return this.world.post(by, `/incidents/${id}/freezes`, body);
  }

  /** A freeze that was asked for. */
  async requested(asked: Asked = {}): Promise<Answer['body']> {
    return this.must(this.ask(asked));
  }

  /** A freeze that its county, or the city, has approved. */
  async approved(asked: Asked = {}): Promise<Answer['body']> {
    const { id, approverTier } = (await this.requested(asked)) as { id: string; approverTier: string };
    const byCounty = approverTier === 'county' && (asked.by ?? 'county') === 'county';
    return this.must(this.post(byCounty ? this.countyChief : this.cityChief, `/freezes/${id}/approve`));
  }

  /** A freeze that the bank has answered: effective, or in line. */
  async frozen(asked: Asked & { frozenFen?: number; effectiveAt?: string } = {}): Promise<Answer['body']> {
    const { frozenFen, effectiveAt, ...request } = asked;
    const { id, amountFen } = (await this.approved(request)) as { id: string; amountFen: number };
    return this.must(
      this.world.post(request.by ?? 'county', `/freezes/${id}/effective`, {
        frozenFen: frozenFen ?? amountFen,
        ...(effectiveAt === undefined ? {} : { effectiveAt }),
      }),
    );
  }

  give(
    place: Place,
    id: string,
    command: string,
    body: unknown = {},
    headers?: Record<string, string>,
  ): Promise<Answer> {
    return this.world.post(place, `/freezes/${id}/${command}`, body, headers);
  }

  /** The local day so many days from now. */
  day(days = 0): string {
    return new Date(this.world.app.clock.now().getTime() + (8 + 24 * days) * 3_600_000).toISOString().slice(0, 10);
  }

  /** Entries of a freeze as they stand on the ledger, in the order in which they were made. */
  async entries(id: string): Promise<string[]> {
    const rows = await this.world.sql<{ kind: string; amount: string; reversal: boolean }>(
      `SELECT kind, amount_fen AS amount, reverses IS NOT NULL AS reversal FROM ledger_entry WHERE origin_id = $1
       ORDER BY id`,
      [id],
    );
    return rows.map(({ kind, amount, reversal }) => `${reversal ? 'reversed ' : ''}${kind} ${amount}`);
  }

  /** Lines of an incident's timeline that are of its money. */
  async lines(
    incidentId: string,
  ): Promise<{ type: string; text: string; data: Record<string, unknown>; actor: string | null }[]> {
    const { body } = await this.get('city', `/incidents/${incidentId}/timeline?limit=200`);
    return (body.items as { type: string; text: string; data: Record<string, unknown>; actor: string | null }[]).filter(
      ({ type }) => /^(freeze|stop)/.test(type) && !type.startsWith('stop-request-'),
    );
  }

  async types(incidentId: string): Promise<string[]> {
    return (await this.lines(incidentId)).map(({ type }) => type);
  }
}

export const codeOf = ({ status, body }: Answer): string => `${status} ${body?.code as string}`;
