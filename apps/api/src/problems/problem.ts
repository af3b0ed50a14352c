import { type Finding } from '../../../../libs/domain/kernel/errors.js';
import { type Text } from '../../../../libs/domain/kernel/text.js';
import { type ProblemCode } from './catalogue.js';

/** What is wrong with one value: in the body by JSON pointer, in the query string by name. */
export interface Fault {
  readonly pointer?: string;
  readonly parameter?: string;
  /** Stable. */
  readonly code: string;
  readonly detail: Text;
}
export interface ProblemDetails {
  /** Instead of the sentence of the catalogue. */
  readonly detail?: Text;
  readonly errors?: readonly Fault[];
  readonly rules?: readonly Finding[];
  readonly headers?: Readonly<Record<string, string>>;
}
/** A refusal that HTTP itself gives. The inner rooms throw their own errors; `problem-of.ts` knows them. */
export class ApiProblem extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly details: ProblemDetails = {},
  ) {
    super(code);
  }
}
