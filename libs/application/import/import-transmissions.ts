import { createHash } from 'node:crypto';
import { type Caller } from '../../access/authentication/caller.js';
import { actOfCommand } from '../../domain/case/acts.js';
import { Refused } from '../../domain/kernel/errors.js';
import { t } from '../../domain/kernel/text.js';
import { NoPersonKey } from '../../event-store/codec.js';
import { Forbidden, OpenCase, type Outcome } from '../messages.js';
import { type Parts } from '../parts.js';
import { cellsByColumn, fault, headerOf, InvalidHeader, type Reading, type Reason } from './columns.js';
import { type Line, linesOf } from './lines.js';
import { cellsOfObject } from './object.js';
import { type Transmission, transmissionOf } from './transmission.js';

const COMMAND = 'transmit-sick-leave';
/** Bytes. */
const MAX_LINE = 8 * 1024;
/** Lines under way at once. */
const IN_FLIGHT = 16;
/** Lines. */
const PROGRESS_EVERY = 100;

export const FORMATS = ['csv', 'ndjson'] as const;
export type Format = (typeof FORMATS)[number];
type Reader = (text: string) => Reading;

export interface ImportDependencies {
  readonly parts: Pick<Parts, 'idempotency' | 'ids' | 'fictitiousPeople'>;
  /** The command bus. */
  execute(command: OpenCase): Promise<Outcome>;
}
export interface RejectedLine {
  readonly type: 'rejected';
  readonly line: number;
  /** As it came, without its end. */
  readonly original: string;
  readonly reasons: readonly Reason[];
}
interface Counts {
  /** Lines with something on them, without the header. */
  readonly read: number;
  readonly taken: number;
  /** Taken by an earlier import, or by an earlier line that says the same. */
  readonly already: number;
  readonly rejected: number;
}
/** First once the header is known to be good, then now and then: all that lies before has its outcome. */
export interface ImportProgress extends Counts {
  readonly type: 'progress';
  /** Of the file. */
  readonly bytes: number;
}
/** The last word; without it the import did not come to its end, and is to be run again. */
export interface ImportSummary extends Counts {
  readonly type: 'summary';
}
/** What an interrupted import has left, so that the next one goes on where it was and counts as if nothing had happened. */
export interface Journal {
  /** The last progress that it kept: what lies before is passed over. */
  readonly settled: ImportProgress;
  /** Whether an interrupted import sent this line, which nobody had taken then: taken now, it is that import's doing. */
  wasSent(line: number): boolean;
  /** Told before a line is sent. */
  sending(line: number): void;
}
export const NOTHING_YET: ImportProgress = { type: 'progress', bytes: 0, read: 0, taken: 0, already: 0, rejected: 0 };
const NO_JOURNAL: Journal = { settled: NOTHING_YET, wasSent: () => false, sending: () => undefined };

type End = { readonly kind: 'taken' | 'already' } | { readonly kind: 'rejected'; readonly rejected: RejectedLine };
interface Work {
  readonly read: Reader;
  readonly caller: Caller;
  readonly dependencies: ImportDependencies;
  readonly journal: Journal;
  /** One line at a time of those that say the same: the second one then finds that the first was taken. */
  readonly busy: Map<string, Promise<End>>;
}

/**
 * Takes transmissions from a file, each line by the command that anybody else would give, whole or not at all. Rejected lines
 * come as they are found, in the order of the file; the summary comes last. Memory is bounded by the lines under way.
 *
 * A line is known by what it says, so the same file may be imported twice, or again after a failure half way.
 * @throws InvalidHeader before anything is taken
 * @throws Forbidden when the caller's role may not transmit; whatever else the command throws that is no decision on the line
 */
export async function* importTransmissions(
  source: AsyncIterable<Uint8Array>,
  format: Format,
  caller: Caller,
  dependencies: ImportDependencies,
  journal: Journal = NO_JOURNAL,
): AsyncGenerator<ImportProgress | RejectedLine | ImportSummary> {
  if (!actOfCommand(COMMAND)!.by.includes(caller.role)) throw new Forbidden(COMMAND);
  const progress = { ...journal.settled };
  const underWay: { readonly line: Line; readonly end: Promise<End> }[] = [];
  const settleFirst = async function* (): AsyncGenerator<ImportProgress | RejectedLine> {
    const { line, end } = underWay.shift()!;
    const ended = await end;
    progress.read++;
    progress[ended.kind]++;
    progress.bytes = line.end;
    if (ended.kind === 'rejected') yield ended.rejected;
    if (progress.read % PROGRESS_EVERY === 0) yield { ...progress };
  };
  const lines = linesOf(source, MAX_LINE);
  try {
    const read = format === 'csv' ? await underHeader(lines) : cellsOfObject;
    const work: Work = { read, caller, dependencies, journal, busy: new Map() };
    yield { ...progress };
    for await (const line of lines) {
      if (line.end <= journal.settled.bytes || line.text.trim() === '') continue;
      const end = take(line, work);
      // Its failure is heard in its turn.
      end.catch(() => undefined);
      underWay.push({ line, end });
      if (underWay.length === IN_FLIGHT) yield* settleFirst();
    }
    while (underWay.length > 0) yield* settleFirst();
  } finally {
    // After a failure, or when nobody listens any more: what is under way ends, and is heard by nobody.
    await Promise.allSettled(underWay.map(({ end }) => end));
  }
  const { bytes: _bytes, ...counts } = progress;
  yield { ...counts, type: 'summary' };
}

