import { createHash } from 'node:crypto';
import { type Caller } from '../../access/authentication/caller.js';
import { actOfCommand } from '../../domain/case/acts.js';
import { Refused } from '../../domain/kernel/errors.js';
import { type Text, t } from '../../domain/kernel/text.js';
import { NoPersonKey } from '../../event-store/codec.js';
import { Forbidden, OpenCase, type Outcome } from '../messages.js';
import { type Parts } from '../parts.js';
import { type Charset, LineDecoder } from './charset.js';
import { cellsByColumn, delimiterOf, fault, headerOf, InvalidHeader, type Reading, type Reason } from './columns.js';
import { heeding, Interrupted, type Interruption, INTERRUPTIONS } from './interruption.js';
import { isBlank, type Line, type LineFault, linesOf } from './lines.js';
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
/** Undefined for a line with nothing on it. */
type Reader = (text: string) => Reading | undefined;

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
  /** Of the file, when it is not UTF-8: declared, or recognised by the first letter beyond ASCII. */
  readonly charset?: Charset;
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
/** The last word of an import that was told to stop, or waited in vain for the rest of its file. Sent again, the file goes on from there. */
export interface ImportStopped extends Counts {
  readonly type: 'stopped';
  readonly reason: Interruption;
  readonly message: Text;
  /** Of the file, up to the last line that was dealt with. */
  readonly bytes: number;
}
export type ImportWord = ImportProgress | RejectedLine | ImportSummary | ImportStopped;
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
export interface ImportOptions {
  readonly journal?: Journal;
  /** Recognised when it is not declared. */
  readonly charset?: Charset;
  /** The import stops at the next line. */
  readonly stop?: AbortSignal;
  /** Milliseconds to wait for more of the file, while there is nothing else to do; for ever when absent. */
  readonly patience?: number;
}
const NO_JOURNAL: Journal = { settled: NOTHING_YET, wasSent: () => false, sending: () => undefined };

