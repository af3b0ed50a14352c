import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPrivateFile } from '../private-file.js';

export interface Passwords {
  readonly superuser: string;
  readonly migrator: string;
  readonly app: string;
}
/** Where the passwords of the embedded server are kept. */
export const passwordFile = (dataFolder: string): string => join(dataFolder, 'keys', 'postgres.json');

export const readPasswords = (dataFolder: string): Passwords =>
  JSON.parse(readFileSync(passwordFile(dataFolder), 'utf8')) as Passwords;

/** Random at the first run, and kept: the server listens on the loopback, where other accounts of the machine can knock. */
export const openPasswords = (dataFolder: string): Passwords => {
  const password = (): string => randomBytes(24).toString('base64url');
  createPrivateFile(
    passwordFile(dataFolder),
    `${JSON.stringify({ superuser: password(), migrator: password(), app: password() })}\n`,
  );
  return readPasswords(dataFolder);
};
