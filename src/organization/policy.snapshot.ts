import { DEFAULT_POLICIES, type Policies, type PolicyKind } from './policy.js';

/** One document of one kind, in force from a moment until the next one's. */
export interface PolicyVersion<Kind extends PolicyKind = PolicyKind> {
  readonly cityId: number;
  readonly kind: Kind;
  readonly effectiveFrom: Date;
  readonly document: Policies[Kind];
  /** The user who set it; null where it came with the seed. */
  readonly setBy: string | null;
  readonly setAt: Date;
}

/** Every version of every city's policies: what held at any moment is answered from memory. */
export class PolicySnapshot {
  private readonly versions = new Map<string, PolicyVersion[]>();

  constructor(versions: readonly PolicyVersion[]) {
    for (const version of [...versions].sort((a, b) => a.effectiveFrom.getTime() - b.effectiveFrom.getTime())) {
      const key = keyOf(version.cityId, version.kind);
      const known = this.versions.get(key);
      if (known) known.push(version);
      else this.versions.set(key, [version]);
    }
  }

  /** What holds in a city at a moment; the product's defaults where nothing was set by then. */
  at(cityId: number, moment: Date): Policies {
    return {
      clocks: this.inForce(cityId, 'clocks', moment)?.document ?? DEFAULT_POLICIES.clocks,
      ladder: this.inForce(cityId, 'ladder', moment)?.document ?? DEFAULT_POLICIES.ladder,
      review: this.inForce(cityId, 'review', moment)?.document ?? DEFAULT_POLICIES.review,
      routing: this.inForce(cityId, 'routing', moment)?.document ?? DEFAULT_POLICIES.routing,
      messages: this.inForce(cityId, 'messages', moment)?.document ?? DEFAULT_POLICIES.messages,
      funds: this.inForce(cityId, 'funds', moment)?.document ?? DEFAULT_POLICIES.funds,
      ranking: this.inForce(cityId, 'ranking', moment)?.document ?? DEFAULT_POLICIES.ranking,
    };
  }

  /** The version of one kind that holds at a moment. */
  inForce<Kind extends PolicyKind>(cityId: number, kind: Kind, moment: Date): PolicyVersion<Kind> | undefined {
    return this.versionsOf(cityId, kind).findLast(({ effectiveFrom }) => effectiveFrom <= moment);
  }

  /** Versions that are to hold after a moment, the soonest first. */
  scheduled<Kind extends PolicyKind>(cityId: number, kind: Kind, moment: Date): PolicyVersion<Kind>[] {
    return this.versionsOf(cityId, kind).filter(({ effectiveFrom }) => effectiveFrom > moment);
  }

  /** Every version of one kind, the earliest to begin first. */
  versionsOf<Kind extends PolicyKind>(cityId: number, kind: Kind): readonly PolicyVersion<Kind>[] {
    return (this.versions.get(keyOf(cityId, kind)) ?? []) as PolicyVersion<Kind>[];
  }
}

function keyOf(cityId: number, kind: PolicyKind): string {
  return `${cityId}:${kind}`;
}
