import { type Pool, type PoolClient } from 'pg';
import { actOfType } from '../domain/case/acts.js';
import { deriveCase } from '../domain/case/derive.js';
import { joinedTo } from '../domain/case/joined.js';
import { type RecordedEvent } from '../domain/case/event.js';
import { type CaseView } from '../domain/case/view.js';
import { type LocalDate } from '../domain/kernel/local-date.js';
import { type Codec } from '../event-store/codec.js';
import { type EventStore, type Position, Resync } from '../event-store/port.js';
import { type Identifier } from '../vault/identifier.js';
import { type PersonIndex } from '../vault/person-index.js';

const NAME = 'home';
/** Two-number advisory locks are a space of their own; "FR" and 3: held while two cases are joined, or parted. */
const ALONE = [0x4652, 3];
const PAGE = 500;
const FILTER = { streamPrefixes: ['case-'] } as const;
/** Pages between two lines for the operator. */
const SAY_EVERY = 20;

interface HomeParts {
  readonly store: EventStore;
  readonly codec: Codec;
  readonly persons: PersonIndex;
}
interface Row {
  readonly person: string;
  readonly organisation: string;
  readonly from: LocalDate;
  readonly until: LocalDate | undefined;
  readonly live: boolean;
}

/**
 * Who is at home in which case, and which numbers were told of whom: followed from the log into two tables, and caught up before they are
 * asked, so that a number leads to a case in which one is at home, and a stranger's request is answered without any case being opened.
 */
export class Homes {
  #last: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #alone: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly parts: HomeParts,
    private readonly pool: Pool,
    /** Lines for the operator. */
    private readonly say: (line: string) => void = () => undefined,
  ) {}

  /** What is in the log by now is known then. Callers that come while a reading is under way share the next one. */
  catchUp(): Promise<void> {
    return (this.#next ??= this.#last
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return (this.#last = this.#follow());
      }));
  }

  /** Runs something while nothing else does that is run so, in any process. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#alone
      .catch(() => undefined)
      .then(async () => {
        // One connection of this process waits, and not all of them.
        const db = await this.pool.connect();
        try {
          await db.query('begin');
          await db.query('select pg_advisory_xact_lock($1, $2)', ALONE);
          return await work();
        } finally {
          // With the transaction the lock goes, and with the connection the transaction.
          await db.query('rollback').then(
            () => db.release(),
            () => db.release(true),
          );
        }
      });
    this.#alone = turn;
    return turn;
  }

  /** Whether a case exists for an organisation on a day: it takes part, or reads what it told itself. */
  async isKnown(caseId: string, organisation: string, on: LocalDate): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `select from process.at_home where case_id = $1 and organisation = $2 and from_on <= $3 and (until_on is null or $3 < until_on) limit 1`,
      [caseId, organisation, on],
    );
    return rowCount === 1;
  }

  /** The cases of all who share a number with somebody of this case, itself among them. Who shares another one with these is no matter. */
  async sharingNumbers(caseId: string): Promise<readonly string[]> {
    const { rows: own } = await this.pool.query<{ id: string }>(
      'select distinct person_id as id from process.at_home where case_id = $1',
      [caseId],
    );
    const persons = own.map(({ id }) => id);
    const all = [...persons, ...(await this.parts.persons.alsoNamed(persons))];
    const { rows } = await this.pool.query<{ caseId: string }>(
      `select case_id as "caseId" from process.at_home where person_id = any($1::uuid[]) group by 1 order by min(opened_at), 1`,
      [all],
    );
    return rows.map(({ caseId: id }) => id);
  }

  async #follow(): Promise<void> {
    await this.pool.query('insert into process.checkpoint (name) values ($1) on conflict do nothing', [NAME]);
    for (let pages = 1; await this.#page(); pages++)
      if (pages % SAY_EVERY === 0) this.say(`at home: ${pages * PAGE} events read`);
  }

  /** False when there is nothing more just now. Looks without a lock first: whoever is level must wait for nobody. */
  async #page(): Promise<boolean> {
    const { rows } = await this.pool.query<{ position: Position | null }>(
      'select position from process.checkpoint where name = $1',
      [NAME],
    );
    const after = rows[0]!.position ?? undefined;
    const page = await this.parts.store.readAll(after, PAGE, FILTER).catch((error: unknown) => {
      // The log was restored: all of it is read again.
      if (error instanceof Resync) return this.parts.store.readAll(undefined, PAGE, FILTER);
      throw error;
    });
    if (page.next === after) return false;
    const db = await this.pool.connect();
    try {
      await db.query('begin');
      // Another process may have read on in between: then look again.
      const { rowCount } = await db.query(
        'select from process.checkpoint where name = $1 and position is not distinct from $2 for update',
        [NAME, after],
      );
      if (rowCount === 1) {
        for (const caseId of new Set(page.events.map((e) => e.stream.slice('case-'.length)))) await this.#take(db, caseId);
        await db.query('update process.checkpoint set position = $2 where name = $1', [NAME, page.next]);
      }
      await db.query('commit');
      db.release();
      return rowCount === 0 || !page.atHead;
    } catch (error) {
      db.release(true);
      throw error;
    }
  }

  async #take(db: PoolClient, caseId: string): Promise<void> {
    const { codec, store, persons: index } = this.parts;
    const all = await codec.decode(await store.readStream(`case-${caseId}`));
    const { live } = joinedTo(all);
    const history = all.filter(({ id }) => live.has(id));
    const view = deriveCase(caseId, all, actOfType);
    const persons = [...new Set(history.flatMap((e) => e.personId ?? []))];
    const rows = persons.flatMap((person) => rowsOf(view, person));
    await db.query('delete from process.at_home where case_id = $1', [caseId]);
    await db.query(
      `insert into process.at_home (case_id, person_id, organisation, from_on, until_on, live, opened_at)
       select $1, * , $7 from unnest($2::uuid[], $3::text[], $4::date[], $5::date[], $6::boolean[])`,
      [caseId, rows.map((r) => r.person), rows.map((r) => r.organisation), rows.map((r) => r.from), rows.map((r) => r.until ?? null), rows.map((r) => r.live), history[0]?.recordedAt],
    ); // prettier-ignore
    for (const person of persons) {
      const told = toldOf(
        history.filter((e) => e.personId === person),
        view,
      );
      await index.told(person, history.find((e) => e.personId === person)!.actor.organisation ?? '', told, db);
    }
  }
}

