import { type Directory, type Organisation } from '../domain/case/act.js';
import { DelaySet, delayOf } from '../domain/config/delay.js';
import { type Mandate } from '../domain/mandate/mandate.js';
import { type Delay, type DelayChanges } from '../domain/rules/delays.js';
import { type Codec } from '../event-store/codec.js';
import { type EventStore, type Position, Resync } from '../event-store/port.js';

const PAGE = 1000;

/** What was read, up to a position. */
class Known {
  after: Position | undefined;
  readonly organisations = new Map<string, Organisation>();
  readonly mandates: Mandate[] = [];
  readonly delays: Delay[] = [];
}

/**
 * Organisations, mandates and delays, followed from the log: few, needed by every command, so kept in memory and caught up before use.
 * They are read from the log and not from a table, since a decision rests on them.
 */
export class Followed implements Directory, DelayChanges {
  #known = new Known();
  #catchingUp: Promise<void> | undefined;

  constructor(
    private readonly store: EventStore,
    private readonly codec: Codec,
  ) {}

  /** Callers at the same time share one reading. After a restore all is read again, and takes the place of what was known. */
  catchUp(): Promise<void> {
    return (this.#catchingUp ??= this.#read(this.#known)
      .catch((error: unknown) => {
        if (error instanceof Resync) return this.#read(new Known());
        throw error;
      })
      .finally(() => (this.#catchingUp = undefined)));
  }
  async #read(known: Known): Promise<void> {
    for (;;) {
      const page = await this.store.readAll(known.after, PAGE, { streamPrefixes: ['organisation-', 'mandate-', 'config-'] });
      for (const event of await this.codec.decode(page.events)) {
        if (event.type === 'OrganisationRegistered') {
          const organisation = event.data as unknown as Organisation;
          known.organisations.set(organisation.id, organisation);
        }
        if (event.type === DelaySet.type) known.delays.push(delayOf(event.data));
        if (event.type === 'MandateGranted') {
          const data = event.data as unknown as Omit<Mandate, 'cases'> & { cases: readonly { caseId: string }[] };
          known.mandates.push({ ...data, cases: data.cases.map((c) => c.caseId) });
        }
      }
      known.after = page.next;
      if (page.atHead) break;
    }
    this.#known = known;
  }

  get mandates(): readonly Mandate[] {
    return this.#known.mandates;
  }
  get delays(): readonly Delay[] {
    return this.#known.delays;
  }
  placesOf(caisse: string): readonly string[] {
    const { territory, region } = this.find(caisse) ?? {};
    return [territory, region].filter((place) => place !== undefined);
  }
  all(): readonly Organisation[] {
    return [...this.#known.organisations.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }
  find(id: string): Organisation | undefined {
    return this.#known.organisations.get(id);
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
