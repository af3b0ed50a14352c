import { type Pool } from 'pg';
import { contextFor, loadCase, runDecider, viewOf } from '../application/case-stream.js';
import { uuidV5 } from '../application/ids.js';
import { actOfType } from '../domain/case/acts.js';
import { decide } from '../domain/case/decide.js';
import { type RecordedEvent } from '../domain/case/event.js';
import { meetingOf } from '../domain/forum/meeting.js';
import { Refused } from '../domain/kernel/errors.js';
import { dateOf, latestInstant } from '../domain/kernel/local-date.js';
import { NoPersonKey } from '../event-store/codec.js';
import { Follower, type FollowerHealth } from './follower.js';
import { copiesOf, type Copy } from './meetings.js';

export interface CourierHealth extends FollowerHealth {
  /** What could not be told to a case, and waits for somebody to look at it. */
  readonly deadLetters: number;
}

const NAME = 'meetings';
/** Of the ids that copies had before ids had a key. */
const COURIER = '0d6d6b52-9a0e-4f0c-8f35-4b3a8a1f7c11';

/**
 * Carries what a meeting says over to the cases that it is about. The ids of what it writes derive from the event that it carries, and a case
 * that was told writes nothing again: it may be killed anywhere, and as many as you like may run. What a case refuses is kept as a dead
 * letter, and shown with the meeting.
 */
export class Courier extends Follower {
  protected readonly name = NAME;
  protected readonly streams = ['meeting-'];
  /** What was carried before a transaction is ended for its length must not be carried again for ever. */
  protected readonly atOnce = 1;

  async health(): Promise<CourierHealth> {
    const { rows } = await this.pool.query<{ count: number }>('SELECT count(*)::int AS count FROM process.dead_letter');
    return { ...this.state, deadLetters: rows[0]!.count };
  }

  protected async take(events: readonly RecordedEvent[], signal?: AbortSignal): Promise<void> {
    for (const event of events) await this.#carry(event, signal);
  }

  async #carry(event: RecordedEvent, signal?: AbortSignal): Promise<void> {
    const { codec, store, followed } = this.parts;
    const history = (await codec.decode(await store.readStream(event.stream))).filter((e) => e.revision <= event.revision);
    await followed.catchUp();
    const meeting = meetingOf(history)!;
    const forum = followed.forum(meeting.forumId);
    // It was there before its meeting: a log that does not show it yet is read again.
    if (!forum) throw new Error(`${event.stream}: forum ${meeting.forumId} is not in the log`);
    for (const copy of copiesOf(event, meeting, forum)) {
      signal?.throwIfAborted();
      try {
        await this.#tell(copy, event);
      } catch (error) {
        const reasons = reasonsOf(error);
        if (!reasons) throw error;
        await this.pool.query(
          `INSERT INTO process.dead_letter (process, event_id, case_id, stream, reasons) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
          [NAME, event.id, copy.caseId, event.stream, reasons],
        );
      }
    }
  }

  async #tell({ caseId: named, label, type, occurredOn, data }: Copy, event: RecordedEvent): Promise<void> {
    const caseId = await this.#goesOnIn(named);
    const command = {
      id: this.parts.ids.of('meeting', event.id, named, label),
      former: uuidV5(uuidV5(COURIER, event.id), `${named} ${label}`),
    };
    const act = actOfType(type)!;
    await runDecider(this.parts, caseId, command, async (history) => {
      // Known here since the meeting said so, however late it is carried.
      const now = latestInstant(event.recordedAt, history.at(-1)?.recordedAt);
      const ctx = { ...(await contextFor(this.parts, command.id, history, [])), now, today: dateOf(event.recordedAt) };
      const view = viewOf(caseId, history, ctx.today);
      const { actor, correlationId } = event;
      return decide(
        act,
        { caseId, personId: view.personId, data: data(view) as never, occurredOn, actor, recordedBy: null, evidence: null, source: 'meeting', correlationId, causationId: event.id },
        history, ctx, actOfType,
      ); // prettier-ignore
    });
  }
  /** The case, or the one that it was joined to. */
  async #goesOnIn(caseId: string): Promise<string> {
    const { mergedInto } = viewOf(caseId, await loadCase(this.parts, caseId));
    return mergedInto === undefined ? caseId : this.#goesOnIn(mergedInto);
  }
}

/** What a meeting said of cases, and they refused. */
export async function refusedCopies(pool: Pool, stream: string): Promise<{ caseId: string; reasons: string[] }[]> {
  const { rows } = await pool.query<{ caseId: string; reasons: string[] }>(
    'SELECT case_id AS "caseId", reasons FROM process.dead_letter WHERE stream = $1 ORDER BY case_id, event_id',
    [stream],
  );
  return rows;
}

/** Why a case can't be told, whenever it is tried; undefined for what may pass. */
const reasonsOf = (error: unknown): string[] | undefined => {
  if (error instanceof Refused) return error.findings.map((f) => f.code);
  if (error instanceof NoPersonKey) return ['person.erased'];
  return undefined;
};
