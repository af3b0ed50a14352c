/** An event as EventStoreDB keeps it. */
export interface Kept {
  /** Where it begins in the log, in bytes. */
  readonly position: bigint;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}
export type Proposed = Omit<Kept, 'position' | 'stream' | 'revision'>;

/** `position` is undefined for a conflict. */
export interface Outcome {
  /** Of the stream, as it stands for a conflict, or of the last event of the append. */
  readonly revision: number;
  readonly position: bigint | undefined;
}

/** Bytes of what the server writes around an event, more or less. */
const OVERHEAD = 100n;
/** The server writes statistics of its own between the events of others. */
const STATISTICS_EVERY = 7;

/** What EventStoreDB does with appends, seen on 22.10.5 and 23.10.8 (docs/eventstoredb.md). */
export class MemoryLog {
  events: Kept[] = [];
  private readonly streams = new Map<string, Kept[]>();
  private readonly watchers = new Set<(event: Kept) => void>();
  private readonly scavenged = new Set<bigint>();
  private end = 0n;

  stream(name: string): readonly Kept[] {
    return this.streams.get(name) ?? [];
  }

  append(stream: string, expected: number, events: readonly Proposed[]): Outcome {
    const there = this.stream(stream);
    if (expected === there.length - 1) {
      for (const event of events) this.write(stream, event);
      if (this.events.length % STATISTICS_EVERY === 0) this.writeStatistics();
      const last = this.stream(stream).at(-1)!;
      return { revision: last.revision, position: last.position };
    }
    const repeated = events.map(({ id }, i) => ({ id, at: there[expected + 1 + i] }));
    const last = repeated.at(-1)?.at;
    if (last !== undefined && repeated.every(({ id, at }) => at?.id === id))
      return { revision: last.revision, position: last.position };
    return { revision: there.length - 1, position: undefined };
  }

  writeStatistics(): void {
    const nothing = new Uint8Array();
    this.write('$stats-127.0.0.1:2113', {
      id: '00000000-0000-4000-8000-000000000000',
      type: '$statsCollected',
      contentType: 'application/json',
      data: nothing,
      metadata: nothing,
    });
  }

  /** The server cleans its own events away; a reader may still begin where one was. */
  scavenge(): void {
    for (const { position } of this.events) this.scavenged.add(position);
    this.events = this.events.filter(({ stream }) => !stream.startsWith('$'));
  }
  begins(position: bigint): boolean {
    return this.scavenged.has(position) || this.events.some((event) => event.position === position);
  }

  /** As a restore from an older backup leaves it. */
  loseEnd(events: number): void {
    for (const { stream } of this.events.splice(-events)) this.streams.get(stream)!.pop();
  }

  /** Calls `see` for each event from now on. */
  watch(see: (event: Kept) => void): () => void {
    this.watchers.add(see);
    return () => this.watchers.delete(see);
  }

  write(stream: string, event: Proposed): void {
    const there = this.streams.get(stream) ?? [];
    this.streams.set(stream, there);
    const kept = { ...event, position: this.end, stream, revision: there.length };
    this.end += OVERHEAD + BigInt(event.data.length + event.metadata.length);
    there.push(kept);
    this.events.push(kept);
    for (const see of this.watchers) see(kept);
  }
}
