import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataFolderError, DataFolderInUse, openDataFolder } from './data-folder.js';
import { startOf } from './processes.js';

let parent: string;
let path: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'fil-rouge-folder-'));
  path = join(parent, 'deep', 'data');
});
afterEach(() => rmSync(parent, { recursive: true }));

const holder = (pid: number, start: string | undefined): void =>
  writeFileSync(join(path, 'lock'), JSON.stringify({ pid, start, token: 'another' }));
const aProcess = async <T>(use: (pid: number) => T): Promise<T> => {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
  try {
    return use(child.pid!);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
};

describe('data folder', () => {
  it('is created whole, keys closed to others, and given back', () => {
    const folder = openDataFolder(path);
    expect(readFileSync(join(path, 'format'), 'utf8')).toBe('1\n');
    expect(statSync(join(path, 'keys')).mode & 0o777).toBe(0o700);
    // The server's account has to pass through when root runs us; nobody may list it either way.
    expect(statSync(path).mode & 0o777).toBe(process.getuid?.() === 0 ? 0o711 : 0o700);
    folder.release();
    expect(readdirSync(path).sort()).toEqual(['format', 'keys']);
    openDataFolder(path).release();
  });

  it('has one holder at a time, under whatever name it is reached', () => {
    const folder = openDataFolder(path);
    const alias = join(parent, 'alias');
    symlinkSync(path, alias);
    expect(() => openDataFolder(alias)).toThrow(DataFolderInUse);
    expect(() => openDataFolder(path)).toThrow(`in use by another instance (process ${process.pid})`);
    folder.release();
  });

  it('stays with a holder that is alive', async () => {
    openDataFolder(path).release();
    await aProcess((pid) => {
      holder(pid, startOf(pid));
      expect(() => openDataFolder(path)).toThrow(`process ${pid}`);
    });
  });

  it('is taken over from a holder that was killed', async () => {
    openDataFolder(path).release();
    const dead = await aProcess((pid) => ({ pid, start: startOf(pid) }));
    holder(dead.pid, dead.start);
    openDataFolder(path).release();
    expect(existsSync(join(path, 'lock'))).toBe(false);
  });

  it('is taken over when the process id has passed to another process', async () => {
    openDataFolder(path).release();
    await aProcess((pid) => {
      holder(pid, 'some other time');
      openDataFolder(path).release();
    });
  });

  it('release leaves the lock of a later holder alone', () => {
    const folder = openDataFolder(path);
    holder(process.pid, startOf(process.pid));
    folder.release();
    expect(existsSync(join(path, 'lock'))).toBe(true);
  });

  it('of a newer release is refused, and not held', () => {
    openDataFolder(path).release();
    writeFileSync(join(path, 'format'), '2\n');
    expect(() => openDataFolder(path)).toThrow(/written by a newer release of Fil rouge \(format 2, this release knows 1\)/);
    expect(existsSync(join(path, 'lock'))).toBe(false);
  });

  it('explains what is in the way', () => {
    const file = join(parent, 'file');
    writeFileSync(file, '');
    expect(() => openDataFolder(file)).toThrow(DataFolderError);
    expect(() => openDataFolder(join(file, 'data'))).toThrow(/can't be created: a file has that name/);
  });
});
