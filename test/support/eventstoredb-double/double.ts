import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import { ClusterInfo, EndPoint, MemberInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import { UUID } from '@eventstore/db-client/generated/shared_pb.js';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import { SupportedMethod, SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import {
  type AppendReq,
  type AppendResp,
  type BatchAppendReq,
  type BatchAppendResp,
  type ReadReq,
  type ReadResp,
} from '@eventstore/db-client/generated/streams_pb.js';
import {
  Metadata,
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { MemoryLog, type Kept, type Proposed } from './memory-log.js';
import {
  appended,
  appendOptions,
  checkpoint,
  confirmation,
  notFound,
  proposed,
  read,
  readOptions,
  type ReadOptions,
} from './messages.js';

/**
 * A status with which a call ends. Or, `mute`: it never ends; `lost`: it is done, and the connection breaks before the answer;
 * `noPosition`: its success does not say where; `conflict`: a repeat is not recognised.
 */
export type Fault =
  'mute' | 'lost' | 'noPosition' | 'conflict' | { readonly code: status; readonly details: string; readonly metadata?: Metadata };
export type Call = 'append' | 'read' | 'subscribe';

const exception = (fields: Record<string, string>) => {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(fields)) metadata.set(name, value);
  return metadata;
};
/** Errors of the real server, in its words. */
export const faults = {
  notReady: { code: status.UNKNOWN, details: 'Server Is Not Ready' },
  unavailable: { code: status.UNAVAILABLE, details: 'Server Is Too Busy' },
  timedOut: { code: status.ABORTED, details: 'Operation timed out: Commit phase timeout.' },
  deadline: { code: status.DEADLINE_EXCEEDED, details: 'Deadline Exceeded' },
  cancelled: { code: status.CANCELLED, details: 'Call canceled by the client.' },
  accessDenied: { code: status.PERMISSION_DENIED, details: 'Access Denied', metadata: exception({ exception: 'access-denied' }) },
  tooLarge: {
    code: status.INVALID_ARGUMENT,
    details: 'Maximum Append Size of 1000 Exceeded.',
    metadata: exception({ exception: 'maximum-append-size-exceeded', 'maximum-append-size': '1000' }),
  },
  notLeader: (leader: EventStoreDbDouble) => ({
    code: status.NOT_FOUND,
    details: 'Leader info available',
    metadata: exception({
      exception: 'not-leader',
      'leader-endpoint-host': '127.0.0.1',
      'leader-endpoint-port': `${leader.port}`,
    }),
  }),
  noPosition: { code: status.UNKNOWN, details: 'Unexpected ReadAllResult: Error' },
} satisfies Record<string, Fault | ((leader: EventStoreDbDouble) => Fault)>;

/**
 * The few calls of EventStoreDB that the adapter makes, answered in this process, well or badly as a test wants it. It is no server:
 * what it does was seen on real ones, and what is green here is said to be green on the double.
 */
export class EventStoreDbDouble {
  readonly counts: Record<Call, number> = { append: 0, read: 0, subscribe: 0 };
  /** Calls of the client's other way to append, which nobody should take. */
  batchAppends = 0;
  /** Events given to readers. */
  readonly sent = { read: 0, subscribe: 0 };
  /** Milliseconds from an append to its commit. */
  commitDelay: () => number = () => 0;
  /** Milliseconds until it says which nodes there are. */
  gossipDelay = 0;
  /** Another double, when this one is a follower. */
  leader: EventStoreDbDouble | undefined;
  /** Of its cluster. */
  nodes: readonly EventStoreDbDouble[] = [this];
  port = 0;
  private server = new Server();
  private readonly due: [Call, Fault][] = [];
  private thawed: Promise<void> = Promise.resolve();
  private thawNow: () => void = () => undefined;
  private generation = 0;
  private readonly endings = new Set<(fault: Fault | undefined) => void>();

  private constructor(readonly log: MemoryLog) {}

  static async start(log = new MemoryLog()): Promise<EventStoreDbDouble> {
    const double = new EventStoreDbDouble(log);
    await double.listen();
    return double;
  }

  get openSubscriptions(): number {
    return this.endings.size;
  }

  get connectionString(): string {
    return `esdb://127.0.0.1:${this.port}?tls=false`;
  }

  /** What happens to the next calls of a kind, one each. */
  next(call: Call, ...coming: readonly Fault[]): void {
    for (const fault of coming) this.due.push([call, fault]);
  }

  /** Takes calls, and answers nothing, as a process that was stopped. */
  freeze(): void {
    this.thawed = new Promise((resolve) => (this.thawNow = resolve));
  }
  thaw(): void {
    this.thawNow();
  }

  /** The subscriptions that are open hear nothing more, and are not told. */
  deafen(): void {
    this.generation++;
  }

  /** With an error, or as if all were said. */
  endSubscriptions(fault?: Fault): void {
    for (const end of this.endings) end(fault);
  }

  stop(): void {
    this.server.forceShutdown();
  }
  /** With the log as it was, at the same address. */
  async listen(): Promise<void> {
    for (;;) {
      this.server = new Server();
      this.server.addService(ServerFeaturesService, { getSupportedMethods: this.features });
      this.server.addService(StreamsService, { append: this.append, batchAppend: this.batchAppend, read: this.read });
      this.server.addService(GossipService, { read: this.gossip });
      const bound = await new Promise<number>((resolve) =>
        this.server.bindAsync(`127.0.0.1:${this.port}`, ServerCredentials.createInsecure(), (error, port) =>
          resolve(error === null ? port : 0),
        ),
      );
      this.port ||= bound;
      if (bound !== 0) return;
      await pause(10);
    }
  }
  /** Every connection breaks. */
  async restart(): Promise<void> {
    this.stop();
    await this.listen();
  }

  private fault(call: Call): Fault | undefined {
    this.counts[call]++;
    const i = this.due.findIndex(([due]) => due === call);
    return i < 0 ? undefined : this.due.splice(i, 1)[0]![1];
  }

  /** @throws what the call is to end with */
  private async begin(call: Call, metadata: Metadata): Promise<Fault | undefined> {
    const fault = this.fault(call);
    await this.thawed;
    if (this.leader !== undefined && metadata.get('requires-leader').length > 0) throw faults.notLeader(this.leader);
    if (fault === 'mute') await new Promise(() => undefined);
    if (typeof fault === 'object') throw fault;
    return fault;
  }

  private readonly append = (call: ServerReadableStream<AppendReq, AppendResp>, answer: sendUnaryData<AppendResp>): void => {
    const events: Proposed[] = [];
    let options: AppendReq.Options | undefined;
    call.on('data', (message: AppendReq) => {
      if (message.hasOptions()) options = message.getOptions();
      else events.push(proposed(message.getProposedMessage()!));
    });
    call.on('end', () => {
      this.commit(call, options!, events).then((response) => answer(null, response), answer);
    });
  };

  private async commit(
    call: ServerReadableStream<AppendReq, AppendResp>,
    options: AppendReq.Options,
    events: readonly Proposed[],
  ): Promise<AppendResp> {
    const fault = await this.begin('append', call.metadata);
    await pause(this.commitDelay());
    // A call that is broken off ends too, and is called off only then. The server writes nothing of it.
    if (call.cancelled) throw faults.cancelled;
    const { stream, expected } = appendOptions(options);
    const { revision, position } = this.log.append(stream, expected, events);
    const response = appended({ revision, position: fault === 'conflict' ? undefined : position }, expected);
    if (fault === 'lost') await this.restart();
    if (fault === 'noPosition') response.getSuccess()?.clearPosition();
    await this.thawed;
    return response;
  }

  private readonly read = (call: ServerWritableStream<ReadReq, ReadResp>): void => {
    const options = readOptions(call.request);
    const answer = options.subscription ? this.subscription(call, options) : this.reading(call, options);
    answer.catch((error: unknown) => call.emit('error', error));
  };

  private async reading(call: ServerWritableStream<ReadReq, ReadResp>, options: ReadOptions): Promise<void> {
    await this.begin('read', call.metadata);
    if (options.stream !== undefined && this.log.stream(options.stream).length === 0) call.write(notFound(options.stream));
    else for (const event of this.found(options).slice(0, options.count)) await this.give('read', call, event);
    call.end();
  }

  private async subscription(call: ServerWritableStream<ReadReq, ReadResp>, options: ReadOptions): Promise<void> {
    await this.begin('subscribe', call.metadata);
    call.write(confirmation());
    const { generation } = this;
    const waiting = this.found(options);
    let changed: () => void = () => undefined;
    let ended: { readonly fault: Fault | undefined } | undefined;
    const end = (fault: Fault | undefined) => {
      ended = { fault };
      changed();
    };
    const unwatch = this.log.watch((event) => {
      if (generation === this.generation) waiting.push(event);
      changed();
    });
    call.on('cancelled', () => end(undefined));
    this.endings.add(end);
    for (let looked = 0; ended === undefined;) {
      await this.thawed;
      const event = waiting.shift();
      if (event === undefined) {
        await new Promise<void>((resolve) => (changed = resolve));
        continue;
      }
      if (options.allows(event)) await this.give('subscribe', call, event);
      if (++looked % options.checkpointEvery === 0) call.write(checkpoint(event.position));
    }
    this.endings.delete(end);
    unwatch();
    if (ended.fault !== undefined) throw ended.fault;
    call.end();
  }

  private async give(kind: 'read' | 'subscribe', call: ServerWritableStream<ReadReq, ReadResp>, event: Kept): Promise<void> {
    await this.thawed;
    if (call.cancelled) return;
    this.sent[kind]++;
    if (call.write(read(event))) return;
    const over = new AbortController();
    await Promise.race(['drain', 'cancelled'].map((end) => once(call, end, { signal: over.signal })));
    over.abort();
  }

  private found({ stream, from, backwards, subscription }: ReadOptions): Kept[] {
    const events = stream === undefined ? this.log.events : this.log.stream(stream);
    const placeOf = (event: Kept) => (stream === undefined ? event.position : BigInt(event.revision));
    if (stream === undefined && typeof from === 'bigint') {
      const end = this.log.events.at(-1)?.position ?? -1n;
      if (from <= end && !this.log.begins(from)) throw faults.noPosition;
    }
    const ordered = backwards ? events.toReversed() : [...events];
    if (from === 'start' || from === 'end') return ordered;
    return ordered.filter((event) => (subscription ? placeOf(event) > from : placeOf(event) >= from));
  }

  private readonly features = (_: unknown, answer: sendUnaryData<SupportedMethods>): void => {
    const method = new SupportedMethod().setServiceName('event_store.client.streams.Streams').setMethodName('batchappend');
    answer(null, new SupportedMethods().setEventStoreServerVersion('double').setMethodsList([method]));
  };

  private readonly batchAppend = (call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>): void => {
    this.batchAppends++;
    call.emit('error', { code: status.UNIMPLEMENTED });
  };

  private readonly gossip = (_: ServerUnaryCall<unknown, ClusterInfo>, answer: sendUnaryData<ClusterInfo>): void => {
    const member = ({ port, leader }: EventStoreDbDouble) =>
      new MemberInfo()
        .setState(leader === undefined ? MemberInfo.VNodeState.LEADER : MemberInfo.VNodeState.FOLLOWER)
        .setInstanceId(new UUID().setString('00000000-0000-4000-8000-000000000000'))
        .setIsAlive(true)
        .setHttpEndPoint(new EndPoint().setAddress('127.0.0.1').setPort(port));
    const members = this.nodes.map(member);
    void pause(this.gossipDelay).then(() => answer(null, new ClusterInfo().setMembersList(members)));
  };
}
