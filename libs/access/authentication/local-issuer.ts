import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type JSONWebKeySet, type JWK, SignJWT } from 'jose';
import { type OrganisationId, type Role } from '../../domain/kernel/roles.js';
import { type ClaimNames } from './caller.js';

const ALGORITHM = 'ES256';

export interface LocalIssuerOptions extends ClaimNames {
  /** Where `issuer.json`, the private key, is kept. */
  readonly folder: string;
  readonly issuer: string;
  readonly audience: string;
}
export interface TokenRequest {
  readonly organisation: OrganisationId;
  readonly role: Role;
  readonly person: string;
  /** Seconds. */
  readonly ttl: number;
}

/** Issues tokens for a demonstration, where there is no identity provider. It asks nobody who they are, so production refuses it. */
export class LocalIssuer {
  private readonly kid: string;
  private readonly key: KeyObject;

  constructor(private readonly options: LocalIssuerOptions) {
    if (process.env.NODE_ENV === 'production') throw new Error('the local issuer gives a token to anybody: not in production');
    const { kid, ...jwk } = loadOrMake(options.folder);
    this.kid = kid;
    this.key = createPrivateKey({ key: jwk, format: 'jwk' });
  }

  /** The public key, for a TokenVerifier. */
  jwks(): JSONWebKeySet {
    const jwk = createPublicKey(this.key).export({ format: 'jwk' }) as JWK;
    return { keys: [{ ...jwk, kid: this.kid, alg: ALGORITHM, use: 'sig' }] };
  }

  issue({ organisation, role, person, ttl }: TokenRequest): Promise<string> {
    const { issuer, audience, organisationClaim, roleClaim } = this.options;
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ [organisationClaim]: organisation, [roleClaim]: role })
      .setProtectedHeader({ alg: ALGORITHM, kid: this.kid, typ: 'JWT' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(person)
      .setIssuedAt(now)
      .setExpirationTime(now + ttl)
      .sign(this.key);
  }
}

type StoredKey = JWK & { readonly kid: string };

function loadOrMake(folder: string): StoredKey {
  const file = join(folder, 'issuer.json');
  if (!existsSync(file)) make(folder, file);
  return JSON.parse(readFileSync(file, 'utf8')) as StoredKey;
}

function make(folder: string, file: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fresh = `${file}.${randomUUID()}`;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(fresh, JSON.stringify({ kid: randomUUID(), ...privateKey.export({ format: 'jwk' }) }), { mode: 0o600 });
  try {
    // A link appears whole or not at all, and never replaces: of several processes that start together, all use the first one's key.
    linkSync(fresh, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(fresh, { force: true });
  }
}
