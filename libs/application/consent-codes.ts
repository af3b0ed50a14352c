import { createHmac, hkdfSync, randomBytes, randomInt, randomUUID, timingSafeEqual } from 'node:crypto';
import { type Pool } from 'pg';
import { CODE_MINUTES, CODE_TRIES, MESSAGES_A_DAY, PAGE_DAYS } from '../domain/case/asking-the-person.js';
import { type Instant } from '../domain/kernel/local-date.js';

/** The accord, or the file that tells of a change, that a message was about, and who had it sent. */
export interface Asked {
  readonly id: string;
  readonly caseId: string;
  readonly aboutId: string;
  readonly organisation: string;
}
/** What goes out, once, and is kept nowhere. */
export interface Sent {
  readonly id: string;
  readonly code: string;
  readonly token: string;
}
interface Row {
  readonly id: string;
  readonly case_id: string;
  readonly about_id: string;
  readonly organisation: string;
  readonly code_hash: Buffer;
  readonly open: boolean;
}
const ms = (minutes: number): number => minutes * 60_000;
const after = (now: Instant, minutes: number): string => new Date(Date.parse(now) + ms(minutes)).toISOString();
const DAY = 24 * 60;
const asked = (row: Row): Asked => ({
  id: row.id,
  caseId: row.case_id,
  aboutId: row.about_id,
  organisation: row.organisation,
});

/** Codes and links by which a person confirms: hashed with a key that is outside the database, used once, tried a few times. */
export class ConsentCodes {
  readonly #key: Buffer;

  constructor(
    private readonly pool: Pool,
    secret: Buffer,
  ) {
    this.#key = Buffer.from(hkdfSync('sha256', secret, '', 'consent-code', 32));
  }

  /**
   * A new code and link for one matter, in the place of those before; undefined when so many were sent within a day to that person
   * at the request of that organisation, whatever they were about. So there are no more tries either.
   */
  async make(about: Omit<Asked, 'id'>, person: string | null, now: Instant): Promise<Sent | undefined> {
    const sent: Sent = {
      id: randomUUID(),
      code: String(randomInt(1_000_000)).padStart(6, '0'),
      token: randomBytes(32).toString('base64url'),
    };
    const client = await this.pool.connect();
    try {
      await client.query('begin');
      const of = [about.caseId, about.aboutId];
      const whom = this.#hash('person', person ?? about.caseId);
      // Two at once would each count without the other. In one order, so that none waits for one that waits for it.
      for (const lock of [`${about.organisation} ${whom.toString('hex')}`, of.join(' ')].sort())
        await client.query('select pg_advisory_xact_lock(hashtext($1))', [`consent-code ${lock}`]);
      const { rows } = await client.query<{ sent: number }>(
        'select count(*)::int as sent from app.consent_code where organisation = $1 and person_hash = $2 and sent_at > $3',
        [about.organisation, whom, after(now, -DAY)],
      );
      if (rows[0]!.sent >= MESSAGES_A_DAY) {
        await client.query('rollback');
        return undefined;
      }
      await client.query(
        'update app.consent_code set closed_at = $3 where case_id = $1 and about_id = $2 and closed_at is null',
        [...of, now],
      );
      await client.query(
        `insert into app.consent_code (id, case_id, about_id, organisation, code_hash, link_hash, sent_at, code_until, link_until, person_hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [sent.id, ...of, about.organisation, this.#hash(sent.id, sent.code), this.#hash('link', sent.token), now, after(now, CODE_MINUTES), after(now, PAGE_DAYS * DAY), whom],
      ); // prettier-ignore
      await client.query('commit');
      return sent;
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  }

  /** It never went out: it counts for nothing. */
  async forget(id: string): Promise<void> {
    await this.pool.query('delete from app.consent_code where id = $1', [id]);
  }

  /**
   * What a code that was read back is the answer to. Each try counts, before it is looked at: many at once are no more than a few.
   * @returns `over` when none is open any more: used, tried too often, past its minutes, or never sent
   */
  async read(about: Omit<Asked, 'id'>, code: string, now: Instant): Promise<Asked | 'wrong' | 'over'> {
    const { rows } = await this.pool.query<Row>(
      `update app.consent_code set tries = tries + 1
       where case_id = $1 and about_id = $2 and organisation = $3 and closed_at is null and code_until > $4 and tries < $5
       returning id, case_id, about_id, organisation, code_hash, true as open`,
      [about.caseId, about.aboutId, about.organisation, now, CODE_TRIES],
    );
    const row = rows[0];
    if (!row) return 'over';
    return timingSafeEqual(row.code_hash, this.#hash(row.id, code)) ? asked(row) : 'wrong';
  }

  /** What a link leads to, and whether it may still be answered; undefined for one that was never given. */
  async behind(token: string, now: Instant): Promise<(Asked & { readonly open: boolean }) | undefined> {
    const { rows } = await this.pool.query<Row>(
      `select id, case_id, about_id, organisation, code_hash, closed_at is null and link_until > $2 as open
       from app.consent_code where link_hash = $1`,
      [this.#hash('link', token), now],
    );
    return rows[0] && { ...asked(rows[0]), open: rows[0].open };
  }

  async close(id: string, now: Instant): Promise<void> {
    await this.pool.query('update app.consent_code set closed_at = $2 where id = $1 and closed_at is null', [id, now]);
  }

  #hash(of: string, secret: string): Buffer {
    return createHmac('sha256', this.#key).update(`${of}|${secret}`).digest();
  }
}
