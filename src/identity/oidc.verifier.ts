import { Inject, Injectable } from '@nestjs/common';
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { Clock } from '../platform/clock/clock.js';
import type { Config, OidcConfig } from '../platform/config/config.js';
import { unavailable, type Problem } from '../platform/http/problem.js';
import { CONFIG, LOGGER } from '../platform/platform.module.js';
import type { Logger } from '../platform/log/logger.js';
import { tokenProblem } from './access.tokens.js';
import { accountUnmapped, challenge, signInElsewhere, tokenExpired } from './identity.problems.js';

const TIMEOUT_MS = 5_000;
/** Between the provider's clock and ours. */
const TOLERANCE_SECONDS = 30;
const ALGORITHMS = ['RS256', 'ES256'];

export interface ProviderToken {
  /** Lower case. */
  username: string;
  agencyCode: string;
  /** Milliseconds. */
  expiresAt: number;
  /** The sign-in at the provider that the token came of, as closely as it tells. */
  signIn: string;
}

/** Tokens of an external identity provider, where the configuration names one: they replace local passwords. */
@Injectable()
export class OidcVerifier {
  private readonly oidc: OidcConfig | undefined;
  private keys: Promise<JWTVerifyGetKey> | undefined;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.oidc = config.oidc;
  }

  /** Whether people sign in there and not here. */
  get inUse(): boolean {
    return this.oidc !== undefined;
  }

  /** @throws Problem `sign-in-elsewhere` where accounts of people are the provider's */
  refuseLocal(): void {
    if (!this.inUse) return;
    throw signInElsewhere.with(
      'Passwords, sessions and second factors are kept by the identity provider: sign in there and send its token as Authorization: Bearer ….',
    );
  }

  /** @throws Problem `token-expired`, `token-invalid`, `account-unmapped`, and `unavailable` while the provider is away */
  async verify(token: string): Promise<ProviderToken> {
    const oidc = this.oidc!;
    const payload = await this.verified(oidc, token);
    const username = payload[oidc.usernameClaim];
    const agencyCode = payload[oidc.agencyClaim];
    if (typeof username !== 'string' || typeof agencyCode !== 'string') {
      const missing = typeof username === 'string' ? oidc.agencyClaim : oidc.usernameClaim;
      throw challenge(
        accountUnmapped,
        `The token carries no claim "${missing}". The identity provider has to be set up to send it.`,
      );
    }
    const signIn = [payload.sub, payload['sid'] ?? payload['auth_time'] ?? payload.iat].join(' ');
    return { username: username.toLowerCase(), agencyCode, expiresAt: payload.exp! * 1000, signIn };
  }

  private async verified(oidc: OidcConfig, token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, await this.keySet(oidc), {
        algorithms: ALGORITHMS,
        issuer: oidc.issuer,
        audience: oidc.audience,
        requiredClaims: ['exp', 'sub'],
        clockTolerance: TOLERANCE_SECONDS,
        currentDate: this.clock.now(),
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JWTExpired) {
        throw challenge(tokenExpired, 'The access token has expired. Get another one from the identity provider.');
      }
      if (error instanceof errors.JWKSTimeout || !isOfToken(error)) throw this.away(error);
      throw tokenProblem(error);
    }
  }

  private keySet(oidc: OidcConfig): Promise<JWTVerifyGetKey> {
    this.keys ??= this.discover(oidc);
    this.keys.catch(() => (this.keys = undefined));
    return this.keys;
  }

  private async discover(oidc: OidcConfig): Promise<JWTVerifyGetKey> {
    const jwksUri = oidc.jwksUri ?? (await jwksUriOf(oidc.issuer));
    return createRemoteJWKSet(new URL(jwksUri), { timeoutDuration: TIMEOUT_MS });
  }

  private away(error: unknown): Problem {
    this.logger.error({ err: error }, 'the identity provider does not answer as it should');
    return unavailable.with('The identity provider cannot be asked at the moment; try again shortly.', {
      headers: { 'retry-after': '5' },
    });
  }
}

/** jose's plain JOSEError stands for a key set that could not be fetched; its subclasses speak of the token. */
function isOfToken(error: unknown): boolean {
  return (
    error instanceof errors.JOSEError &&
    error.constructor !== errors.JOSEError &&
    !(error instanceof errors.JWKSInvalid)
  );
}

async function jwksUriOf(issuer: string): Promise<string> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
  if (!response.ok) throw new Error(`discovery answered ${response.status}`);
  const document = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (document.issuer !== issuer || typeof document.jwks_uri !== 'string') {
    throw new Error('the discovery document is of another issuer, or names no jwks_uri');
  }
  return document.jwks_uri;
}
