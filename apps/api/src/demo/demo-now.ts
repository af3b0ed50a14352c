import { type NextFunction, type Request, type Response } from 'express';
import { type Instant, isLocalDate } from '../../../../libs/domain/kernel/local-date.js';
import { atInstant } from '../../../../libs/platform/clock.js';
import { ApiProblem } from '../problems/problem.js';

const HEADER = 'Fil-Rouge-Demo-Now';
const SHAPE = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/;

const instantOf = (text: string): Instant => {
  const date = SHAPE.exec(text)?.[1];
  if (!isLocalDate(date) || Number.isNaN(Date.parse(text))) throw new ApiProblem('invalid-demo-now');
  return new Date(text).toISOString() as Instant;
};

/**
 * In a demonstration, a request may say what time it is, so that a scenario is played at its own dates. Anywhere else the header
 * is refused rather than ignored. Stands after the body is read: reading it would lose the instant.
 */
export const demoNow = (demonstration: boolean) => (request: Request, _response: Response, next: NextFunction) => {
  const header = request.get(HEADER);
  if (header === undefined) return next();
  if (!demonstration) throw new ApiProblem('demonstration-only');
  atInstant(instantOf(header), next);
};
