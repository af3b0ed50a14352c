import { chmodSync, existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkKeyring } from '../vault/keyring.js';
import { fingerprintsOf, KeyringError, openKeyring, readKeyring } from './keyring.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fil-rouge-keyring-'));
  path = join(folder, 'keys', 'keyring.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const key = (byte: number): string => Buffer.alloc(32, byte).toString('base64');
const firstRun = { databaseHasKeys: false };

describe('keyring file', () => {
  it('is created at the first run, for its owner only, and is the same afterwards', () => {
    const keyring = openKeyring(path, firstRun);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'keys'))).toEqual(['keyring.json']);
    expect(() => checkKeyring(keyring)).not.toThrow();
    const keys = [keyring.master[1], keyring.index[1], keyring.cursor, keyring.ids];
    expect(new Set(keys.map((bytes) => bytes?.toString('hex'))).size).toBe(4);
    expect(openKeyring(path, firstRun)).toEqual(keyring);
    expect(openKeyring(path, { databaseHasKeys: true })).toEqual(keyring);
  });

  it('holds several versions after a rotation', () => {
    openKeyring(path, firstRun);
    writeFileSync(path, JSON.stringify({ master: { 1: key(1), 2: key(2) }, index: { 1: key(3) }, cursor: key(4) }));
    const keyring = openKeyring(path, firstRun);
    expect(keyring.master).toEqual({ 1: Buffer.alloc(32, 1), 2: Buffer.alloc(32, 2) });
    expect(keyring.cursor).toEqual(Buffer.alloc(32, 4));
  });

  const older = JSON.stringify({ master: { 1: key(1), 2: key(2) }, index: { 1: key(3) }, cursor: key(4) });
  it('of a version before is given the key of the ids, once, and keeps what it has', () => {
    openKeyring(path, firstRun);
    writeFileSync(path, older);
    expect(fingerprintsOf(readKeyring(path)).map((print) => print.replace(/ \w+$/, ''))).toEqual(['master 1', 'master 2', 'index 1', 'cursor']); // prettier-ignore
    expect(readFileSync(path, 'utf8')).toBe(older);
    const keyring = openKeyring(path, { databaseHasKeys: true });
    const { ids, ...rest } = JSON.parse(readFileSync(path, 'utf8')) as { ids: string };
    expect(rest).toEqual(JSON.parse(older));
    expect(ids).toBe(keyring.ids.toString('base64'));
    expect(openKeyring(path, { databaseHasKeys: true, databaseHasIds: true })).toEqual(keyring);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'keys'))).toEqual(['keyring.json']);
  });
  it('that is a link elsewhere stays one', () => {
    openKeyring(path, firstRun);
    const real = join(folder, 'real.json');
    writeFileSync(real, older, { mode: 0o600 });
    rmSync(path);
    symlinkSync(real, path);
    const { ids } = openKeyring(path, firstRun);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, 'utf8')).toContain(ids.toString('base64'));
  });
  it('is not given another key of the ids when the database holds ids already', () => {
    openKeyring(path, firstRun);
    writeFileSync(path, older);
    expect(() => openKeyring(path, { databaseHasKeys: true, databaseHasIds: true })).toThrow(/lacks the key "ids".*older copy/);
    expect(readFileSync(path, 'utf8')).toBe(older);
    rmSync(path);
    expect(() => openKeyring(path, { databaseHasKeys: false, databaseHasIds: true })).toThrow(/Restore the keyring from its backup/); // prettier-ignore
  });

  it('is not made anew when the database holds keys that the lost one sealed', () => {
    expect(() => openKeyring(path, { databaseHasKeys: true })).toThrow(/Restore the keyring from its backup/);
    expect(existsSync(path)).toBe(false);
  });

  it.each([0o640, 0o604, 0o660, 0o644])('is refused when others may use it (%o)', (mode) => {
    openKeyring(path, firstRun);
    chmodSync(path, mode);
    expect(() => openKeyring(path, firstRun)).toThrow(/chmod 600/);
  });

  const good = { master: { 1: key(1) }, index: { 1: key(2) }, cursor: key(3) };
  it.each([
    ['empty', '', 'not JSON'],
    ['cut short', JSON.stringify(good).slice(0, -5), 'not JSON'],
    ['a list', '[]', 'the file must be an object'],
    ['without master', JSON.stringify({ ...good, master: undefined }), 'master must be an object'],
    ['without version', JSON.stringify({ ...good, index: {} }), 'index must map versions'],
    ['with an odd version', JSON.stringify({ ...good, master: { '01': key(1) } }), 'master must map versions'],
    [
      'with a short key',
      JSON.stringify({ ...good, master: { 1: Buffer.alloc(16).toString('base64') } }),
      'master.1 must be 32 bytes',
    ],
    ['with a key that is not base64', JSON.stringify({ ...good, cursor: `${key(1)}!` }), 'cursor must be 32 bytes'],
    ['without cursor', JSON.stringify({ ...good, cursor: undefined }), 'cursor must be 32 bytes'],
    ['with a short key of the ids', JSON.stringify({ ...good, ids: 'AAAA' }), 'ids must be 32 bytes'],
  ])('is refused %s, its bytes untold and untouched', (_, text, reason) => {
    openKeyring(path, firstRun);
    writeFileSync(path, text);
    expect(() => openKeyring(path, firstRun)).toThrow(KeyringError);
    expect(() => openKeyring(path, firstRun)).toThrow(reason);
    expect(() => openKeyring(path, firstRun)).not.toThrow(key(1));
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});
