import { join, resolve } from 'node:path';
import { ConnectionString } from '../event-store/eventstoredb/connection-string.js';

/** Everything that is wrong with the environment, at once: an operator should not have to start five times to find five faults. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(
      `The configuration has ${faults.length} fault(s):\n${faults.map((fault) => `  - ${fault}`).join('\n')}\nSee docs/configuration.md.`,
    );
    this.name = 'ConfigError';
  }
}

interface Setting<T> {
  /** The value, or an Error whose message completes "NAME …". */
  readonly parse: (text: string) => T;
  /** Parsed like a value; absent when the setting is optional or follows from others. */
  readonly default?: string;
  /** What the documentation shows when the default follows from other settings. */
  readonly follows?: string;
  readonly en: string;
  readonly fr: string;
}
const setting = <T>(definition: Setting<T>): Setting<T> => definition;

const word = (text: string): string => {
  if (/\s/.test(text)) throw new Error('must not contain spaces');
  return text;
};
const oneOf =
  <const V extends readonly string[]>(...values: V) =>
  (text: string): V[number] => {
    if (!values.includes(text)) throw new Error(`must be one of ${values.join(', ')}`);
    return text;
  };
const flag = (text: string): boolean => oneOf('true', 'false')(text) === 'true';
const port = (text: string): number => {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65535)
    throw new Error('must be a port number from 0 to 65535 (0: any free port)');
  return Number(text);
};
const listeningAddress = (text: string): { readonly host: string; readonly port: number } => {
  const [, host, number] = /^(\[[\da-f:.]+\]|[^\s:[\]]+):(.+)$/i.exec(text) ?? [];
  if (host === undefined || number === undefined) throw new Error('must be an address and a port, 127.0.0.1:9464');
  return { host: host.replace(/[[\]]/g, ''), port: port(number) };
};
const urlWith =
  (...protocols: string[]) =>
  (text: string): string => {
    // The value is not repeated in the message: a database URL holds a password.
    if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol))
      throw new Error(`must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`);
    return text;
  };
