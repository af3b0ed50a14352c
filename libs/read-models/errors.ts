import { type Text } from '../domain/kernel/text.js';

/** Not there, or not for this caller: the two must not be told apart. */
export class NotFound extends Error {}

export interface QueryFault {
  readonly parameter: string;
  readonly code: string;
  readonly detail: Text;
}
/** Names every fault of the request at once. */
export class InvalidQuery extends Error {
  constructor(readonly faults: readonly QueryFault[]) {
    super(faults.map(({ parameter, code }) => `${parameter}: ${code}`).join(', '));
  }
}
/** What is asked is being made anew, and can't be served from what was there before. */
export class ViewsRebuilding extends Error {
  constructor(
    /** Cases, of about how many. */
    readonly progress?: { readonly done: number; readonly total: number },
    /** Seconds. */
    readonly retryAfter = 5,
  ) {
    super('the views are being made');
  }
}
/** The views have not come as far as the caller asks: ask again. */
export class NotYet extends Error {
  constructor(
    reason: string,
    /** Seconds. */
    readonly retryAfter = 2,
  ) {
    super(reason);
  }
}
