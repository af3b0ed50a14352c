import { loadCase, runDecider, viewOf } from '../application/case-stream.js';
import { keptApart } from '../application/duplicates.js';
import { derivedId, uuidV5 } from '../application/ids.js';
import { isUnderWay } from '../application/person-stream.js';
import { systemEvent } from '../application/system-event.js';
import { type RecordedEvent } from '../domain/case/event.js';
import { type CaseView, type OtherFile } from '../domain/case/view.js';
import { SPST_ROLES } from '../domain/kernel/roles.js';
import { contradictions } from '../domain/person/traits.js';
import { Follower } from './follower.js';

/** Ours, random, fixed for ever. */
const DOUBLONS = 'f2f7a0de-3a3c-4b0a-8f64-55b2f1a0c9d3';

interface Told {
  readonly type: string;
  readonly data: { readonly fileId: string } & Readonly<Record<string, unknown>>;
  /** Tells apart what is told of one file. */
  readonly label: string;
}

/**
 * Finds behind the log that files opened from outside concern somebody who has an open case (ADR 0014): whoever answers for the case that
 * was opened first has a line with a date for each of the others, until it is joined, left apart, or over. Nobody else learns of it.
 */
export class Doublons extends Follower {
  protected readonly name = 'doublons';
  protected readonly streams = ['case-'];
  protected readonly atOnce = 100;

  protected async take(events: readonly RecordedEvent[], signal?: AbortSignal): Promise<void> {
    await this.parts.homes.catchUp();
    for (const caseId of new Set(events.map((e) => e.stream.slice('case-'.length)))) {
      signal?.throwIfAborted();
      await this.#look(caseId);
    }
  }

  async #look(caseId: string): Promise<void> {
    const ids = await this.parts.homes.sharingNumbers(caseId);
    if (ids.length < 2) return;
    const views = await Promise.all(ids.map(async (id) => viewOf(id, await loadCase(this.parts, id))));
    const [known, ...others] = views.filter(isUnderWay);
    if (!known) return;
    const apart = await Promise.all(others.map((o) => keptApart(this.parts, known.caseId, o.caseId)));
    await this.#tell(
      known,
      others.filter((_, i) => !apart[i]),
    );
    // Those are the first one's to decide on now.
    for (const other of others) await this.#tell(other, []);
  }

  async #tell(known: CaseView, others: readonly CaseView[]): Promise<void> {
    const told = [
      ...others.flatMap((other) => foundIn(known, other)),
      ...known.files.flatMap((file) => (file.end || others.some((o) => o.caseId === file.fileId) ? [] : [over(file)])),
    ];
    for (const { type, data, label } of told) {
      const commandId = derivedId(uuidV5(DOUBLONS, known.caseId), `${data.fileId} ${label}`);
      await runDecider(this.parts, known.caseId, commandId, async (history) => [
        systemEvent({ type, data, on: this.parts.clock.today(), source: 'doublons' }, history, this.parts.clock.now(), commandId, known.personId),
      ]); // prettier-ignore
    }
  }
}

/** What is to be told of a file that stands open beside a case. */
function foundIn(known: CaseView, other: CaseView): Told[] {
  const file = known.files.find((f) => f.fileId === other.caseId);
  const fileId = other.caseId;
  const differs = contradictions(other.person, known.person);
  const changed = file && !file.end && file.differs.join() !== differs.join();
  const supported = other.status === 'supported' && file?.supportedOn === undefined;
  const { organisation: openedBy, role } = other.openedBy ?? {};
  const claim = claimOf(known, other);
  return [
    ...(!file || file.end?.kind === 'over' || changed
      ? [{ type: 'FileFound', data: { fileId, ...(openedBy && { openedBy }), ...(role && { role }), ...(claim && { claim }), ...(differs.length > 0 && { differs }) }, label: `found ${file?.told ?? 0}` }]
      : []),
    ...(supported ? [{ type: 'FileSupported', data: { fileId }, label: 'supported' }] : []),
  ]; // prettier-ignore
}
/** Whether whoever opened a file says that the law gives it the case: another caisse pays, or another SPST follows. */
function claimOf(known: CaseView, { openedBy, caisse, signals }: CaseView): OtherFile['claim'] {
  if (openedBy?.role === 'CPAM') return openedBy.organisation === caisse && caisse !== known.caisse ? 'caisse' : undefined;
  return openedBy && SPST_ROLES.includes(openedBy.role) && signals[0]?.origin === 'moved' ? 'spst' : undefined;
}
const over = ({ fileId, told }: OtherFile): Told => ({ type: 'FileOver', data: { fileId }, label: `over ${told}` });
