import { Inject, Injectable } from '@nestjs/common';
import { SignJWT, errors, jwtVerify } from 'jose';
import { Clock } from '../platform/clock/clock.js';
import { isId } from '../platform/clock/id.js';
import { TOKEN_KEY } from '../platform/platform.module.js';
import { challenge, tokenExpired, tokenInvalid } from './identity.problems.js';
import { IdentitySettings } from './identity.settings.js';

const ISSUER = 'sanji';
const ALGORITHM = 'HS256';

export interface AccessToken {
  userId: string;
  sessionId: string;
  /** Milliseconds. */
  expiresAt: number;
}

/** This product's own access tokens: who, and of which session. What somebody may do is looked up, never believed. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly clock: Clock,
    private readonly settings: IdentitySettings,
    @Inject(TOKEN_KEY) private readonly key: Buffer,
  ) {}

  /** @returns the token and how many seconds it lives */
  async issue(userId: string, sessionId: string): Promise<{ accessToken: string; expiresIn: number }> {
    const now = Math.floor(this.clock.now().getTime() / 1000);
    const expiresIn = Math.round(this.settings.accessMinutes * 60);
    const accessToken = await new SignJWT({ sid: sessionId })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'at+jwt' })
      .setIssuer(ISSUER)
      .setSubject(userId)
      .setIssuedAt(now)
      .setExpirationTime(now + expiresIn)
      .sign(this.key);
    return { accessToken, expiresIn };
  }

  /** @throws Problem `token-expired`, `token-invalid` */
  async verify(token: string): Promise<AccessToken> {
    try {
      const { payload } = await jwtVerify(token, this.key, {
        algorithms: [ALGORITHM],
        typ: 'at+jwt',
        issuer: ISSUER,
        requiredClaims: ['sub', 'sid', 'exp'],
        currentDate: this.clock.now(),
      });
      const { sub, sid, exp } = payload;
      if (!isId(sub) || !isId(sid)) throw new errors.JWTInvalid('foreign claims');
      return { userId: sub, sessionId: sid, expiresAt: exp! * 1000 };
    } catch (error) {
      throw tokenProblem(error);
    }
  }
}

/** What jose says of a token, in our terms; other errors as they are. */
export function tokenProblem(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) {
    return challenge(tokenExpired, 'The access token has expired. Get another one with POST /auth/refresh.');
  }
  if (error instanceof errors.JOSEError) {
    return challenge(tokenInvalid, 'The access token is not one of ours, or was changed. Sign in again.');
  }
  return error;
}
