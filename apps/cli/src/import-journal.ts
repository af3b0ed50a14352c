import { createHash, type Hash } from 'node:crypto';
import { appendFileSync, closeSync, createReadStream, existsSync, fdatasync, ftruncateSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'; // prettier-ignore
import { promisify } from 'node:util';
import { type Format, type ImportProgress, type Journal, NOTHING_YET, type RejectedLine } from '../../../libs/application/import/import-transmissions.js'; // prettier-ignore
import { REJECTS } from '../../../libs/application/import/rejects.js';
import { type EventStore, type Position, Resync } from '../../../libs/event-store/port.js';
import { isRunning, startOf } from '../../../libs/platform/processes.js';
import { CommandError } from './command-error.js';

const flushed = promisify(fdatasync);

interface Checkpoint {
  /** Whose import it is: this installation, fund and format. */
  readonly of: string;
  /** Head of the log, which tells a restored one. */
  readonly log: Position | null;
  readonly holder: { readonly pid: number; readonly start: string | undefined };
  readonly progress: ImportProgress;
  /** Of the bytes of the file up to there. */
  readonly sha256: string;
  /** Bytes of the file of rejected lines. */
  readonly rejects: number;
}
export interface JournalParts {
  readonly file: string;
  readonly format: Format;
  /** Changes with the installation and with the fund. */
  readonly of: string;
  readonly store: EventStore;
  /** Lines for the operator. */
  readonly say: (line: string) => void;
}

/**
 * Beside the file that is imported: FILE.rejets.csv, and FILE.import-progress as long as the import has not come to its end. A
 * process that is killed loses neither: what it wrote is with the system. From time to time both are put on the disk, so that a
 * machine that stops costs no more than lines looked at twice.
 */
export class ImportJournal implements Journal {
  readonly rejectsPath: string;
  readonly #path: string;
  #settled: ImportProgress = NOTHING_YET;
  /** Lines that the interrupted import was about to send. */
  #sent: ReadonlySet<number> = new Set();
  #prefix = createHash('sha256');
  #rejectedBytes = 0;
  #journal = -1;
  #rejects = -1;

  private constructor(private readonly parts: JournalParts) {
    this.rejectsPath = `${parts.file}.rejets.${parts.format}`;
    this.#path = `${parts.file}.import-progress`;
  }

  /** @throws CommandError when another process imports this file */
  static async open(parts: JournalParts): Promise<ImportJournal> {
    const journal = new ImportJournal(parts);
    await journal.resume();
    journal.#rejects = openSync(journal.rejectsPath, 'a', 0o600);
    ftruncateSync(journal.#rejects, journal.#rejectedBytes);
    const draft = `${journal.#path}.new`;
    journal.#journal = openSync(draft, 'w', 0o600);
    for (const line of journal.#sent) journal.sending(line);
    await journal.keep(journal.#settled);
    renameSync(draft, journal.#path);
    return journal;
  }

  get settled(): ImportProgress {
    return this.#settled;
  }
  wasSent(line: number): boolean {
    return this.#sent.has(line);
  }
  sending(line: number): void {
    appendFileSync(this.#journal, `${line}\n`);
  }
  reject(line: RejectedLine): void {
    const { head, row } = REJECTS[this.parts.format];
    const text = (this.#rejectedBytes === 0 ? head : '') + row(line);
    appendFileSync(this.#rejects, text);
    this.#rejectedBytes += Buffer.byteLength(text);
  }

  /** To go on after `progress`: what was rejected before is on the disk first. */
  async keep(progress: ImportProgress): Promise<void> {
    const { of, file, store } = this.parts;
    await hashed(this.#prefix, file, this.#settled.bytes, progress.bytes);
    this.#settled = progress;
    const checkpoint: Checkpoint = {
      of,
      log: (await store.head()) ?? null,
      holder: { pid: process.pid, start: startOf(process.pid) },
      progress,
      sha256: this.#prefix.copy().digest('hex'),
      rejects: this.#rejectedBytes,
    };
    await flushed(this.#rejects);
    appendFileSync(this.#journal, `${JSON.stringify(checkpoint)}\n`);
    await flushed(this.#journal);
  }

  close(): void {
    closeSync(this.#rejects);
    closeSync(this.#journal);
  }
  /** Once the import has come to its end, and has been told of. */
  remove(): void {
    if (this.#rejectedBytes === 0) rmSync(this.rejectsPath);
    rmSync(this.#path);
  }

  private async resume(): Promise<void> {
    if (!existsSync(this.#path)) return;
    // A line that was cut has no end.
    const lines = readFileSync(this.#path, 'utf8').split('\n').slice(0, -1);
    const checkpoint = checkpointOf(lines.findLast((line) => line.startsWith('{')) ?? '');
    const { file, say } = this.parts;
    const prefix = createHash('sha256');
    const obstacle = checkpoint ? await this.obstacle(checkpoint, prefix) : 'le fichier de progression est illisible';
    if (!checkpoint || obstacle !== undefined) return say(`${file} : import interrompu, repris depuis le début (${obstacle}).`);
    say(`${file} : import interrompu, repris après ${checkpoint.progress.read} lignes.`);
    this.#prefix = prefix;
    this.#settled = checkpoint.progress;
    this.#rejectedBytes = checkpoint.rejects;
    this.#sent = new Set(lines.filter((line) => /^\d+$/.test(line)).map(Number));
  }

  /** Why the interrupted import can't go on. */
  private async obstacle({ holder, ...kept }: Checkpoint, prefix: Hash): Promise<string | undefined> {
    const { file, of, store } = this.parts;
    if (holder.pid !== process.pid && isRunning(holder.pid) && startOf(holder.pid) === holder.start)
      throw new CommandError(`${file} : un import de ce fichier est en cours (processus ${holder.pid})`);
    if (kept.of !== of) return 'il était d’une autre caisse ou d’une autre installation';
    await hashed(prefix, file, 0, kept.progress.bytes);
    if (prefix.copy().digest('hex') !== kept.sha256) return 'le fichier a changé';
    if ((statSync(this.rejectsPath, { throwIfNoEntry: false })?.size ?? 0) < kept.rejects)
      return 'le fichier des lignes rejetées a changé';
    try {
      if (kept.log !== null) await store.readAll(kept.log, 1);
      return undefined;
    } catch (error) {
      if (error instanceof Resync) return 'la base a été restaurée';
      throw error;
    }
  }
}

/** Undefined when the machine stopped while it was written. */
function checkpointOf(line: string): Checkpoint | undefined {
  try {
    return JSON.parse(line) as Checkpoint;
  } catch {
    return undefined;
  }
}

async function hashed(hash: Hash, file: string, from: number, to: number): Promise<void> {
  if (to > from) for await (const chunk of createReadStream(file, { start: from, end: to - 1 })) hash.update(chunk as Buffer);
}
