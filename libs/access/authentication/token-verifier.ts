import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
  type JWTVerifyGetKey,
} from 'jose';
import { type Instant } from '../../domain/kernel/local-date.js';
import { type Role, ROLES } from '../../domain/kernel/roles.js';
import { AuthenticationError, type AuthenticationErrorCode } from './authentication-error.js';
import { type Caller, type ClaimNames } from './caller.js';

/** Asymmetric only: with a shared secret, whoever can verify can also issue. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];
const CLOCK_TOLERANCE_SECONDS = 5;

export interface TokenVerifierOptions extends ClaimNames {
  readonly issuer: string;
  readonly audience: string;
  /** Where the issuer publishes its keys, or the keys themselves. */
  readonly jwks: URL | JSONWebKeySet;
  readonly now?: () => Date;
}

/** Bearer tokens (RFC 6750) from one OpenID Connect issuer. */
export class TokenVerifier {
  private readonly keys: JWTVerifyGetKey;

  constructor(private readonly options: TokenVerifierOptions) {
    this.keys = options.jwks instanceof URL ? createRemoteJWKSet(options.jwks) : createLocalJWKSet(options.jwks);
  }

  /**
   * The caller, from the value of the `Authorization` header.
   * @throws AuthenticationError
   */
  async verifyHeader(authorization: string | undefined): Promise<Caller> {
    const match = /^bearer +([^\s]+) *$/i.exec(authorization ?? '');
    if (!match) throw new AuthenticationError('tokenMissing');
    return this.verify(match[1]!);
  }

  /** @throws AuthenticationError */
  async verify(token: string): Promise<Caller> {
    const { issuer, audience, now } = this.options;
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['exp'],
        ...(now && { currentDate: now() }),
      });
      return this.callerOf(payload);
    } catch (error) {
      throw error instanceof AuthenticationError ? error : new AuthenticationError(codeOf(error), { cause: error });
    }
  }

  private callerOf(payload: JWTPayload): Caller {
    const { organisationClaim, roleClaim } = this.options;
    const organisation = payload[organisationClaim];
    const role = payload[roleClaim];
    if (!isText(payload.sub)) throw new AuthenticationError('personMissing');
    if (!isText(organisation)) throw new AuthenticationError('organisationMissing');
    if (!isRole(role)) throw new AuthenticationError('roleUnknown');
    return { organisation, role, person: payload.sub, expiresAt: new Date(payload.exp! * 1000).toISOString() as Instant };
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const isRole = (value: unknown): value is Role => typeof value === 'string' && Object.hasOwn(ROLES, value);

const CLAIMS: Readonly<Record<string, AuthenticationErrorCode>> = {
  iss: 'issuerWrong',
  aud: 'audienceWrong',
  exp: 'expiryMissing',
  nbf: 'tokenNotYetValid',
};

function codeOf(error: unknown): AuthenticationErrorCode {
  if (error instanceof errors.JWTExpired) return 'tokenExpired';
  if (error instanceof errors.JWTClaimValidationFailed) return CLAIMS[error.claim] ?? 'tokenMalformed';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithmRefused';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signatureInvalid';
  // A key that the issuer does not publish (any more).
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) return 'signatureInvalid';
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid || error instanceof errors.JOSENotSupported)
    return 'tokenMalformed';
  return 'keysUnavailable';
}