type End = { readonly kind: 'taken' | 'already' } | { readonly kind: 'rejected'; readonly rejected: RejectedLine };
interface Work {
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
 * A line is known by what it says, so the same file may be imported twice, or again after a failure half way. The source is not closed: that
 * is for whoever opened it, who may have more to do with it when the import stops.
 * @throws InvalidHeader before anything is taken
 * @throws Interrupted likewise
 * @throws Forbidden when the caller's role may not transmit; whatever else the command throws that is no decision on the line
 */
export async function* importTransmissions(
  source: AsyncIterable<Uint8Array>,
  format: Format,
  caller: Caller,
  dependencies: ImportDependencies,
  { journal = NO_JOURNAL, charset, stop, patience }: ImportOptions = {},
): AsyncGenerator<ImportWord> {
  if (!actOfCommand(COMMAND)!.by.includes(caller.role)) throw new Forbidden(COMMAND);
  const progress = { ...journal.settled };
  const decoder = new LineDecoder(charset);
  const counts = (): Counts => {
    const { read, taken, already, rejected } = progress;
    return { read, taken, already, rejected, ...(decoder.charset !== undefined && { charset: decoder.charset }) };
  };
  const underWay: { readonly line: Line; readonly end: Promise<End> }[] = [];
  const settleFirst = async function* (): AsyncGenerator<ImportProgress | RejectedLine> {
    const { line, end } = underWay.shift()!;
    const ended = await end;
    progress.read++;
    progress[ended.kind]++;
    progress.bytes = line.end;
    if (ended.kind === 'rejected') yield ended.rejected;
    if (progress.read % PROGRESS_EVERY === 0) yield { type: 'progress', ...counts(), bytes: progress.bytes };
  };
  let interruption: Interruption | undefined;
  try {
    const { read, lines } = await underHeader(linesOf(heeding(source, { stop, patience }), MAX_LINE, decoder), format);
    const work: Work = { caller, dependencies, journal, busy: new Map() };
    yield { type: 'progress', ...counts(), bytes: progress.bytes };
    try {
      for await (const line of lines) {
        if (stop?.aborted) throw new Interrupted('stopping');
        const reading = line.end <= journal.settled.bytes ? undefined : readingOf(line, read);
        if (!reading) continue;
        const end = take(line, reading, work);
        // Its failure is heard in its turn.
        end.catch(() => undefined);
        underWay.push({ line, end });
        if (underWay.length === IN_FLIGHT) yield* settleFirst();
      }
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      interruption = error.reason;
    }
    while (underWay.length > 0) yield* settleFirst();
  } finally {
    // After a failure, or when nobody listens any more: what is under way ends, and is heard by nobody.
    await Promise.allSettled(underWay.map(({ end }) => end));
  }
  if (interruption === undefined) yield { type: 'summary', ...counts() };
  else yield { type: 'stopped', reason: interruption, message: INTERRUPTIONS[interruption], ...counts(), bytes: progress.bytes };
}

/**
 * The first line with something on it tells how the others are read.
 * @throws InvalidHeader
 */
async function underHeader(
  all: AsyncGenerator<Line>,
  format: Format,
): Promise<{ readonly read: Reader; readonly lines: AsyncIterable<Line> }> {
  const filled = async (): Promise<Line | undefined> => {
    for (;;) {
      const { value, done } = await all.next();
      if (done) return undefined;
      if (value.fault !== undefined || !isBlank(value.text)) return value;
    }
  };
  const head = async (): Promise<Line | undefined> => {
    const line = await filled();
    if (line?.fault === 'utf16' || (line?.fault && format === 'csv')) throw new InvalidHeader([FAULTS[line.fault]]);
    return line;
  };
  const first = await head();
  if (format === 'ndjson') return { read: cellsOfObject, lines: from(first, all) };
  const told = delimiterOf(first?.text ?? '');
  const heading = told === undefined ? first : await head();
  if (!heading) throw new InvalidHeader([EMPTY]);
  const header = headerOf(heading.text, told);
  const read: Reader = (text) => {
    const reading = cellsByColumn(text, header);
    return reading.faults.length === 0 && Object.keys(reading.cells ?? {}).length === 0 ? undefined : reading;
  };
  return { read, lines: all };
}

async function* from(first: Line | undefined, others: AsyncGenerator<Line>): AsyncGenerator<Line> {
  if (first) yield first;
  yield* others;
}

function readingOf(line: Line, read: Reader): Reading | undefined {
  if (line.fault) return { faults: [FAULTS[line.fault]] };
  return isBlank(line.text) ? undefined : read(line.text);
}

async function take(line: Line, reading: Reading, work: Work): Promise<End> {
  const asked = askedBy(reading, work.dependencies.parts.fictitiousPeople);
  if (isReasons(asked)) return rejected(line, asked);
  const text = JSON.stringify([asked.person, asked.caisse ?? null, asked.body]);
  const known = work.dependencies.parts.ids.fingerprint('import-line', text);
  const { busy } = work;
  const end = (busy.get(known) ?? Promise.resolve()).then(() => transmit(line, asked, { known, text }, work));
  busy.set(known, end);
  return end.finally(() => busy.get(known) === end && busy.delete(known));
}

function askedBy({ cells, faults }: Reading, fictitious: boolean): Transmission | readonly Reason[] {
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

const SAVE = t(
  'Enregistrer le fichier en « CSV UTF-8 », ou déclarer son jeu de caractères.',
  'Save the file as "CSV UTF-8", or declare its charset.',
);
const charsetFault = (code: string, fr: string, en: string): Reason => fault(code, t(`${fr} ${SAVE.fr}`, `${en} ${SAVE.en}`));
const EMPTY = fault('header.missing', t('Le fichier est vide.', 'The file is empty.'));
const FAULTS: Readonly<Record<LineFault, Reason>> = {
  tooLong: fault('line.tooLong', t(`Plus de ${MAX_LINE} octets.`, `More than ${MAX_LINE} bytes.`)),
  nul: fault(
    'line.nul',
    t(
      'Des octets nuls : un fichier abîmé, compressé, en UTF-16, ou un classeur. Enregistrer en « CSV UTF-8 ».',
      'NUL bytes: a damaged or compressed file, UTF-16, or a workbook. Save as "CSV UTF-8".',
    ),
  ),
  utf16: fault(
    'file.utf16',
    t('Le fichier est en UTF-16. L’enregistrer en « CSV UTF-8 ».', 'The file is UTF-16. Save it as "CSV UTF-8".'),
  ),
  notUtf8: charsetFault('line.notUtf8', 'La ligne n’est pas en UTF-8.', 'The line is not UTF-8.'),
  charsetMixed: charsetFault(
    'line.charsetMixed',
    'La ligne est en UTF-8, et le fichier dans un autre jeu de caractères.',
    'The line is UTF-8, and the file is in another charset.',
  ),
  charsetUnknown: charsetFault(
    'line.charsetUnknown',
    'Rien ne dit dans quel jeu de caractères sont les lettres accentuées.',
    'Nothing tells in which charset the accented letters are.',
  ),
  notInCharset: charsetFault(
    'line.notInCharset',
    'La ligne n’est pas dans le jeu de caractères déclaré.',
    'The line is not in the charset that was declared.',
  ),
};
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