/** One row for each stretch of days in which an organisation takes part, and one for what it reads for ever. */
function rowsOf(view: CaseView, person: string): Row[] {
  const byKey = new Map<string, Row>();
  for (const { organisation, from, to: until } of view.participations) {
    if (until !== undefined && until <= from) continue;
    const key = `${organisation} ${from}`;
    const known = byKey.get(key);
    const longer = known && (known.until === undefined || (until !== undefined && known.until >= until)) ? known.until : until;
    byKey.set(key, { person, organisation, from, until: longer, live: true });
  }
  // Whoever took part goes on reading what it told itself.
  const readers = new Map(view.participations.map((p) => [p.organisation, p.from]));
  for (const { organisation, from } of view.participations)
    if (from < readers.get(organisation)!) readers.set(organisation, from);
  for (const [organisation, from] of readers)
    byKey.set(organisation, { person, organisation, from, until: undefined, live: false });
  return [...byKey.values()];
}

/** The numbers that stand, and those that a correction or a withdrawal took back. */
function toldOf(history: readonly RecordedEvent[], view: CaseView): { numbers: Identifier[]; takenBack: Identifier[] } {
  const ever = history.flatMap(({ type, corrects, data }) =>
    (corrects?.type ?? type) === 'PersonIdentified' ? numbersIn(data) : [],
  );
  const stands = ({ value }: Identifier): boolean => view.numbers.some((n) => n.value === value);
  return { numbers: ever.filter(stands), takenBack: ever.filter((n) => !stands(n)) };
}
const numbersIn = ({ nir, nia }: { readonly nir?: string; readonly nia?: string }): Identifier[] => [
  ...(nir === undefined ? [] : [{ kind: 'NIR' as const, value: nir.slice(0, 13) }]),
  ...(nia === undefined ? [] : [{ kind: 'NIA' as const, value: nia.slice(0, 13) }]),
];
