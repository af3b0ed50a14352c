import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { AuthenticationError } from './authentication-error.js';
import { LocalIssuer } from './local-issuer.js';
import { TokenVerifier, type TokenVerifierOptions } from './token-verifier.js';

const names = { organisationClaim: 'organisation', roleClaim: 'role' };
const issuer = 'https://id.example';
const audience = 'fil-rouge';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1' }] };
const verifier = (more: Partial<TokenVerifierOptions> = {}) => new TokenVerifier({ ...names, issuer, audience, jwks, ...more });

const soon = () => Math.floor(Date.now() / 1000) + 60;
const claims = (): JWTPayload => ({
  iss: issuer,
  aud: audience,
  sub: 'p-17',
  exp: soon(),
  organisation: 'carsat-bfc',
  role: 'AS',
});
const sign = (payload: JWTPayload, header = { alg: 'RS256', kid: 'k1' }, key = privateKey) =>
  new SignJWT(payload).setProtectedHeader(header).sign(key);
const refusal = async (attempt: Promise<unknown>) => {
  const error: unknown = await attempt.then(
    () => undefined,
    (e: unknown) => e,
  );
  return error instanceof AuthenticationError ? error.code : error;
};

describe('a bearer token', () => {
  it('says who calls, for which organisation, in which role and until when', async () => {
    const payload = claims();
    expect(await verifier().verifyHeader(`Bearer ${await sign(payload)}`)).toEqual({
      organisation: 'carsat-bfc',
      role: 'AS',
      person: 'p-17',
      expiresAt: new Date(payload.exp! * 1000).toISOString(),
    });
  });

  it.each<[string, (c: JWTPayload) => JWTPayload]>([
    ['issuerWrong', (c) => ({ ...c, iss: 'https://other.example' })],
    ['issuerWrong', ({ iss: _, ...c }) => c],
    ['audienceWrong', (c) => ({ ...c, aud: 'another-service' })],
    ['audienceWrong', ({ aud: _, ...c }) => c],
    ['tokenExpired', (c) => ({ ...c, exp: Math.floor(Date.now() / 1000) - 10 })],
    ['expiryMissing', ({ exp: _, ...c }) => c],
    ['tokenNotYetValid', (c) => ({ ...c, nbf: soon() })],
    ['personMissing', ({ sub: _, ...c }) => c],
    ['organisationMissing', ({ organisation: _, ...c }) => c],
    ['organisationMissing', (c) => ({ ...c, organisation: ' ' })],
    ['organisationMissing', (c) => ({ ...c, organisation: ['carsat-bfc', 'cpam-39'] })],
    ['roleUnknown', (c) => ({ ...c, role: 'ROOT' })],
    ['roleUnknown', (c) => ({ ...c, role: 'toString' })],
    ['roleUnknown', (c) => ({ ...c, role: ['AS'] })],
    ['roleUnknown', ({ role: _, ...c }) => c],
  ])('is refused: %s (%#)', async (code, change) => {
    expect(await refusal(verifier().verify(await sign(change(claims()))))).toBe(code);
  });

  it('is accepted up to 5 seconds after its end, for clocks that differ', async () => {
    const payload = claims();
    const token = await sign(payload);
    const at = (seconds: number) => verifier({ now: () => new Date((payload.exp! + seconds) * 1000) }).verify(token);
    expect((await at(4)).person).toBe('p-17');
    expect(await refusal(at(6))).toBe('tokenExpired');
  });

  it('is refused without signature, whatever the case of "none"', async () => {
    expect(await refusal(verifier().verify(new UnsecuredJWT(claims()).encode()))).toBe('algorithmRefused');
    const [, body] = (await sign(claims())).split('.');
    for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
      const header = Buffer.from(JSON.stringify({ alg, kid: 'k1' })).toString('base64url');
      expect(await refusal(verifier().verify(`${header}.${body}.`))).toBe('algorithmRefused');
    }
  });

  it('is refused when the public key was used as a shared secret', async () => {
    const secret = Buffer.from(publicKey.export({ type: 'spki', format: 'pem' }));
    const token = await new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(secret);
    expect(await refusal(verifier().verify(token))).toBe('algorithmRefused');
  });

  it('is refused when signed by another key, under a known or an unknown name, or changed afterwards', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    expect(await refusal(verifier().verify(await sign(claims(), { alg: 'RS256', kid: 'k1' }, other)))).toBe('signatureInvalid');
    expect(await refusal(verifier().verify(await sign(claims(), { alg: 'RS256', kid: 'k2' }, other)))).toBe('signatureInvalid');
    const [header, , signature] = (await sign(claims())).split('.');
    const body = Buffer.from(JSON.stringify({ ...claims(), role: 'AUDITOR' })).toString('base64url');
    expect(await refusal(verifier().verify(`${header}.${body}.${signature}`))).toBe('signatureInvalid');
  });

  it.each([undefined, '', 'Basic dXNlcjpwYXNz', 'Bearer', 'Bearer a b'])('is missing from %j', async (header) => {
    expect(await refusal(verifier().verifyHeader(header))).toBe('tokenMissing');
  });

  it.each(['x', 'a.b.c', '..', 'e30.e30.e30'])('is malformed: %j', async (token) => {
    expect(await refusal(verifier().verify(token))).toBe('tokenMalformed');
  });

  it('explains its refusal in French and in English', () => {
    const { text } = new AuthenticationError('tokenExpired');
    expect(text).toEqual({ fr: 'Le jeton a expiré.', en: 'The token has expired.' });
  });
});

