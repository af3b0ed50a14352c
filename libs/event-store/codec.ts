import { type Correction, type DomainEvent, type Envelope, type RecordedEvent } from '../domain/case/event.js';
import { type Fields, type Zone } from '../domain/kernel/fields.js';
import { type Party } from '../domain/kernel/roles.js';
import { type NewEvent, type StoredEvent } from './port.js';

type Data = Readonly<Record<string, unknown>>;
/** Brings a payload from one version of its schema to the next. Total: any field may be missing, the person may be erased. */
export type Upcaster = (data: Data) => Data;

/** What the codec must know of the types of events. `corrects` is there because a correction carries the payload of what it corrects. */
export interface EventRegistry {
  fieldsOf(type: string, corrects: Correction | null): Fields | undefined;
  /** Undefined for a type that this version of the program does not know. */
  currentVersion(type: string, corrects: Correction | null): number | undefined;
  /** The one at index 0 brings version 1 to version 2. */
  upcastersOf(type: string, corrects: Correction | null): readonly Upcaster[];
}

/** Where a ciphertext belongs; it opens nowhere else. */
export interface SealedAt {
  readonly eventId: string;
  readonly zone: string;
  /** Format in which it was sealed. */
  readonly keyVersion: number;
}
/** One person's key, in hand. */
export interface PersonSealer {
  seal(at: SealedAt, json: string): string;
  open(at: SealedAt, sealed: string): string;
}
/** The vault, as the codec sees it. */
export interface PersonSealers {
  /** Format that `seal` writes. */
  readonly keyVersion: number;
  /** A person without key (erased, or never known) is missing from the map. */
  keysOf(personIds: readonly string[]): Promise<ReadonlyMap<string, PersonSealer>>;
}

/** A type or a version from a newer program: whoever reads must stop here, and go on once upgraded. Never skip it. */
export class UnknownEvent extends Error {
  constructor(
    readonly type: string,
    readonly schemaVersion: number,
    readonly known: number | undefined,
  ) {
    super(
      `${type} version ${schemaVersion}: ${known === undefined ? 'unknown type' : `version ${known} is the newest known here`}`,
    );
  }
}
/** Personal data can't be written without the person's key: it was destroyed, or was never made. */
export class NoPersonKey extends Error {
  constructor(readonly personId: string) {
    super(`person ${personId} has no key`);
  }
}

/** `data` in clear for an event about nobody; otherwise references in clear, and one ciphertext for each zone. */
interface StoredData {
  readonly data?: Data;
  readonly refs?: Data;
  readonly sealed?: Readonly<Partial<Record<Zone, string>>>;
}
interface StoredMetadata extends Envelope {
  readonly keyVersion: number | null;
}
interface Parsed {
  readonly event: StoredEvent;
  readonly metadata: StoredMetadata;
}
const parse = (event: StoredEvent): Parsed => ({ event, metadata: JSON.parse(event.metadata) as StoredMetadata });

/** Between the events of the domain and the bytes of the log: encryption by person and zone (ADR 0004), then versions of schemas. */
export class Codec {
  /** As they were asked for: each is derived once, and they are not many. */
  readonly #professionals = new Map<string, string>();

  constructor(
    private readonly registry: EventRegistry,
    private readonly sealers: PersonSealers,
    /**
     * The opaque identifier of a professional, for whatever a token or an older log calls them: nothing else is written, whichever way an
     * event comes in, and nothing else is read, so that who acted before is the same as today.
     */
    private readonly professional: (person: string) => string = (person) => person,
  ) {}

  /**
   * @throws UnknownEvent when the registry does not declare the type in this version
   * @throws NoPersonKey when there is something to seal and no key
   */
  async encode(events: readonly DomainEvent[]): Promise<NewEvent[]> {
    const keys = await this.keysOf(events);
    return events.map((event) => {
      const { personId } = event;
      const stored = personId === null ? this.clear(event) : this.sealed(event, personId, keys.get(personId));
      const metadata: StoredMetadata = { ...this.envelope(event), keyVersion: stored.sealed ? this.sealers.keyVersion : null };
      return {
        id: event.id,
        type: event.type,
        schemaVersion: event.schemaVersion,
        data: JSON.stringify(stored),
        metadata: JSON.stringify(metadata),
      };
    });
  }

  /**
   * Fetches the keys at once, and decrypts an event only when its `data` is asked for: a fold that needs the type or the actor pays
   * nothing more. Reading `data` throws when the bytes were tampered with.
   * @throws UnknownEvent
   */
  async decode(stored: readonly StoredEvent[]): Promise<RecordedEvent[]> {
    const parsed = stored.map(parse);
    return this.decoded(parsed, await this.keysOf(parsed.map(({ metadata }) => metadata)));
  }

  /**
   * Histories one after the other, with the keys of all of them fetched at once: whoever is done with one need not hold it.
   * @throws UnknownEvent
   */
  async *decodeEach(histories: Iterable<readonly StoredEvent[]>): AsyncGenerator<RecordedEvent[]> {
    const parsed = Array.from(histories, (history) => history.map(parse));
    const keys = await this.keysOf(parsed.flatMap((history) => history.map(({ metadata }) => metadata)));
    for (const history of parsed) yield this.decoded(history, keys);
  }

  /**
   * The same as if everybody had been erased: for whoever keeps events longer than a key may be kept.
   * @throws UnknownEvent
   */
  skeletons(stored: readonly StoredEvent[]): RecordedEvent[] {
    return this.decoded(stored.map(parse), new Map());
  }

