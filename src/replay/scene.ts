import { createHash } from 'node:crypto';
import type { CityMap } from '../simulation/city.map.js';
import { expectDone, type Person } from '../simulation/api.client.js';
import type { Agenda } from '../simulation/agenda.js';
import type { ReplayPlan } from './plan.js';
import type { ReplayStaff } from './replay.staff.js';

const MINUTE_MS = 60_000;

/** What everybody who plays a day of a replay shares. */
export class Scene {
  /** Ids by what the plan calls a thing: what was made in an earlier run is found again by asking. */
  private readonly ids = new Map<string, Promise<string>>();

  constructor(
    readonly plan: ReplayPlan,
    readonly staff: ReplayStaff,
    /** The first moment of each day, milliseconds. */
    private readonly starts: readonly number[],
  ) {}

  get map(): CityMap {
    return this.plan.input.map;
  }

  at(day: number, minute: number): number {
    return this.starts[day]! + minute * MINUTE_MS;
  }

  iso(day: number, minute: number): string {
    return new Date(this.at(day, minute)).toISOString();
  }

  /** Puts an act on the agenda of its day. */
  tell(agenda: Agenda, day: number, minute: number, act: () => Promise<void>): void {
    agenda.tell(this.at(day, minute), act);
  }

  /**
   * Gives a command that must be done, once: given again after a stop in the middle of the day it has its first answer.
   * @param step names the command in the whole replay
   */
  async command<T>(who: Person, step: string, path: string, body: object = {}): Promise<T> {
    const { city, from, seed, scale } = this.plan.input.options;
    const which = createHash('sha256')
      .update(JSON.stringify([city, from, scale, seed]))
      .digest('hex')
      .slice(0, 32);
    const key = `replay/${which}/${step}`;
    return expectDone<T>(who, `${step} (${path})`, await who.post(path, body, key));
  }

  /** The id of a thing: remembered, or found. */
  id(name: string, find: () => Promise<string>): Promise<string> {
    let id = this.ids.get(name);
    if (!id) this.ids.set(name, (id = find()));
    return id;
  }

  remember(name: string, id: string): void {
    this.ids.set(name, Promise.resolve(id));
  }
}
