import { json, type NextFunction, type Request, type Response } from 'express';
import { ApiProblem } from '../problems/problem.js';
import { type ProblemCode } from '../problems/catalogue.js';

const LIMIT = '1mb';
/** Imports stream their own format, of any length. */
export const STREAMED = '/v1/imports/';
const PROBLEM_OF: Readonly<Record<string, ProblemCode>> = {
  'entity.too.large': 'body-too-large',
  'entity.parse.failed': 'malformed-json',
  'encoding.unsupported': 'unsupported-media-type',
  'charset.unsupported': 'unsupported-media-type',
};
const read = json({ limit: LIMIT });

/** Reads JSON bodies; whatever else has a body is told so, rather than taken for empty. */
export function jsonBody(request: Request, response: Response, next: NextFunction): void {
  if (request.path.startsWith(STREAMED)) return next();
  // false: of another type. A length of 0 counts as a body there, but a type is not owed for nothing.
  const empty = request.get('Content-Length') === '0';
  if (!empty && request.is('application/json') === false) return next(new ApiProblem('unsupported-media-type'));
  read(request, response, (error?: unknown) => {
    const type = error instanceof Error && 'type' in error ? String(error.type) : '';
    next(error === undefined ? undefined : new ApiProblem(PROBLEM_OF[type] ?? 'bad-request'));
  });
}