describe('the keys of an issuer behind HTTP', () => {
  let server: Server;
  beforeAll(
    () =>
      new Promise<void>((ready) => {
        server = createServer((request, response) => {
          response.statusCode = request.url === '/jwks' ? 200 : 500;
          response.setHeader('content-type', 'application/json').end(JSON.stringify(jwks));
        }).listen(0, '127.0.0.1', ready);
      }),
  );
  afterAll(() => new Promise((closed) => server.close(closed)));
  const at = (path: string) => new URL(path, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);

  it('are fetched', async () => {
    expect((await verifier({ jwks: at('/jwks') }).verify(await sign(claims()))).organisation).toBe('carsat-bfc');
  });

  it('are reported as unavailable, not as a fault of the caller', async () => {
    expect(await refusal(verifier({ jwks: at('/broken') }).verify(await sign(claims())))).toBe('keysUnavailable');
    expect(await refusal(verifier({ jwks: new URL('http://127.0.0.1:1/jwks') }).verify(await sign(claims())))).toBe(
      'keysUnavailable',
    );
  });
});

describe('the local issuer', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'issuer-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const make = () => new LocalIssuer({ ...names, folder: join(folder, 'keys'), issuer, audience });
  const request = { organisation: 'cpam-39', role: 'CPAM', person: 'p-3', ttl: 60 } as const;

  it('issues tokens that its own key verifies, also after a restart', async () => {
    const token = await make().issue(request);
    expect(await verifier({ jwks: make().jwks() }).verify(token)).toMatchObject({
      organisation: 'cpam-39',
      role: 'CPAM',
      person: 'p-3',
    });
  });

  it('issues nothing that another key verifies', async () => {
    expect(await refusal(verifier().verify(await make().issue(request)))).toBe('signatureInvalid');
  });

  it('never shows the private key, and keeps it for its owner only', () => {
    expect(make().jwks().keys[0]).not.toHaveProperty('d');
    expect(readdirSync(join(folder, 'keys'))).toEqual(['issuer.json']);
    expect(statSync(join(folder, 'keys', 'issuer.json')).mode & 0o777).toBe(0o600);
  });

  it('refuses to work in production', () => {
    const before = process.env.NODE_ENV;
    process.env.NODE_ENV = 'production';
    try {
      expect(make).toThrow(/production/);
    } finally {
      process.env.NODE_ENV = before;
    }
  });
});
