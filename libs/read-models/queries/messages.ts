import { Query } from '@nestjs/cqrs';
import { type Caller } from '../../access/authentication/caller.js';

export interface Answer {
  readonly body: unknown;
  /** Strong, quotes included. */
  readonly etag?: string;
  /** Cursor of the next page. */
  readonly next?: string;
}
export interface Waiting {
  /** The cursor of a write: the answer must hold it. */
  readonly after?: string;
}

/** The case as the caller sees it today. */
export class GetCaseFile extends Query<Answer> {
  constructor(
    readonly caseId: string,
    readonly caller: Caller,
    readonly options: Waiting = {},
  ) {
    super();
  }
}
/** Its history, as the caller sees it today. */
export class GetCaseEvents extends Query<Answer> {
  constructor(
    readonly caseId: string,
    readonly caller: Caller,
    readonly options: Waiting = {},
  ) {
    super();
  }
}
/** What the caller may do on it today, and what stands in the way of the rest. */
export class GetOptions extends Query<Answer> {
  constructor(
    readonly caseId: string,
    readonly caller: Caller,
    readonly options: Waiting = {},
  ) {
    super();
  }
}
/** The lists that the caller's role works from. */
export class ListWorklists extends Query<Answer> {
  constructor(readonly caller: Caller) {
    super();
  }
}
/** Open cases that look like one person's under two. */
export class ListDuplicates extends Query<Answer> {
  constructor(
    readonly caller: Caller,
    readonly cursor?: string,
  ) {
    super();
  }
}
/** The forums that the caller's organisation chairs or sits in. */
export class ListForums extends Query<Answer> {
  constructor(readonly caller: Caller) {
    super();
  }
}
/** Their meetings, the next one first. */
export class ListMeetings extends Query<Answer> {
  constructor(
    readonly caller: Caller,
    readonly forumId?: string,
  ) {
    super();
  }
}
/** One meeting: of each case on its agenda what the caller may see. */
export class GetMeeting extends Query<Answer> {
  constructor(
    readonly meetingId: string,
    readonly caller: Caller,
    readonly options: Waiting = {},
  ) {
    super();
  }
}
/** What could go on its agenda, as far as the caller knows: requests that await an avis, and cases in which something is overdue. */
export class GetAgendaProposal extends GetMeeting {}

export interface WorklistOptions extends Waiting {
  readonly kind?: string;
  readonly overdue?: boolean;
  readonly sort?: string;
  readonly search?: string;
  readonly cursor?: string;
  /** At most 200. */
  readonly limit?: number;
}
/** One page of a list. */
export class GetWorklist extends Query<Answer> {
  constructor(
    readonly view: string,
    readonly caller: Caller,
    readonly options: WorklistOptions = {},
  ) {
    super();
  }
}
export interface SilencesOptions extends Waiting {
  /** Of what was asked, back from today; twelve unless told. */
  readonly months?: number;
}
/** How partners answer what the caller's organisation asks of them. */
export class GetSilences extends Query<Answer> {
  constructor(
    readonly caller: Caller,
    readonly options: SilencesOptions = {},
  ) {
    super();
  }
}
export interface OutcomesOptions extends Waiting {
  readonly type?: string;
  /** Code of a département or region. */
  readonly territory?: string;
}
/** What came of measures, small cells hidden. */
export class GetMeasureOutcomes extends Query<Answer> {
  constructor(
    readonly caller: Caller,
    readonly options: OutcomesOptions = {},
  ) {
    super();
  }
}
