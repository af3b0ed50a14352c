import { createHash } from 'node:crypto';
import { type Caller } from '../../access/authentication/caller.js';
import { actOfCommand } from '../../domain/case/acts.js';
import { Refused } from '../../domain/kernel/errors.js';
import { t } from '../../domain/kernel/text.js';
import { NoPersonKey } from '../../event-store/codec.js';
import { IdentifiersDisagree } from '../../vault/person-index.js';
import { commandIdOf } from '../ids.js';
import { Forbidden, OpenCase, type Outcome } from '../messages.js';
import { type Parts } from '../parts.js';
import { type Cells, cellsByColumn, fault, type Header, headerOf, InvalidHeader, type Reason } from './columns.js';
import { type Line, linesOf } from './lines.js';
import { type Transmission, transmissionOf } from './transmission.js';

const COMMAND = 'transmit-sick-leave';
/** Bytes. */
const MAX_LINE = 8 * 1024;
/** Lines under way at once. */
const IN_FLIGHT = 16;
/** Lines. */
const PROGRESS_EVERY = 100;

export interface ImportDependencies {
  readonly parts: Pick<Parts, 'idempotency' | 'fictitiousPeople'>;
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
/** First once the header is known to be good, then now and then. */
export interface ImportProgress extends Counts {
  readonly type: 'progress';
  /** Of the file, read so far. */
  readonly bytes: number;
}
/** The last word; without it the import did not come to its end, and is to be run again. */
export interface ImportSummary extends Counts {
  readonly type: 'summary';
}
type End = { readonly kind: 'taken' | 'already' } | { readonly kind: 'rejected'; readonly rejected: RejectedLine };

/**
 * Takes transmissions from a CSV file, each line by the command that anybody else would give, whole or not at all. Rejected lines
 * come as they are found, in the order of the file; the summary comes last. Memory is bounded by the lines under way.
 *
 * A line is known by what it says, so the same file may be imported twice, or again after a failure half way.
 * @throws InvalidHeader before anything is taken
 * @throws Forbidden when the caller's role may not transmit; whatever else the command throws that is no decision on the line
 */
export async function* importTransmissions(
  source: AsyncIterable<Uint8Array>,
  caller: Caller,
  dependencies: ImportDependencies,
): AsyncGenerator<ImportProgress | RejectedLine | ImportSummary> {
  if (!actOfCommand(COMMAND)!.by.includes(caller.role)) throw new Forbidden(COMMAND);
  const counts = { read: 0, taken: 0, already: 0, rejected: 0 };
  const underWay: Promise<End>[] = [];
  const first = async (): Promise<RejectedLine | undefined> => {
    const end = await underWay.shift()!;
    counts[end.kind]++;
    return end.kind === 'rejected' ? end.rejected : undefined;
  };
  const busy: Busy = new Map();
  let bytes = 0;
  let header: Header | undefined;
  try {
    for await (const line of linesOf(
      counted(source, (n) => (bytes += n)),
      MAX_LINE,
    )) {
      if (!header) {
        if (line.fault === 'notUtf8') throw new InvalidHeader([NOT_UTF8]);
        header = headerOf(line.text);
        yield { type: 'progress', bytes, ...counts };
        continue;
      }
      if (line.text.trim() === '') continue;
      counts.read++;
      const end = take(line, header, busy, caller, dependencies);
      // Its failure is heard in its turn.
      end.catch(() => undefined);
      underWay.push(end);
      if (underWay.length < IN_FLIGHT) continue;
      const rejected = await first();
      if (rejected) yield rejected;
      if (counts.read % PROGRESS_EVERY === 0) yield { type: 'progress', bytes, ...counts };
    }
    if (!header) headerOf('');
    while (underWay.length > 0) {
      const rejected = await first();
      if (rejected) yield rejected;
    }
  } finally {
    // After a failure, or when nobody listens any more: what is under way ends, and is heard by nobody.
    await Promise.allSettled(underWay);
  }
  yield { type: 'summary', ...counts };
}

async function* counted(source: AsyncIterable<Uint8Array>, add: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    add(chunk.length);
    yield chunk;
  }
}

/** One line at a time of those that say the same: the second one then finds that the first was taken. */
type Busy = Map<string, Promise<End>>;

async function take(line: Line, header: Header, busy: Busy, caller: Caller, dependencies: ImportDependencies): Promise<End> {
  const asked = askedBy(line, header, dependencies.parts.fictitiousPeople);
  if (isReasons(asked)) return rejected(line, asked);
  const known = createHash('sha256')
    .update(JSON.stringify([asked.person, asked.caisse ?? null, asked.body]))
    .digest('hex');
  const same = busy.get(known) ?? Promise.resolve();
  const end = same.then(() => transmit(line, asked, known, caller, dependencies));
  busy.set(known, end);
  return end.finally(() => busy.get(known) === end && busy.delete(known));
}

function askedBy(line: Line, header: Header, fictitious: boolean): Transmission | readonly Reason[] {
  if (line.fault === 'notUtf8') return [NOT_UTF8];
  if (line.fault === 'tooLong') return [fault('line.tooLong', t(`Plus de ${MAX_LINE} octets.`, `More than ${MAX_LINE} bytes.`))];
  const cells = cellsByColumn(line.text, header);
  return isReason(cells) ? [cells] : transmissionOf(cells, { fictitious });
}

async function transmit(
  line: Line,
  { person, caisse, body }: Transmission,
  known: string,
  caller: Caller,
  { parts, execute }: ImportDependencies,
): Promise<End> {
  for (let attempt = 1; ; attempt++) {
    // A refusal is kept for its key: what was refused once is tried anew, since its cause may be gone.
    const idempotencyKey = attempt === 1 ? `import:${known}` : `import:${known}:${attempt}`;
    const before = await parts.idempotency.endOf(commandIdOf(caller.organisation, idempotencyKey));
    if (before === 'done') return { kind: 'already' };
    if (before === 'refused') continue;
    try {
      await execute(new OpenCase(COMMAND, person, caisse, body, caller, { idempotencyKey, source: 'import' }));
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
const isReason = (value: Cells | Reason): value is Reason => 'message' in value;
const isReasons = (value: Transmission | readonly Reason[]): value is readonly Reason[] => Array.isArray(value);

/** A decision on the line is its reasons; anything else is a failure of ours, and stops the import. */
function reasonsOf(error: unknown): readonly Reason[] {
  if (error instanceof Refused) return error.findings.map(({ code, article, message }) => ({ code, article, message }));
  if (error instanceof IdentifiersDisagree)
    return [fault('person.identifiersDisagree', t('Le NIR et l’INS mènent à deux personnes : à vérifier.', 'NIR and INS lead to two persons: to be checked.'))]; // prettier-ignore
  if (error instanceof NoPersonKey)
    return [fault('person.erased', t('Les données de cette personne ont été effacées.', 'The data of this person were erased.'))];
  throw error;
}