  private decoded(parsed: readonly Parsed[], keys: ReadonlyMap<string, PersonSealer>): RecordedEvent[] {
    return parsed.map(({ event, metadata }) => {
      const key = metadata.personId === null ? undefined : keys.get(metadata.personId);
      const { version, upcasters } = this.pathToCurrent(event, metadata.corrects);
      const { id, type, stream, revision, position } = event;
      const erased = metadata.personId !== null && key === undefined;
      return Opening.event(
        this.envelope(metadata),
        { id, type, schemaVersion: version, stream, revision, position, erased },
        () => upcasters.reduce((old, upcast) => upcast(old), open(event, metadata, key)),
      );
    });
  }

  private envelope(e: Envelope): Envelope {
    return envelopeOf(e, this.opaque(e.actor), e.recordedBy && this.opaque(e.recordedBy));
  }
  private opaque(party: Party): Party {
    const { person } = party;
    if (person === null) return party;
    let kept = this.#professionals.get(person);
    if (kept === undefined) this.#professionals.set(person, (kept = this.professional(person)));
    return kept === person ? party : { ...party, person: kept };
  }

  private keysOf(envelopes: readonly Pick<Envelope, 'personId'>[]): Promise<ReadonlyMap<string, PersonSealer>> {
    const people = new Set(envelopes.flatMap(({ personId }) => (personId === null ? [] : [personId])));
    return this.sealers.keysOf([...people]);
  }

  private clear(event: DomainEvent): StoredData {
    this.declared(event);
    return { data: event.data };
  }

  private sealed(event: DomainEvent, personId: string, key: PersonSealer | undefined): StoredData {
    const refs: Record<string, unknown> = {};
    const zones = new Map<Zone, Record<string, unknown>>();
    for (const [name, field] of this.declared(event)) {
      if (event.data[name] === undefined) continue;
      if (field.zone === null) refs[name] = event.data[name];
      else zones.set(field.zone, { ...zones.get(field.zone), [name]: event.data[name] });
    }
    if (zones.size === 0) return { refs };
    if (!key) throw new NoPersonKey(personId);
    const { keyVersion } = this.sealers;
    const sealed = [...zones].map(([zone, values]) => [
      zone,
      key.seal({ eventId: event.id, zone, keyVersion }, JSON.stringify(values)),
    ]);
    return { refs, sealed: Object.fromEntries(sealed) as StoredData['sealed'] };
  }

  /** The fields of the event. One that is not declared has no zone, so it could neither be sealed nor shown: refused. */
  private declared(event: DomainEvent): [string, Fields[string]][] {
    const { type, schemaVersion, corrects } = event;
    const fields = this.registry.fieldsOf(type, corrects);
    const version = this.registry.currentVersion(type, corrects);
    if (!fields || version !== schemaVersion) throw new UnknownEvent(type, schemaVersion, version);
    const stray = Object.keys(event.data).find((name) => !Object.hasOwn(fields, name));
    if (stray !== undefined) throw new TypeError(`${type}: the field ${stray} is not declared`);
    return Object.entries(fields);
  }

  private pathToCurrent({ type, schemaVersion }: StoredEvent, corrects: Correction | null) {
    const version = this.registry.currentVersion(type, corrects);
    if (version === undefined || schemaVersion > version) throw new UnknownEvent(type, schemaVersion, version);
    const upcasters = this.registry.upcastersOf(type, corrects).slice(schemaVersion - 1, version - 1);
    if (upcasters.length !== version - schemaVersion)
      throw new Error(`${type}: no way from version ${schemaVersion} to ${version}`);
    return { version, upcasters };
  }
}

function open({ id, data }: StoredEvent, { keyVersion }: StoredMetadata, key: PersonSealer | undefined): Data {
  const stored = JSON.parse(data) as StoredData;
  if (stored.data) return stored.data;
  if (!key || keyVersion === null) return stored.refs ?? {};
  const opened = Object.entries(stored.sealed ?? {}).map(
    ([zone, text]) => JSON.parse(key.open({ eventId: id, zone, keyVersion }, text)) as Data,
  );
  return Object.assign({}, stored.refs, ...opened) as Data;
}

/** Opens the data of one event when they are asked for, once. */
class Opening {
  readonly #open: () => Data;
  #data: Data | undefined;

  constructor(open: () => Data) {
    this.#open = open;
  }

  // The getter is one for all events, and the parts are assigned, not spread: that keeps all events of one shape, and making one takes
  // half a microsecond, not fourteen. It is a property of the event itself, so that a copy has it.
  static readonly #ofEvent: PropertyDescriptor = {
    enumerable: true,
    get(this: Opening) {
      return (this.#data ??= this.#open());
    },
  };
  static event(envelope: Envelope, rest: Omit<RecordedEvent, keyof Envelope | 'data'>, open: () => Data): RecordedEvent {
    const event: object = Object.assign(new Opening(open), envelope, rest);
    return Object.defineProperty(event, 'data', Opening.#ofEvent) as RecordedEvent;
  }
}

/** Named one by one: nothing else may reach the metadata, which are kept in clear. */
const envelopeOf = (e: Envelope, actor: Party, recordedBy: Party | null): Envelope => ({
  personId: e.personId,
  actor,
  recordedBy,
  evidence: e.evidence,
  occurredOn: e.occurredOn,
  recordedAt: e.recordedAt,
  commandId: e.commandId,
  causationId: e.causationId,
  correlationId: e.correlationId,
  source: e.source,
  legalBasis: e.legalBasis,
  consentId: e.consentId,
  irregularities: e.irregularities,
  corrects: e.corrects,
});
