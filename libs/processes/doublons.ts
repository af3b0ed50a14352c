import { loadCase, runDecider, viewOf } from '../application/case-stream.js';
import { JoinCasesHandler, PartCasesHandler, refusalsOf } from '../application/duplicates.js';
import { NotFound } from '../application/messages.js';
import { isUnderWay } from '../application/person-stream.js';
import { systemEvent } from '../application/system-event.js';
import { CaseAbsorbed, CaseMergeUndone } from '../domain/case/events/case-merged.js';
import { ChangeConfirmed } from '../domain/case/events/change-confirmed.js';
import { type RecordedEvent } from '../domain/case/event.js';
import { besideOf, filesBeside, filesToTell, type FileTold } from '../domain/case/files.js';
import { type CaseView } from '../domain/case/view.js';
import { mindsFiles } from '../domain/confidentiality/redact.js';
import { Refused } from '../domain/kernel/errors.js';
import { Follower } from './follower.js';

const unlessFailed = (error: unknown): void => {
  if (!(error instanceof Refused || error instanceof NotFound)) throw error;
};
/**
 * Finds behind the log that files opened from outside concern somebody who has an open case (ADR 0014): whoever answers for a case has a
 * line with a date for each one that was opened later, until it is joined, left apart, or over. Nobody else learns of it. Where such a file
 * told of a change that was confirmed since (ADR 0022), it is joined.
 */
export class Doublons extends Follower {
  protected readonly name = 'doublons';
  protected readonly streams = ['case-', 'duplicate-'];
  protected readonly atOnce = 100;
  private readonly joining = new JoinCasesHandler(this.parts);
  private readonly parting = new PartCasesHandler(this.parts);

  protected async take(events: readonly RecordedEvent[], signal?: AbortSignal): Promise<void> {
    await this.parts.homes.catchUp();
    // Whoever says that two are not one person says it in a stream of the pair.
    const caseIds = events.map(({ stream, data }) =>
      stream.startsWith('case-') ? stream.slice('case-'.length) : String(data['caseId']),
    );
    for (const caseId of new Set(caseIds)) {
      signal?.throwIfAborted();
      await this.#look(caseId);
    }
    for (const event of events) {
      if (event.type === ChangeConfirmed.type) await this.joining.joinConfirmed(event);
      // What can't be ended, of a case that can't be read any more say, holds up nobody else.
      if (event.type === CaseAbsorbed.type) await this.joining.finish(event).catch(unlessFailed);
      if (event.type === CaseMergeUndone.type) await this.parting.finish(event).catch(unlessFailed);
    }
  }

  async #look(caseId: string): Promise<void> {
    const sharing = await this.parts.homes.sharingNumbers(caseId);
    const beside = await this.#besideOf(caseId);
    if (sharing.length < 2 && beside.length === 0) return;
    const told = beside.flatMap((b) => (b.fileId === caseId && !sharing.includes(b.caseId) ? [b.caseId] : []));
    const view = async (id: string): Promise<CaseView> => viewOf(id, await loadCase(this.parts, id));
    // They shared a number once, and do so no more.
    for (const known of await Promise.all(told.map(view)))
      await this.#tell(
        known,
        filesToTell(known, []).filter(({ data }) => data.fileId === caseId),
      );
    const views = new Map(await Promise.all(sharing.map(async (id) => [id, await view(id)] as const)));
    for (const known of [...views.values()].filter(isUnderWay)) {
      const own = known.caseId === caseId ? sharing : await this.parts.homes.sharingNumbers(known.caseId);
      const all = await Promise.all(own.map(async (id) => views.get(id) ?? (await view(id))));
      const ofPerson = ({ personId }: CaseView): CaseView[] => all.filter((v) => v.personId === personId);
      const open = all.filter(isUnderWay).map((v) => besideOf(v, ofPerson(v)));
      const told = filesBeside(
        open,
        open.find((b) => b.view.caseId === known.caseId)!,
      );
      const apart = await Promise.all(told.map((other) => this.#isApart(known, other.caseId)));
      const beside = told.filter((_, i) => !apart[i]);
      await this.#tell(known, filesToTell(known, beside));
    }
  }

  /** Somebody to whom that falls has said that they are two persons' cases. */
  async #isApart(known: CaseView, fileId: string): Promise<boolean> {
    const refusals = await refusalsOf(this.parts, known.caseId, fileId);
    const wasOver = known.files.some((f) => f.fileId === fileId && f.end?.kind === 'over');
    return refusals.some(
      ({ organisation, role }) => wasOver || (organisation !== null && mindsFiles(known, { organisation, role })),
    );
  }

  /** Who was told of a case as of a file, and of which files it was told itself. */
  async #besideOf(caseId: string): Promise<{ caseId: string; fileId: string }[]> {
    const { rows } = await this.pool.query<{ caseId: string; fileId: string }>(
      'select case_id as "caseId", file_id as "fileId" from process.waiting_file where file_id = $1 or case_id = $1',
      [caseId],
    );
    return rows;
  }

  async #tell(known: CaseView, told: readonly FileTold[]): Promise<void> {
    for (const { type, data, label } of told) {
      const id = this.parts.ids.of('file', known.caseId, data.fileId, label);
      await this.pool.query('insert into process.waiting_file (file_id, case_id) values ($1, $2) on conflict do nothing', [
        data.fileId,
        known.caseId,
      ]);
      await runDecider(this.parts, known.caseId, { id, former: id }, async (history) => [
        systemEvent({ type, data, on: this.parts.clock.today(), source: 'doublons' }, history, this.parts, id, known.personId),
      ]); // prettier-ignore
    }
  }
}
