import { type Evidence, type Party } from '../domain/kernel/roles.js';
import { type Irregularity } from '../domain/kernel/errors.js';
import { type LocalDate } from '../domain/kernel/local-date.js';
import { type Caller } from '../access/authentication/caller.js';

/** How a request came in, beside what it asks. */
export interface RequestMeta {
  /** The same key from the same organisation is the same command, for ever (decision 5). */
  readonly idempotencyKey: string;
  /** That of a version before, where it was another one. */
  readonly formerKey?: string;
  /** The state of the case that the caller saw (`ETag` of an answer); required by acts that are `guarded`. */
  readonly ifMatch?: string;
  readonly source: 'api' | 'import' | 'cli';
}
/** What is the same in the body of every act. */
export interface ActBody {
  readonly data: Readonly<Record<string, unknown>>;
  /** When it happened; today when absent. */
  readonly occurredOn?: LocalDate;
  /** Who acted, when the caller records the act of somebody else. */
  readonly actor?: Party;
  readonly evidence?: Evidence;
}
/** Who the person is, for an act that opens a case. */
export interface PersonInput {
  readonly identifiers?: readonly { readonly kind: 'NIR' | 'INS'; readonly value: string; readonly oid?: string }[];
  readonly familyName: string;
  readonly usedName?: string;
  readonly givenNames: string;
  readonly birthDate: LocalDate;
  readonly sex?: 'F' | 'M';
  readonly phone?: string;
  readonly email?: string;
}

/** An act on a case that the caller takes part in. */
export class PerformAct {
  constructor(
    readonly command: string,
    readonly caseId: string,
    readonly body: ActBody,
    readonly caller: Caller,
    readonly meta: RequestMeta,
  ) {}
}
/** An act that opens a case, or joins the one that the person has open already. */
export class OpenCase {
  constructor(
    readonly command: string,
    readonly person: PersonInput,
    /** The fund that answers for the case; the caller's own, or that of its territory, when absent. */
    readonly caisse: string | undefined,
    readonly body: ActBody,
    readonly caller: Caller,
    readonly meta: RequestMeta,
  ) {}
}
/** The whole replacement of a fact; without `replacement`, its withdrawal. */
export class CorrectFact {
  constructor(
    readonly caseId: string,
    readonly event: string,
    readonly replacement:
      { readonly type: string; readonly occurredOn?: LocalDate; readonly data: Readonly<Record<string, unknown>> } | undefined,
    readonly caller: Caller,
    readonly meta: RequestMeta,
  ) {}
}

/** What a bystander told is so, or is not. */
export class ConfirmFact {
  constructor(
    readonly caseId: string,
    readonly event: string,
    readonly verdict: 'confirmed' | 'denied',
    readonly caller: Caller,
    readonly meta: RequestMeta,
  ) {}
}

/** Two open cases, of which the caller says that they are one person's: the first goes on with both histories. */
export class JoinCases {
  constructor(
    readonly caseId: string,
    readonly otherCaseId: string,
    readonly caller: Caller,
    readonly idempotencyKey: string,
  ) {}
}
/** They were two persons after all: each case has its own history again. */
export class PartCases extends JoinCases {}
/** They look alike, and are two persons: not proposed again. */
export class KeepCasesApart extends JoinCases {}

/** What was recorded. The same for a retry. */
export interface Outcome {
  readonly caseId: string;
  /** The act's own event. What it brought with it, or did not because it was known, would tell of what was there before. */
  readonly events: readonly { readonly id: string; readonly type: string }[];
  /** Identifiers of what the act made: `{ "measureId": "…" }`. */
  readonly ids: Readonly<Record<string, string>>;
  readonly irregularities: readonly Irregularity[];
  /** Sealed position of the last event; a read with `?after=` waits for it. */
  readonly cursor: string;
  /** Of the case as the caller sees it now. */
  readonly etag: string;
}

/** To an organisation that takes no part, a case is one that does not exist. */
export class NotFound extends Error {}
/** The case is not as the caller saw it (412). */
export class PreconditionFailed extends Error {}
/** The act needs `If-Match` (428). */
export class PreconditionRequired extends Error {}
/** The same Idempotency-Key with another request (422). */
export class IdempotencyMismatch extends Error {}
/** So many act on the same thing that this one can't be served in time: nothing was done (503). */
export class Busy extends Error {}
/** The caller's role may not do this (403). */
export class Forbidden extends Error {}
