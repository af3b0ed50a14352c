import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBackup } from '../../libs/platform/backup/manifest.js';
import { restore } from '../../libs/platform/backup/restore.js';
import { createPrivateFile } from '../../libs/platform/private-file.js';
import { ROOT } from './cli.js';
import { type Reply, TestInstance, type Who } from './instance.js';

/** What a command was, and what it answered. */
export interface Request {
  readonly path: string;
  readonly who: Who;
  /** Null when it was given without the clock of the demonstration. */
  readonly now: string | null;
  readonly key: string;
  readonly ifMatch: string | null;
  readonly body: unknown;
  readonly status: number;
  readonly answer: Reply['body'];
}
interface Pair {
  readonly caseId: string;
  readonly otherCaseId: string;
}
/** See test/fixtures/README.md. */
export interface Told {
  /** A day. Until then everything that was missed is told. */
  readonly lastLook: string;
  /** Later than all that is in it. */
  readonly upgradedAt: string;
  readonly verified: { readonly count: number; readonly streams: number; readonly erased: number; readonly sha256: string };
  /** By status; "open" are those of which somebody is accountable. */
  readonly cases: Readonly<Record<string, number>>;
  readonly missed: Readonly<Record<string, number>>;
  readonly pairs: Readonly<Record<'joined' | 'joinedToo' | 'parted' | 'apart', Pair>>;
  /** Each with what it could read. */
  readonly strangers: readonly (Who & { readonly key: string; readonly caseId: string; readonly events: readonly string[] })[];
  readonly pending: readonly { readonly organisation: string; readonly key: string; readonly caseId: string }[];
  readonly halfOpened: Pick<Request, 'path' | 'who' | 'key' | 'body'> & { readonly caseId: string };
  readonly callAhead: { readonly caseId: string };
  readonly withdrawn: Who & { readonly caseId: string; readonly consentId: string };
  readonly declined: Who & { readonly caseId: string; readonly referralId: string };
}

const FOLDER = join(ROOT, 'test/fixtures/b34fe71');
const textOf = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
/** The two parts of the backup. */
export const FOLDERS = { log: join(FOLDER, 'log'), keys: join(FOLDER, 'keys') };
export const told = JSON.parse(textOf('told.json')) as Told;
/** In the order in which they were given. */
export const requests = textOf('requests.ndjson').trimEnd().split('\n').map((line) => JSON.parse(line) as Request); // prettier-ignore
export const imported = (name: 'transmissions.csv' | 'interrupted.csv'): string => textOf(name);

/** A checkout makes the file readable by others, which a keyring must not be. */
export function copyKeyring(to: string): void {
  createPrivateFile(to, textOf('keyring.json'));
}
/** The installation of before, restored in a database of its own, and the program as it is now. */
export const restoredFixture = (): Promise<TestInstance> =>
  TestInstance.start(async (url, folder) => {
    copyKeyring(join(folder, 'keys', 'keyring.json'));
    await restore(url, await readBackup(FOLDERS, () => undefined), () => undefined);
  });
