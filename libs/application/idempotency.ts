import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { type Pool } from 'pg';
import { type Finding, Refused } from '../domain/kernel/errors.js';
import { InvalidIdentifier } from '../vault/identifier.js';
import { type CommandId } from './ids.js';
import { Busy, Forbidden, IdempotencyMismatch, NotFound, PreconditionFailed, PreconditionRequired } from './messages.js';

type Stored<T = unknown> =
  { readonly kind: 'done'; readonly outcome: T } | { readonly kind: 'refused'; readonly findings: readonly Finding[] };

/** Thrown before anything is written: the key may serve for the request that is put right. */
const NOTHING_WRITTEN = [NotFound, Forbidden, PreconditionFailed, PreconditionRequired, Busy, InvalidIdentifier];

interface Row<T> {
  readonly fingerprint: string;
  /** Null while the command is under way, or was interrupted. */
  readonly outcome: Stored<T> | null;
}

/** Key, fingerprint of the request and outcome, refusals included (decision 5): the same request gets the same answer. */
export class Idempotency {
  readonly #key: Buffer;

  /**
   * @param secret of the installation, kept outside the database: what was sent is often one of a few codes, which whoever holds a dump
   *   would find by trying them all, erased or not
   */
  constructor(
    private readonly pool: Pool,
    secret: Buffer,
  ) {
    this.#key = Buffer.from(hkdfSync('sha256', secret, '', 'request-fingerprint', 32));
  }

  /**
   * The outcome of `run`, or that of the first time. The key is bound to its request before anything is written: a request that died half way
   * is ended by the same one, and by no other.
   * @param request all that makes it this request, the caller's role included: a colleague who sees less gets no outcome of another one's
   * @throws IdempotencyMismatch when the key came with another request before
   */
  async once<T>(command: CommandId, request: unknown, run: () => Promise<T>): Promise<T> {
    const text = canonical(request);
    const fingerprint = createHmac('sha256', this.#key).update(text).digest('hex');
    const bound = await this.pool.query(
      `insert into app.idempotency (command_id, fingerprint) select $1, $2
       where not exists (select from app.idempotency where command_id = $3) on conflict (command_id) do nothing`,
      [command.id, fingerprint, command.former],
    );
    const before = bound.rowCount === 1 ? undefined : await this.#find<T>(command, fingerprint, text);
    if (before) return replay(before);
    let now: Stored<T>;
    try {
      now = { kind: 'done', outcome: await run() };
    } catch (error) {
      // Only a decision is an outcome; a failure on the way may be tried again, by the same request unless it wrote nothing for certain.
      if (NOTHING_WRITTEN.some((type) => error instanceof type)) await this.#release(command, fingerprint);
      if (!(error instanceof Refused)) throw error;
      now = { kind: 'refused', findings: error.findings };
    }
    const outcome = [command.id, fingerprint, now.kind === 'done' ? 201 : 409, JSON.stringify(now)];
    const told = await this.pool.query(
      'update app.idempotency set status = $3, outcome = $4 where command_id = $1 and fingerprint = $2 and outcome is null',
      outcome,
    );
    // The same request, sent twice at once, had released it.
    if (told.rowCount === 0)
      await this.pool.query(
        'insert into app.idempotency (command_id, fingerprint, status, outcome) values ($1, $2, $3, $4) on conflict (command_id) do nothing',
        outcome,
      );
    return replay((await this.#find<T>(command, fingerprint, text)) ?? now);
  }

  async #release({ id }: CommandId, fingerprint: string): Promise<void> {
    await this.pool.query('delete from app.idempotency where command_id = $1 and fingerprint = $2 and outcome is null', [
      id,
      fingerprint,
    ]);
  }

  /** How a command ended, if it did. */
  async endOf(command: CommandId): Promise<Stored['kind'] | undefined> {
    return (await this.#row(command))?.outcome?.kind;
  }

  async #find<T>(command: CommandId, fingerprint: string, text: string): Promise<Stored<T> | undefined> {
    const row = await this.#row<T>(command);
    // The first version kept a plain hash: its keys stay good.
    const same = [fingerprint, createHash('sha256').update(text).digest('hex')];
    if (row && !same.includes(row.fingerprint)) throw new IdempotencyMismatch();
    return row?.outcome ?? undefined;
  }

  /** What came first counts, under whichever of its ids it is kept. */
  async #row<T>({ id, former }: CommandId): Promise<Row<T> | undefined> {
    const { rows } = await this.pool.query<Row<T>>(
      'select fingerprint, outcome from app.idempotency where command_id = any($1) order by created_at limit 1',
      [[id, former]],
    );
    return rows[0];
  }
}
const replay = <T>(stored: Stored<T>): T => {
  if (stored.kind === 'refused') throw new Refused(stored.findings);
  return stored.outcome;
};
/** Same content, same text, whatever the order of the keys. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, v: unknown) =>
    v !== null && typeof v === 'object' && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v,
  );
