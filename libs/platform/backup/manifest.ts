import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Instant } from '../../domain/kernel/local-date.js';
import { type Position } from '../../event-store/port.js';
import { fingerprintsOf, type SavedKeyring } from '../keyring.js';
import { type Migrations, nameOf } from '../migrate.js';
import { migrations as all } from '../migrations/index.js';
import { type Sequence, type Table } from './tables.js';

/** A backup can't be made, or not be restored; the message is for the operator. */
export class BackupError extends Error {}

/** Raise it when an older release could no longer restore what this one saves. */
export const FORMAT = 1;
export const MANIFEST = 'manifest.json';

/** The persons' keys and the person index are kept apart from the rest, and not as long (ADR 0004). */
export type Part = 'log' | 'keys';
export const partOf = ({ schema }: Pick<Table, 'schema'>): Part => (schema === 'vault' ? 'keys' : 'log');
/** Of both parts. */
export type Folders = Readonly<Record<Part, string>>;

export interface SavedTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: number;
  /** In the folder of the manifest: COPY's text format, gzipped. */
  readonly file: string;
  /** Of the file, in hexadecimal. */
  readonly sha256: string;
}
/** What one backup is, the same in both parts. */
export interface Snapshot {
  /** The same for both parts of one backup. */
  readonly id: string;
  readonly takenAt: Instant;
  /** Names of those that had run, oldest first. */
  readonly migrations: readonly string[];
  /** Of the log in PostgreSQL: 0 when it is in EventStoreDB. */
  readonly events: number;
  /** Null when it has no event. */
  readonly head: Position | null;
  /** Of the keys that are needed to read it (see `fingerprintsOf`). */
  readonly keyring: readonly string[];
  readonly sequences: readonly Sequence[];
}
export interface Manifest extends Snapshot {
  readonly format: typeof FORMAT;
  readonly part: Part;
  readonly tables: readonly SavedTable[];
}

const read = (part: Part, folder: string): Manifest => {
  const path = join(folder, MANIFEST);
  let manifest: Manifest;
  try {
    manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  } catch (error) {
    throw new BackupError(`${path} ne se lit pas : ${folder} n’est pas une sauvegarde entière (${(error as Error).message})`);
  }
  if (manifest.format > FORMAT)
    throw new BackupError(`${folder} vient d’une version plus récente de Fil rouge (format ${manifest.format})`);
  if (manifest.part !== part) throw new BackupError(`${folder} n’est pas la partie « ${part} » d’une sauvegarde`);
  return manifest;
};

const sha256Of = async (path: string, progress: (bytes: number) => void): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    progress(chunk.length);
  }
  return hash.digest('hex');
};

/** A backup whose files are what its manifests say. */
export interface Backup extends Snapshot {
  readonly tables: readonly (SavedTable & { readonly path: string })[];
}

/**
 * Both parts, checked to the last byte.
 * @param progress bytes checked, of how many
 * @throws BackupError
 */
export const readBackup = async (
  folders: Folders,
  progress: (done: number, total: number) => void,
  migrations: Migrations = all,
): Promise<Backup> => {
  const [log, keys] = [read('log', folders.log), read('keys', folders.keys)];
  if (log.id !== keys.id)
    throw new BackupError(
      `${folders.log} (${log.takenAt}) et ${folders.keys} (${keys.takenAt}) ne sont pas les deux parties d’une même sauvegarde`,
    );
  const known = migrations.map(nameOf);
  const newer = log.migrations.filter((name) => !known.includes(name));
  if (newer.length > 0)
    throw new BackupError(
      `cette sauvegarde vient d’une version plus récente de Fil rouge (${newer.join(', ')}) : la restaurer avec cette version`,
    );
  const tables = [log, keys].flatMap((manifest) =>
    manifest.tables.map((table) => ({ ...table, path: join(folders[manifest.part], basename(table.file)) })),
  );
  const total = tables.reduce((sum, { path }) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
  let done = 0;
  for (const { path, sha256 } of tables) {
    const found = await sha256Of(path, (bytes) => progress((done += bytes), total)).catch((error: Error) => error.message);
    if (found !== sha256) throw new BackupError(`${path} est abîmé : SHA-256 ${sha256} attendu, trouvé ${found}`);
  }
  return { ...log, tables };
};

/** Names of the keys of the backup that the keyring lacks. */
const missingIn = (keyring: SavedKeyring, { keyring: needed }: Snapshot): string[] => {
  const present = fingerprintsOf(keyring);
  return needed.filter((key) => !present.includes(key)).map((key) => key.slice(0, key.lastIndexOf(' ')));
};
/** All is read without that one; what was done before is done again when it comes again. */
export const lacksIds = (keyring: SavedKeyring, backup: Snapshot): boolean => missingIn(keyring, backup).includes('ids');
/**
 * @param idsLost its key of the ids may be another one
 * @throws BackupError when the keyring lacks a key of the backup: names could not be read, or a known person be found
 */
export const assertOpens = (keyring: SavedKeyring, backup: Snapshot, { idsLost = false } = {}): void => {
  const missing = missingIn(keyring, backup).filter((name) => !(idsLost && name === 'ids'));
  if (missing.length > 0)
    throw new BackupError(
      `ce trousseau n’est pas celui de la sauvegarde : il lui manque ${missing.join(', ')}. Reprendre le trousseau tel qu’il était le ${backup.takenAt}`,
    );
};