const databaseUrl = urlWith('postgres:', 'postgresql:');
const webUrl = urlWith('https:', 'http:');
const mailUrl = urlWith('smtps:', 'smtp:');
const mailAddress = (text: string): string => {
  if (!/^[^\s@<>"',;:()]+@[A-Za-z0-9.-]+$/.test(text)) throw new Error('must be an e-mail address, fil-rouge@example.org');
  return text;
};

/** The one list of settings. `docs/configuration.md` holds the same list; a test compares them. */
export const settings = {
  HOST: setting({
    parse: word,
    default: '127.0.0.1',
    en: 'Address that the API listens on.',
    fr: "Adresse sur laquelle l'API écoute.",
  }),
  PORT: setting({
    parse: port,
    default: '3000',
    en: 'Port of the API; 0 takes any free one.',
    fr: "Port de l'API ; 0 prend un port libre.",
  }),
  NODE_ENV: setting({
    parse: oneOf('development', 'production', 'test'),
    default: 'development',
    en: '`production` refuses everything that exists for demonstration only.',
    fr: "`production` refuse tout ce qui n'existe que pour la démonstration.",
  }),
  LOG_LEVEL: setting({
    parse: oneOf('error', 'warn', 'info', 'debug'),
    default: 'info',
    en: 'The least serious messages still written.',
    fr: 'Les messages les moins graves encore écrits.',
  }),
  FIL_ROUGE_DATA: setting({
    parse: (text) => resolve(text),
    default: '.data',
    en: 'Data folder: the embedded PostgreSQL and the keys. Relative to the current folder.',
    fr: 'Dossier des données : le PostgreSQL embarqué et les clés. Relatif au dossier courant.',
  }),
  DATABASE_URL: setting({
    parse: databaseUrl,
    follows: 'embedded PostgreSQL',
    en: 'An existing PostgreSQL (14 or later) to use instead of the embedded one.',
    fr: "Un PostgreSQL existant (14 ou plus) à utiliser au lieu de l'embarqué.",
  }),
  DATABASE_MIGRATION_URL: setting({
    parse: databaseUrl,
    follows: 'DATABASE_URL',
    en: 'The same database as the role that owns it and migrates it.',
    fr: 'La même base, sous le rôle qui la possède et la fait évoluer.',
  }),
  EVENTSTORE_URL: setting({
    parse: (text) => (new ConnectionString(text), text),
    follows: 'the log is in PostgreSQL',
    en: 'Connection string of an EventStoreDB or KurrentDB that holds the log, in the place of PostgreSQL: `esdb://user:password@host:2113`, or the same with `kurrentdb`.',
    fr: "Chaîne de connexion d'un EventStoreDB ou KurrentDB qui tient le journal, à la place de PostgreSQL : `esdb://user:password@host:2113`, ou de même avec `kurrentdb`.",
  }),
  FIL_ROUGE_ISSUER: setting({
    parse: webUrl,
    follows: 'demonstration issuer',
    en: 'OpenID Connect issuer of the access tokens. The three go together: issuer, audience, keys.',
    fr: "Émetteur OpenID Connect des jetons d'accès. Les trois vont ensemble : émetteur, audience, clés.",
  }),
  FIL_ROUGE_AUDIENCE: setting({
    parse: word,
    follows: 'demonstration issuer',
    en: 'Audience that the access tokens must carry.',
    fr: "Audience que les jetons d'accès doivent porter.",
  }),
  FIL_ROUGE_JWKS_URL: setting({
    parse: webUrl,
    follows: 'demonstration issuer',
    en: "Address of the issuer's public keys.",
    fr: "Adresse des clés publiques de l'émetteur.",
  }),
  FIL_ROUGE_ORGANISATION_CLAIM: setting({
    parse: word,
    default: 'organisation',
    en: "Claim of the token that names the caller's organisation.",
    fr: "Revendication du jeton qui nomme l'organisation de l'appelant.",
  }),
  FIL_ROUGE_ROLE_CLAIM: setting({
    parse: word,
    default: 'role',
    en: "Claim of the token that names the caller's role.",
    fr: "Revendication du jeton qui nomme le rôle de l'appelant.",
  }),
  FIL_ROUGE_KEYRING: setting({
    parse: (text) => resolve(text),
    follows: 'keys/keyring.json in FIL_ROUGE_DATA',
    en: 'File of the master keys. Back it up apart from the database: without it nobody can read the personal fields. It must be writable at the first start, and at that of a release that brings a key.',
    fr: 'Fichier des clés maîtresses. À sauvegarder à part de la base : sans lui personne ne peut lire les champs personnels. Il doit pouvoir être écrit au premier démarrage, et à celui d’une version qui apporte une clé.',
  }),
  FIL_ROUGE_DEMO: setting({
    parse: flag,
    follows: 'true with the embedded PostgreSQL alone, outside production; else false',
    en: 'Load the demonstration cases on the first run.',
    fr: 'Charger les dossiers de démonstration au premier lancement.',
  }),
  FIL_ROUGE_WORKER: setting({
    parse: flag,
    default: 'true',
    en: 'Run the worker in the process of the API. `false` when workers run on their own.',
    fr: "Faire tourner le worker dans le processus de l'API. `false` quand des workers tournent à part.",
  }),
  FIL_ROUGE_METRICS: setting({
    parse: listeningAddress,
    follows: 'none',
    en: 'Address and port, `127.0.0.1:9464`, on which this process serves its metrics to Prometheus, under `/metrics`. Without a password: never on a public address.',
    fr: 'Adresse et port, `127.0.0.1:9464`, sur lesquels ce processus sert ses mesures à Prometheus, sous `/metrics`. Sans mot de passe : jamais sur une adresse publique.',
  }),
  FIL_ROUGE_PUBLIC_URL: setting({
    parse: webUrl,
    follows: 'none',
    en: 'Address under which people reach the API from outside. With it, a message that asks a person for an accord holds a link to the page that she signs.',
    fr: "Adresse sous laquelle les gens atteignent l'API de l'extérieur. Avec elle, le message qui demande son accord à une personne porte un lien vers la page à signer.",
  }),
  FIL_ROUGE_SMTP_URL: setting({
    parse: mailUrl,
    follows: 'no e-mail is sent',
    en: 'Mail server for what is sent to persons: `smtps://user:password@host:465`, or `smtp` (STARTTLS where the server has it). Goes with FIL_ROUGE_MAIL_FROM.',
    fr: 'Serveur de courrier pour ce qui est envoyé aux personnes : `smtps://user:password@host:465`, ou `smtp` (STARTTLS si le serveur l’a). Va avec FIL_ROUGE_MAIL_FROM.',
  }),
  FIL_ROUGE_MAIL_FROM: setting({
    parse: mailAddress,
    follows: 'no e-mail is sent',
    en: 'Sender of these e-mails.',
    fr: 'Expéditeur de ces courriels.',
  }),
  FIL_ROUGE_SMS_URL: setting({
    parse: webUrl,
    follows: 'no text message is sent',
    en: 'Gateway for text messages to persons: one `POST` of `{"to", "text"}` for each. Goes with FIL_ROUGE_SMS_TOKEN.',
    fr: 'Passerelle des SMS aux personnes : un `POST` de `{"to", "text"}` pour chacun. Va avec FIL_ROUGE_SMS_TOKEN.',
  }),
  FIL_ROUGE_SMS_TOKEN: setting({
    parse: word,
    follows: 'no text message is sent',
    en: 'Bearer token for that gateway.',
    fr: 'Jeton (bearer) pour cette passerelle.',
  }),
} satisfies Record<string, Setting<unknown>>;

type Settings = typeof settings;
type Values = { [K in keyof Settings]?: ReturnType<Settings[K]['parse']> };

export interface Config {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly production: boolean;
  readonly logLevel: 'error' | 'warn' | 'info' | 'debug';
  /** Absolute path. */
  readonly dataFolder: string;
  readonly database:
    | { readonly kind: 'embedded' }
    /** `ownerIsApart`: the application has a login of its own, which is not the one that migrates. */
    | { readonly kind: 'external'; readonly url: string; readonly migrationUrl: string; readonly ownerIsApart: boolean };
  /** Of the EventStoreDB that holds the log; undefined when PostgreSQL does. */
  readonly eventStoreUrl: string | undefined;
  readonly identity:
    | { readonly kind: 'demonstration' }
    | { readonly kind: 'oidc'; readonly issuer: string; readonly audience: string; readonly jwksUrl: string };
  readonly organisationClaim: string;
  readonly roleClaim: string;
  /** Absolute path. */
  readonly keyring: string;
  readonly demo: boolean;
  /** Whether the worker runs in the process of the API. */
  readonly worker: boolean;
  /** Where metrics are served; port 0: any free port. */
  readonly metrics: { readonly host: string; readonly port: number } | undefined;
  readonly publicUrl: string | undefined;
  /** Of what is sent to persons; undefined: that way is not there. */
  readonly smtp: { readonly url: string; readonly from: string } | undefined;
  readonly sms: { readonly url: string; readonly token: string } | undefined;
}

const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
};
const closest = (name: string): string =>
  Object.keys(settings).reduce((best, known) => (distance(name, known) < distance(name, best) ? known : best));

const read = (env: NodeJS.ProcessEnv, faults: string[]): Values => {
  const values: Record<string, unknown> = {};
  for (const [name, { parse, default: fallback }] of Object.entries<Setting<unknown>>(settings)) {
    // An empty variable is an unset one: compose files write `${NAME:-}`.
    const text = env[name]?.trim() || fallback;
    if (text === undefined) continue;
    try {
      values[name] = parse(text);
    } catch (error) {
      faults.push(`${name} ${(error as Error).message}`);
    }
  }
  for (const name of Object.keys(env))
    if (name.startsWith('FIL_ROUGE_') && !Object.hasOwn(settings, name))
      faults.push(`${name} is not a setting; did you mean ${closest(name)}?`);
  return values as Values;
};

const databaseOf = (values: Values, env: NodeJS.ProcessEnv, faults: string[]): Config['database'] => {
  const { DATABASE_URL: url, DATABASE_MIGRATION_URL: migrationUrl } = values;
  if (url !== undefined)
    return { kind: 'external', url, migrationUrl: migrationUrl ?? url, ownerIsApart: migrationUrl !== undefined };
  if (migrationUrl !== undefined && !env['DATABASE_URL']) faults.push('DATABASE_MIGRATION_URL is set without DATABASE_URL');
  return { kind: 'embedded' };
};

const oidcNames = ['FIL_ROUGE_ISSUER', 'FIL_ROUGE_AUDIENCE', 'FIL_ROUGE_JWKS_URL'] as const;
const identityOf = (values: Values, env: NodeJS.ProcessEnv, faults: string[]): Config['identity'] => {
  const missing = oidcNames.filter((name) => !env[name]?.trim());
  const { FIL_ROUGE_ISSUER: issuer, FIL_ROUGE_AUDIENCE: audience, FIL_ROUGE_JWKS_URL: jwksUrl } = values;
  if (issuer !== undefined && audience !== undefined && jwksUrl !== undefined) return { kind: 'oidc', issuer, audience, jwksUrl };
  if (missing.length === oidcNames.length) {
    if (values.NODE_ENV === 'production')
      faults.push(
        `${oidcNames.join(', ')} must be set when NODE_ENV=production: the demonstration issuer gives a token to anyone`,
      );
  } else if (missing.length > 0) faults.push(`${missing.join(', ')} must be set too: ${oidcNames.join(', ')} go together`);
  return { kind: 'demonstration' };
};

/** Two settings that mean nothing one without the other; one that is faulty has been named. */
const pairFaults = (values: Values, env: NodeJS.ProcessEnv, ...names: readonly (keyof Values)[]): string[] => {
  const missing = names.filter((name) => !env[name]?.trim());
  const some = names.some((name) => values[name] !== undefined);
  return some && missing.length > 0 ? [`${missing.join()} must be set too: ${names.join(', ')} go together`] : [];
};

/**
 * Reads and checks the environment.
 * @throws ConfigError that names every fault, unknown FIL_ROUGE_* names included
 */
export const loadConfig = (env: NodeJS.ProcessEnv): Config => {
  const faults: string[] = [];
  const values = read(env, faults);
  const database = databaseOf(values, env, faults);
  const identity = identityOf(values, env, faults);
  const production = values.NODE_ENV === 'production';
  if (production && values.FIL_ROUGE_DEMO === true) faults.push('FIL_ROUGE_DEMO=true is refused when NODE_ENV=production');
  const {
    FIL_ROUGE_SMTP_URL: smtpUrl,
    FIL_ROUGE_MAIL_FROM: from,
    FIL_ROUGE_SMS_URL: smsUrl,
    FIL_ROUGE_SMS_TOKEN: token,
  } = values;
  faults.push(
    ...pairFaults(values, env, 'FIL_ROUGE_SMTP_URL', 'FIL_ROUGE_MAIL_FROM'),
    ...pairFaults(values, env, 'FIL_ROUGE_SMS_URL', 'FIL_ROUGE_SMS_TOKEN'),
  );
  if (faults.length > 0) throw new ConfigError(faults);

  const known = values as Required<Values>;
  return {
    host: known.HOST,
    port: known.PORT,
    production,
    logLevel: known.LOG_LEVEL,
    dataFolder: known.FIL_ROUGE_DATA,
    database,
    eventStoreUrl: values.EVENTSTORE_URL,
    identity,
    organisationClaim: known.FIL_ROUGE_ORGANISATION_CLAIM,
    roleClaim: known.FIL_ROUGE_ROLE_CLAIM,
    keyring: values.FIL_ROUGE_KEYRING ?? join(known.FIL_ROUGE_DATA, 'keys', 'keyring.json'),
    demo: values.FIL_ROUGE_DEMO ?? (database.kind === 'embedded' && values.EVENTSTORE_URL === undefined && !production),
    worker: known.FIL_ROUGE_WORKER,
    metrics: values.FIL_ROUGE_METRICS,
    publicUrl: values.FIL_ROUGE_PUBLIC_URL,
    smtp: smtpUrl === undefined || from === undefined ? undefined : { url: smtpUrl, from },
    sms: smsUrl === undefined || token === undefined ? undefined : { url: smsUrl, token },
  };
};
