import { type Directory, type Organisation } from '../domain/case/act.js';
import { type RecordedEvent } from '../domain/case/event.js';
import { delayOf } from '../domain/config/delay.js';
import { type Convention, conventionOf } from '../domain/convention/standing.js';
import { type Forum, forumOf } from '../domain/forum/forum.js';
import { type GroupAction, groupActionOf } from '../domain/group/planned.js';
import { FAMILIES, type Family, type PastAside } from '../domain/kernel/aside.js';
import { type Mandate, mandateOf } from '../domain/mandate/mandate.js';
import { caisseIn, spstOf } from '../domain/organisation/organisation.js';
import { type Resource, resourceOf } from '../domain/resource/listed.js';
import { type Delay, type DelayChanges } from '../domain/rules/delays.js';
import { type Codec } from '../event-store/codec.js';
import { type EventStore, type Position, Resync } from '../event-store/port.js';

const PAGE = 1000;
const FOLLOWED = FAMILIES.filter((family) => family !== 'satisfaction');
const FILTER = { streamPrefixes: FOLLOWED.map((family) => `${family}-`) };

/** What was read, up to a position. */
class Known {
  after: Position | undefined;
  readonly families = new Map(FOLLOWED.map((family) => [family as Family, new Map<string, RecordedEvent[]>()]));
  readonly organisations = new Map<string, Organisation>();
  readonly mandates: Mandate[] = [];
  readonly delays: Delay[] = [];

  take(event: RecordedEvent): void {
    const dash = event.stream.indexOf('-');
    const streams = this.families.get(event.stream.slice(0, dash) as Family)!;
    // Organisations are together in one stream, and had one each before.
    const id = event.type === 'OrganisationRegistered' ? (event.data['id'] as string) : event.stream.slice(dash + 1);
    const history = streams.get(id);
    if (history) history.push(event);
    else streams.set(id, [event]);
    if (event.type === 'OrganisationRegistered') this.organisations.set(id, event.data as unknown as Organisation);
    if (event.type === 'DelaySet') this.delays.push(delayOf(event.data));
    if (event.type === 'MandateGranted') this.mandates.push(mandateOf(event.data));
  }
}

/**
 * What is recorded beside the cases, followed from the log: little, needed by every command, so kept in memory and caught up before use.
 * It is read from the log and not from a table, since decisions rest on it. It stays for longer than a person's key may, so nothing that is
 * sealed with one is opened here.
 */
export class Followed implements Directory, DelayChanges {
  #known = new Known();
  #last: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(
    private readonly store: EventStore,
    private readonly codec: Codec,
  ) {}

  /**
   * What is in the log by now is known then. Callers that come while a reading is under way, which may have passed by what they wait for,
   * share the next one. After a restore all is read again, and takes the place of what was known.
   */
  catchUp(): Promise<void> {
    return (this.#next ??= this.#last
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return (this.#last = this.#read(this.#known).catch((error: unknown) => {
          if (error instanceof Resync) return this.#read(new Known());
          throw error;
        }));
      }));
  }
  async #read(known: Known): Promise<void> {
    for (;;) {
      const page = await this.store.readAll(known.after, PAGE, FILTER);
      for (const event of this.codec.skeletons(page.events)) known.take(event);
      known.after = page.next;
      if (page.atHead) break;
    }
    this.#known = known;
  }

  /** The histories of a family's streams by their ids, the oldest first, without what is personal in them. */
  histories(family: Exclude<Family, 'satisfaction'>): ReadonlyMap<string, readonly PastAside[]> {
    return this.#known.families.get(family)!;
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
    return spstOf(code, this.all());
  }
  forum(id: string): Forum | undefined {
    return forumOf(this.histories('forum').get(id) ?? []);
  }
  conventions(): readonly Convention[] {
    return this.#each('convention', conventionOf);
  }
  groupActions(): readonly GroupAction[] {
    return this.#each('group', groupActionOf);
  }
  groupAction(id: string): GroupAction | undefined {
    return groupActionOf(this.histories('group').get(id) ?? []);
  }
  resources(): readonly Resource[] {
    return this.#each('resource', resourceOf);
  }
  resource(id: string): Resource | undefined {
    return resourceOf(this.histories('resource').get(id) ?? []);
  }
  #each<T>(family: Exclude<Family, 'satisfaction'>, of: (history: readonly PastAside[]) => T | undefined): T[] {
    return [...this.histories(family).values()].flatMap((history) => of(history) ?? []);
  }
  caisseOf(territory: string): Organisation | undefined {
    return caisseIn(territory, this.all());
  }
}
