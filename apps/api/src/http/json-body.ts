import { type NextFunction, raw, type Request, type Response } from 'express';
import { jsonFaults } from '../../../../libs/application/json-text.js';
import { type ProblemCode } from '../problems/catalogue.js';
import { ApiProblem } from '../problems/problem.js';

const LIMIT = '1mb';
/** Milliseconds for a whole body: somebody who sends a byte now and then keeps no place for ever. */
const PATIENCE_MS = 30_000;
/** Imports stream their own format, of any length. */
export const STREAMED = '/v1/imports/';
const PROBLEM_OF: Readonly<Record<string, ProblemCode>> = {
  'entity.too.large': 'body-too-large',
  'encoding.unsupported': 'unsupported-media-type',
};
const read = raw({ limit: LIMIT, type: () => true });
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)/i;

/** @throws ApiProblem that names every fault that can be told before anything is looked at */
function parsed(bytes: Uint8Array): unknown {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ApiProblem('malformed-json');
  }
  const faults = jsonFaults(text);
  if (faults.length > 0) throw new ApiProblem('invalid', { errors: faults });
  try {
    value = JSON.parse(text);
  } catch {
    throw new ApiProblem('malformed-json');
  }
  // What a scalar would mean nobody has said.
  if (typeof value !== 'object' || value === null) throw new ApiProblem('malformed-json');
  return value;
}

/** Reads JSON bodies; whatever else has a body is told so, rather than taken for empty. */
export function jsonBody(request: Request, response: Response, next: NextFunction): void {
  if (request.path.startsWith(STREAMED)) return next();
  // false: of another type. A length of 0 counts as a body there, but a type is not owed for nothing.
  const empty = request.get('Content-Length') === '0';
  const charset = CHARSET.exec(request.get('Content-Type') ?? '')?.[1]?.toLowerCase() ?? 'utf-8';
  if (!empty && (request.is('application/json') === false || charset !== 'utf-8'))
    return next(new ApiProblem('unsupported-media-type'));
  let over = false;
  const end = (problem?: ApiProblem): void => {
    if (over) return;
    over = true;
    clearTimeout(late);
    next(problem);
  };
  const late = setTimeout(() => {
    end(new ApiProblem('request-timeout', { headers: { Connection: 'close' } }));
  }, PATIENCE_MS);
  read(request, response, (error?: unknown) => {
    const type = error instanceof Error && 'type' in error ? String(error.type) : '';
    if (error !== undefined) return end(new ApiProblem(PROBLEM_OF[type] ?? 'bad-request'));
    if (!Buffer.isBuffer(request.body) || request.body.length === 0) return end();
    try {
      request.body = parsed(request.body);
      end();
    } catch (problem) {
      end(problem as ApiProblem);
    }
  });
}
