import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigError, loadConfig, settings } from './config.js';

const faultsOf = (env: NodeJS.ProcessEnv): readonly string[] => {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
};
const oidc = {
  FIL_ROUGE_ISSUER: 'https://issuer.example',
  FIL_ROUGE_AUDIENCE: 'fil-rouge',
  FIL_ROUGE_JWKS_URL: 'https://issuer.example/jwks',
};

describe('configuration', () => {
  it('starts with nothing set', () => {
    expect(loadConfig({})).toEqual({
      host: '127.0.0.1',
      port: 3000,
      production: false,
      logLevel: 'info',
      dataFolder: resolve('.data'),
      database: { kind: 'embedded' },
      identity: { kind: 'demonstration' },
      organisationClaim: 'organisation',
      roleClaim: 'role',
      keyring: resolve('.data/keys/keyring.json'),
      demo: true,
      worker: true,
      metrics: undefined,
    });
  });

  it('takes what is needed to write to persons, never one half of it', () => {
    const mail = { FIL_ROUGE_SMTP_URL: 'smtp://user:secret@mail.example', FIL_ROUGE_MAIL_FROM: 'fil-rouge@example.org' };
    const sms = { FIL_ROUGE_SMS_URL: 'https://sms.example/send', FIL_ROUGE_SMS_TOKEN: 'jeton' };
    expect(loadConfig({ ...mail, ...sms, FIL_ROUGE_PUBLIC_URL: 'https://fil-rouge.example' })).toMatchObject({
      smtp: { url: mail.FIL_ROUGE_SMTP_URL, from: mail.FIL_ROUGE_MAIL_FROM },
      sms: { url: sms.FIL_ROUGE_SMS_URL, token: sms.FIL_ROUGE_SMS_TOKEN },
      publicUrl: 'https://fil-rouge.example',
    });
    expect(faultsOf({ FIL_ROUGE_SMTP_URL: mail.FIL_ROUGE_SMTP_URL, FIL_ROUGE_SMS_TOKEN: 'jeton' })).toEqual([
      'FIL_ROUGE_MAIL_FROM must be set too: FIL_ROUGE_SMTP_URL, FIL_ROUGE_MAIL_FROM go together',
      'FIL_ROUGE_SMS_URL must be set too: FIL_ROUGE_SMS_URL, FIL_ROUGE_SMS_TOKEN go together',
    ]);
    expect(faultsOf({ ...mail, FIL_ROUGE_MAIL_FROM: 'a@b.fr, c@d.fr' })).toEqual(['FIL_ROUGE_MAIL_FROM must be an e-mail address, fil-rouge@example.org']); // prettier-ignore
  });

  it('takes an existing PostgreSQL, whose owner may be another role', () => {
    const url = 'postgresql://app@db/pdp';
    expect(loadConfig({ DATABASE_URL: url })).toMatchObject({
      database: { kind: 'external', url, migrationUrl: url, ownerIsApart: false },
      demo: false,
    });
    const owner = 'postgresql://owner@db/pdp';
    expect(loadConfig({ DATABASE_URL: url, DATABASE_MIGRATION_URL: owner }).database).toEqual({
      kind: 'external',
      url,
      migrationUrl: owner,
      ownerIsApart: true,
    });
    expect(faultsOf({ DATABASE_MIGRATION_URL: owner })).toEqual(['DATABASE_MIGRATION_URL is set without DATABASE_URL']);
  });

  it('takes the log from an EventStoreDB, which it fills with no demonstration', () => {
    const url = 'esdb://app:secret@a:2113,b:2113';
    expect(loadConfig({ EVENTSTORE_URL: url })).toMatchObject({
      eventStoreUrl: url,
      database: { kind: 'embedded' },
      demo: false,
    });
    expect(loadConfig({ EVENTSTORE_URL: 'esdb://localhost:2113?tls=false' }).eventStoreUrl).toBeDefined();
    expect(faultsOf({ EVENTSTORE_URL: 'esdb://localhost:2113' })).toEqual([
      'EVENTSTORE_URL must name a user and its password, or say tls=false for a server without security',
    ]);
    const kurrent = 'kurrentdb+discover://app:secret@cluster:2113';
    expect(loadConfig({ EVENTSTORE_URL: kurrent }).eventStoreUrl).toBe(kurrent);
    for (const wrong of ['http://secret', 'kurrentdb+dns://app:secret@cluster'])
      expect(faultsOf({ EVENTSTORE_URL: wrong })).toEqual([
        expect.stringMatching(/^EVENTSTORE_URL must look like esdb:(?!.*secret).*kurrentdb/),
      ]);
  });

  it('serves metrics where it is told to, and nowhere otherwise', () => {
    expect(loadConfig({ FIL_ROUGE_METRICS: '127.0.0.1:9464' }).metrics).toEqual({ host: '127.0.0.1', port: 9464 });
    expect(loadConfig({ FIL_ROUGE_METRICS: '[::1]:0' }).metrics).toEqual({ host: '::1', port: 0 });
    for (const wrong of ['9464', ':9464', '127.0.0.1', '::1:9464', 'a b:1']) expect(faultsOf({ FIL_ROUGE_METRICS: wrong })).toEqual(['FIL_ROUGE_METRICS must be an address and a port, 127.0.0.1:9464']); // prettier-ignore
    expect(faultsOf({ FIL_ROUGE_METRICS: 'localhost:70000' })).toEqual([expect.stringContaining('must be a port number')]);
  });

  it('keeps the keyring in the data folder unless it is told otherwise', () => {
    expect(loadConfig({ FIL_ROUGE_DATA: '/srv/pdp' }).keyring).toBe('/srv/pdp/keys/keyring.json');
    expect(loadConfig({ FIL_ROUGE_DATA: '/srv/pdp', FIL_ROUGE_KEYRING: '/run/secrets/keyring' }).keyring).toBe(
      '/run/secrets/keyring',
    );
  });

  it('takes an empty variable for an unset one, as compose files write it', () => {
    expect(loadConfig({ PORT: '', DATABASE_URL: '', FIL_ROUGE_ISSUER: ' ' })).toEqual(loadConfig({}));
  });

  it('names every fault at once', () => {
    expect(
      faultsOf({
        PORT: '65536',
        NODE_ENV: 'prod',
        LOG_LEVEL: 'loud',
        DATABASE_URL: 'mysql://root:secret@db/pdp',
        FIL_ROUGE_WORKER: 'yes',
        FIL_ROUGE_ISSUER: 'https://issuer.example',
        FIL_ROUGE_KEYRNIG: '/keys',
      }),
    ).toEqual([
      'PORT must be a port number from 0 to 65535 (0: any free port)',
      'NODE_ENV must be one of development, production, test',
      'LOG_LEVEL must be one of error, warn, info, debug',
      'DATABASE_URL must be a URL that starts with postgres:// or postgresql://',
      'FIL_ROUGE_WORKER must be one of true, false',
      'FIL_ROUGE_KEYRNIG is not a setting; did you mean FIL_ROUGE_KEYRING?',
      'FIL_ROUGE_AUDIENCE, FIL_ROUGE_JWKS_URL must be set too: FIL_ROUGE_ISSUER, FIL_ROUGE_AUDIENCE, FIL_ROUGE_JWKS_URL go together',
    ]);
  });

  it('never repeats a value, which may be a password', () => {
    expect(faultsOf({ DATABASE_URL: 'secret', DATABASE_MIGRATION_URL: 'secret' }).join()).not.toContain('secret');
  });

  it.each(['0', '1', '65535'])('accepts port %s', (PORT) => expect(loadConfig({ PORT }).port).toBe(Number(PORT)));
  it.each(['-1', '65536', '3e3', '0x10', '80 80'])('refuses port %s', (PORT) => expect(faultsOf({ PORT })).toHaveLength(1));

  describe('in production', () => {
    const production = { NODE_ENV: 'production' };
    it('refuses the demonstration issuer and the demonstration cases', () => {
      expect(faultsOf({ ...production, FIL_ROUGE_DEMO: 'true' })).toEqual([
        expect.stringContaining('FIL_ROUGE_ISSUER, FIL_ROUGE_AUDIENCE, FIL_ROUGE_JWKS_URL must be set when NODE_ENV=production'),
        'FIL_ROUGE_DEMO=true is refused when NODE_ENV=production',
      ]);
    });
    it('runs with an issuer, and loads no demonstration', () => {
      expect(loadConfig({ ...production, ...oidc })).toMatchObject({
        production: true,
        demo: false,
        identity: {
          kind: 'oidc',
          issuer: 'https://issuer.example',
          audience: 'fil-rouge',
          jwksUrl: 'https://issuer.example/jwks',
        },
      });
    });
  });

  it('is documented: the same settings, defaults and descriptions, in the same order', () => {
    const page = readFileSync(join(__dirname, '../../docs/configuration.md'), 'utf8');
    const rows = page
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.split('|').map((cell) => cell.trim()));
    expect(rows.map(([, name, fallback, en, fr]) => ({ name, fallback, en, fr }))).toEqual(
      Object.entries<{ default?: string; follows?: string; en: string; fr: string }>(settings).map(
        ([name, { default: value, follows, en, fr }]) => ({
          name: `\`${name}\``,
          fallback: value === undefined ? follows : `\`${value}\``,
          en,
          fr,
        }),
      ),
    );
  });
});
