import {
  AccessDeniedError,
  InvalidArgumentError,
  InvalidTransactionError,
  MaxAppendSizeExceededError,
  RequiredMetadataPropertyMissingError,
  StreamDeletedError,
  StreamNotFoundError,
  UnknownError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { Resync, WrongExpectedRevision } from '../port.js';

/** Our own limit: the client does not keep its deadlines (ADR 0008). */
export class TimeLimit extends Error {
  constructor(ms: number) {
    super(`no answer within ${ms} ms`);
  }
}
/** An event that Fil rouge did not write. Nobody can decode it, and nobody may step over it. */
export class ForeignEvent extends Error {}

const REFUSALS = [
  AccessDeniedError,
  InvalidArgumentError,
  InvalidTransactionError,
  MaxAppendSizeExceededError,
  RequiredMetadataPropertyMissingError,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
  ForeignEvent,
  RangeError,
  Resync,
  WrongExpectedRevision,
];
/** INVALID_ARGUMENT, PERMISSION_DENIED, UNIMPLEMENTED, UNAUTHENTICATED of gRPC, for errors that come without a class. */
const REFUSAL_CODES: readonly unknown[] = [3, 7, 12, 16];

export const codeOf = (error: unknown): unknown => (error as { code?: unknown } | undefined)?.code;

/**
 * The same again would be refused again. False for all that leaves the outcome open or only means "not now": time limits, a lost
 * connection, a cancelled call, a server that is not ready (known by its words alone), a node that does not lead, no node found.
 */
export const isRefusal = (error: unknown): boolean =>
  REFUSALS.some((refusal) => error instanceof refusal) || REFUSAL_CODES.includes(codeOf(error));

/** How the server says that no record begins where it was told to read from; there is no code for it. */
export const isNoPosition = (error: unknown): boolean => error instanceof UnknownError && error.message.includes('ReadAllResult');
