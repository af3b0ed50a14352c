import { type Directory, type Organisation } from '../domain/case/act.js';
import { type Mandate } from '../domain/mandate/mandate.js';
import { type Codec } from '../event-store/codec.js';
import { type EventStore, type Position } from '../event-store/port.js';

const PAGE = 1000;

/**
 * Organisations and mandates, followed from the log: few, needed by every command, so kept in memory and caught up before use.
 * They are read from the log and not from a table, since a decision rests on them.
 */
export class Followed implements Directory {
  #after: Position | undefined;
  #catchingUp: Promise<void> | undefined;
  readonly #organisations = new Map<string, Organisation>();
  readonly mandates: Mandate[] = [];

  constructor(
    private readonly store: EventStore,
    private readonly codec: Codec,
  ) {}

  /** Callers at the same time share one reading. */
  catchUp(): Promise<void> {
    return (this.#catchingUp ??= this.#read().finally(() => (this.#catchingUp = undefined)));
  }
  async #read(): Promise<void> {
    for (;;) {
      const page = await this.store.readAll(this.#after, PAGE, { streamPrefixes: ['organisation-', 'mandate-'] });
      for (const event of await this.codec.decode(page.events)) {
        if (event.type === 'OrganisationRegistered') {
          const organisation = event.data as unknown as Organisation;
          this.#organisations.set(organisation.id, organisation);
        }
        if (event.type === 'MandateGranted') {
          const data = event.data as unknown as Omit<Mandate, 'cases'> & { cases: readonly { caseId: string }[] };
          this.mandates.push({ ...data, cases: data.cases.map((c) => c.caseId) });
        }
      }
      this.#after = page.next;
      if (page.atHead) return;
    }
  }

  all(): readonly Organisation[] {
    return [...this.#organisations.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }
  find(id: string): Organisation | undefined {
    return this.#organisations.get(id);
  }
  bySpstCode(code: string): Organisation | undefined {
    return this.all().find((o) => o.spstCode === code);
  }
  bySiret(siret: string): Organisation | undefined {
    return this.all().find((o) => o.siret === siret);
  }
  caisseOf(territory: string): Organisation | undefined {
    return this.all().find((o) => o.roles.includes('CPAM') && o.territory === territory);
  }
}
