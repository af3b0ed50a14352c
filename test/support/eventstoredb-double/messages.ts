import { Empty, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb.js';
import { AppendResp, ReadResp, type AppendReq, type ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { type Kept, type Outcome, type Proposed } from './memory-log.js';

/** Between the protocol's messages and what the double keeps. The 64-bit numbers are text in the generated code. */

const nameOf = (stream: StreamIdentifier | undefined) => Buffer.from(stream?.getStreamName_asU8() ?? []).toString();
const NO_STREAM = -1;

/** The double knows NO_STREAM and an exact revision, which is all that the adapter asks. */
export function appendOptions(options: AppendReq.Options): { readonly stream: string; readonly expected: number } {
  if (!options.hasNoStream() && !options.hasRevision()) throw new Error('the double knows only NO_STREAM and exact revisions');
  return {
    stream: nameOf(options.getStreamIdentifier()),
    expected: options.hasNoStream() ? NO_STREAM : Number(options.getRevision()),
  };
}

export const proposed = (message: AppendReq.ProposedMessage): Proposed => ({
  // The server gives ids back in lower case.
  id: message.getId()!.getString().toLowerCase(),
  type: message.getMetadataMap().get('type')!,
  contentType: message.getMetadataMap().get('content-type')!,
  data: message.getData_asU8(),
  metadata: message.getCustomMetadata_asU8(),
});

export function appended({ revision, position }: Outcome, expected: number): AppendResp {
  if (position !== undefined) {
    const success = new AppendResp.Success();
    success.setCurrentRevision(`${revision}`);
    const at = new AppendResp.Position();
    at.setCommitPosition(`${position}`);
    at.setPreparePosition(`${position}`);
    success.setPosition(at);
    return new AppendResp().setSuccess(success);
  }
  const conflict = new AppendResp.WrongExpectedVersion();
  if (revision === NO_STREAM) conflict.setCurrentNoStream(new Empty());
  else conflict.setCurrentRevision(`${revision}`);
  if (expected === NO_STREAM) conflict.setExpectedNoStream(new Empty());
  else conflict.setExpectedRevision(`${expected}`);
  return new AppendResp().setWrongExpectedVersion(conflict);
}

export interface ReadOptions {
  /** Undefined: the whole log. */
  readonly stream: string | undefined;
  /** Revision or position; included by a read, not by a subscription. */
  readonly from: bigint | 'start' | 'end';
  readonly backwards: boolean;
  readonly count: number;
  readonly subscription: boolean;
  readonly allows: (event: Kept) => boolean;
  /** Events looked at from one checkpoint to the next. */
  readonly checkpointEvery: number;
}

/** Of the server, when a filter names none. */
const SEARCH_WINDOW = 32;

export function readOptions(request: ReadReq): ReadOptions {
  const options = request.getOptions()!;
  const all = options.getAll();
  const where = all ?? options.getStream()!;
  const filter = options.getFilter();
  return {
    stream: all === undefined ? nameOf(options.getStream()!.getStreamIdentifier()) : undefined,
    from: where.hasStart()
      ? 'start'
      : where.hasEnd()
        ? 'end'
        : BigInt(all === undefined ? options.getStream()!.getRevision() : all.getPosition()!.getCommitPosition()),
    backwards: options.getReadDirection() === 1,
    count: Number(options.getCount()),
    subscription: options.hasSubscription(),
    allows: allows(filter),
    checkpointEvery: SEARCH_WINDOW * (filter?.getCheckpointintervalmultiplier() ?? Infinity),
  };
}

function allows(filter: ReadReq.Options.FilterOptions | undefined): (event: Kept) => boolean {
  const expression = filter?.getStreamIdentifier() ?? filter?.getEventType();
  if (filter === undefined || expression === undefined) return () => true;
  const pattern = new RegExp(expression.getRegex());
  const prefixes = expression.getPrefixList();
  return (event) => {
    const name = filter.hasStreamIdentifier() ? event.stream : event.type;
    return prefixes.length > 0 ? prefixes.some((prefix) => name.startsWith(prefix)) : pattern.test(name);
  };
}

export function read(event: Kept): ReadResp {
  const record = new ReadResp.ReadEvent.RecordedEvent();
  record.setId(new UUID().setString(event.id));
  record.setStreamIdentifier(identifier(event.stream));
  record.setStreamRevision(`${event.revision}`);
  record.setCommitPosition(`${event.position}`);
  record.setPreparePosition(`${event.position}`);
  record.getMetadataMap().set('type', event.type);
  record.getMetadataMap().set('content-type', event.contentType);
  record.getMetadataMap().set('created', '17640000000000000');
  record.setCustomMetadata(event.metadata);
  record.setData(event.data);
  return new ReadResp().setEvent(new ReadResp.ReadEvent().setEvent(record).setCommitPosition(`${event.position}`));
}

export const notFound = (stream: string): ReadResp =>
  new ReadResp().setStreamNotFound(new ReadResp.StreamNotFound().setStreamIdentifier(identifier(stream)));

export const confirmation = (): ReadResp =>
  new ReadResp().setConfirmation(new ReadResp.SubscriptionConfirmation().setSubscriptionId('subscription'));

export const checkpoint = (position: bigint): ReadResp =>
  new ReadResp().setCheckpoint(new ReadResp.Checkpoint().setCommitPosition(`${position}`).setPreparePosition(`${position}`));

const identifier = (stream: string) => new StreamIdentifier().setStreamName(Buffer.from(stream).toString('base64'));
