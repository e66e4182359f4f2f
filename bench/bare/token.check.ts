import { createHmac, timingSafeEqual } from 'node:crypto';

interface Known {
  agencyId: number;
  userId: string;
  expiresAt: number;
}

/** The same check of an access token as the product's: HMAC-SHA-256 once, then remembered until it expires. */
export class TokenCheck {
  private readonly known = new Map<string, Known>();

  /** @param agencies of users, by their ids */
  constructor(
    private readonly key: Buffer,
    private readonly agencies: ReadonlyMap<string, number>,
  ) {}

  /** @returns undefined where the token is none of ours, or has expired */
  check(authorization: string | undefined, now: number): Known | undefined {
    if (authorization === undefined) return undefined;
    let known = this.known.get(authorization);
    if (!known) {
      known = this.verify(authorization.slice('Bearer '.length));
      if (known) this.known.set(authorization, known);
    }
    return known && known.expiresAt > now ? known : undefined;
  }

  private verify(token: string): Known | undefined {
    const [head = '', payload = '', signature = ''] = token.split('.');
    const wanted = createHmac('sha256', this.key).update(`${head}.${payload}`).digest();
    const given = Buffer.from(signature, 'base64url');
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
    const { sub, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sub: string; exp: number };
    const agencyId = this.agencies.get(sub);
    return agencyId === undefined ? undefined : { agencyId, userId: sub, expiresAt: exp * 1_000 };
  }
}
