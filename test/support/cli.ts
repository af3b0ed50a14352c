import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const ROOT = join(__dirname, '../..');
const MAIN = join(ROOT, 'dist/apps/cli/src/main.js');
const WORKER = join(ROOT, 'dist/apps/worker/src/main.js');

export const freshFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'fil-rouge-cli-'));
  // As root the server runs under another account, to which mkdtemp leaves no way in.
  chmodSync(folder, 0o755);
  return folder;
};
/** The command line as it is installed: built, in a process of its own. */
export class Cli {
  output = '';
  readonly exited: Promise<number | null>;
  private constructor(readonly child: ChildProcess) {
    for (const stream of [child.stdout!, child.stderr!])
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.exited = once(child, 'close').then(([code]) => code as number | null);
  }
  static run(args: readonly string[], env: Record<string, string> = {}): Cli {
    return Cli.node([MAIN, ...args], env);
  }
  static worker(env: Record<string, string>): Cli {
    return Cli.node([WORKER], env);
  }
  private static node(args: readonly string[], env: Record<string, string>): Cli {
    const { DATABASE_URL: _url, FIL_ROUGE_DATA: _data, ...rest } = process.env;
    return new Cli(
      spawn(process.execPath, args, {
        cwd: ROOT,
        env: { ...rest, NODE_ENV: 'development', LOG_LEVEL: 'warn', ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  }
  /** Resolves with the first match of what it has printed; rejects when it ends without. */
  async prints(pattern: RegExp, patience = 120_000): Promise<RegExpExecArray> {
    for (const end = Date.now() + patience; Date.now() < end; await new Promise((r) => setTimeout(r, 50))) {
      const match = pattern.exec(this.output);
      if (match) return match;
      if (this.child.exitCode !== null || this.child.signalCode !== null) break;
    }
    const { exitCode, signalCode } = this.child;
    throw new Error(`never printed ${pattern} (ended with ${signalCode ?? exitCode}):\n${this.output}`);
  }
}
