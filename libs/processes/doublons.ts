import { loadCase, runDecider, viewOf } from '../application/case-stream.js';
import { keptApart } from '../application/duplicates.js';
import { isUnderWay } from '../application/person-stream.js';
import { systemEvent } from '../application/system-event.js';
import { type RecordedEvent } from '../domain/case/event.js';
import { filesToTell } from '../domain/case/files.js';
import { type CaseView } from '../domain/case/view.js';
import { Follower } from './follower.js';

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
    const sharing = await this.parts.homes.sharingNumbers(caseId);
    const told = (await this.#toldOf(caseId)).filter((id) => !sharing.includes(id));
    if (sharing.length < 2 && told.length === 0) return;
    const view = async (id: string): Promise<CaseView> => viewOf(id, await loadCase(this.parts, id));
    // They shared a number once, and do so no more.
    for (const id of told) await this.#tell(await view(id), []);
    const [known, ...others] = (await Promise.all(sharing.map(view))).filter(isUnderWay);
    if (!known) return;
    const apart = await Promise.all(others.map((o) => keptApart(this.parts, known.caseId, o.caseId)));
    await this.#tell(
      known,
      others.filter((_, i) => !apart[i]),
    );
    // Those are the first one's to decide on now.
    for (const other of others) await this.#tell(other, []);
  }

  async #toldOf(fileId: string): Promise<string[]> {
    const { rows } = await this.pool.query<{ id: string }>('select case_id as id from process.waiting_file where file_id = $1', [
      fileId,
    ]);
    return rows.map(({ id }) => id);
  }

  async #tell(known: CaseView, others: readonly CaseView[]): Promise<void> {
    for (const { type, data, label } of filesToTell(known, others)) {
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