/** @throws InvalidHeader */
async function underHeader(lines: AsyncGenerator<Line>): Promise<Reader> {
  const first = await lines.next();
  if (!first.done && first.value.fault === 'notUtf8') throw new InvalidHeader([NOT_UTF8]);
  const header = headerOf(first.done ? '' : first.value.text);
  return (text) => cellsByColumn(text, header);
}

async function take(line: Line, work: Work): Promise<End> {
  const asked = askedBy(line, work.read, work.dependencies.parts.fictitiousPeople);
  if (isReasons(asked)) return rejected(line, asked);
  const text = JSON.stringify([asked.person, asked.caisse ?? null, asked.body]);
  const known = work.dependencies.parts.ids.fingerprint('import-line', text);
  const { busy } = work;
  const end = (busy.get(known) ?? Promise.resolve()).then(() => transmit(line, asked, { known, text }, work));
  busy.set(known, end);
  return end.finally(() => busy.get(known) === end && busy.delete(known));
}

function askedBy(line: Line, read: Reader, fictitious: boolean): Transmission | readonly Reason[] {
  if (line.fault === 'notUtf8') return [NOT_UTF8];
  if (line.fault === 'tooLong') return [fault('line.tooLong', t(`Plus de ${MAX_LINE} octets.`, `More than ${MAX_LINE} bytes.`))];
  const { cells, faults } = read(line.text);
  if (!cells) return faults;
  const asked = transmissionOf(cells, { fictitious });
  if (!isReasons(asked)) return faults.length > 0 ? faults : asked;
  // What could not be read is not missing too.
  return [...faults, ...asked.filter(({ column }) => !faults.some((f) => f.column === column))];
}

async function transmit(
  line: Line,
  { person, caisse, body }: Transmission,
  { known, text }: { known: string; text: string },
  { caller, dependencies: { parts, execute }, journal }: Work,
): Promise<End> {
  // Who somebody is can be found by trying behind a hash without a key: it made the ids of lines of before, which are still known by it.
  const formerly = createHash('sha256').update(text).digest('hex');
  for (let attempt = 1; ; attempt++) {
    // A refusal is kept for its key: what was refused once is tried anew, since its cause may be gone.
    const [idempotencyKey, formerKey] = [known, formerly].map((it) => `import:${it}${attempt === 1 ? '' : `:${attempt}`}`);
    const before = await parts.idempotency.endOf(parts.ids.commandOf(caller.organisation, idempotencyKey, formerKey));
    if (before === 'done') return { kind: journal.wasSent(line.number) ? 'taken' : 'already' };
    if (before === 'refused') continue;
    journal.sending(line.number);
    try {
      await execute(new OpenCase(COMMAND, person, caisse, body, caller, { idempotencyKey, formerKey, source: 'import' }));
      return { kind: 'taken' };
    } catch (error) {
      return rejected(line, reasonsOf(error));
    }
  }
}

const NOT_UTF8 = fault('line.notUtf8', t('La ligne n’est pas en UTF-8.', 'The line is not UTF-8.'));
const rejected = (line: Line, reasons: readonly Reason[]): End => ({
  kind: 'rejected',
  rejected: { type: 'rejected', line: line.number, original: line.text, reasons },
});
const isReasons = (value: Transmission | readonly Reason[]): value is readonly Reason[] => Array.isArray(value);

/** A decision on the line is its reasons; anything else is a failure of ours, and stops the import. */
function reasonsOf(error: unknown): readonly Reason[] {
  if (error instanceof Refused) return error.findings.map(({ code, article, message }) => ({ code, article, message }));
  if (error instanceof NoPersonKey)
    return [fault('person.erased', t('Les données de cette personne ont été effacées.', 'The data of this person were erased.'))];
  throw error;
}
