import { HttpException } from '@nestjs/common';
import { type Request } from 'express';
import { AuthenticationError } from '../../../../libs/access/authentication/authentication-error.js';
import { InvalidCursor } from '../../../../libs/access/sealed-cursor.js';
import * as application from '../../../../libs/application/messages.js';
import { MessageNotSent } from '../../../../libs/application/person-messages.js';
import { Refused } from '../../../../libs/domain/kernel/errors.js';
import { t } from '../../../../libs/domain/kernel/text.js';
import { NoPersonKey } from '../../../../libs/event-store/codec.js';
import { OutcomeUnknown, Resync } from '../../../../libs/event-store/port.js';
import * as reading from '../../../../libs/read-models/errors.js';
import { InvalidIdentifier } from '../../../../libs/vault/identifier.js';
import { type ProblemCode } from './catalogue.js';
import { isDatabaseAway } from './database-away.js';
import { ApiProblem } from './problem.js';

type ErrorClass = abstract new (...args: never[]) => Error;
const BY_CLASS: readonly (readonly [ErrorClass, ProblemCode])[] = [
  [application.Forbidden, 'forbidden'],
  [application.PreconditionFailed, 'precondition-failed'],
  [application.PreconditionRequired, 'precondition-required'],
  [application.IdempotencyMismatch, 'idempotency-mismatch'],
  [MessageNotSent, 'message-not-sent'],
  [InvalidCursor, 'invalid-cursor'],
  [Resync, 'resync'],
  [NoPersonKey, 'person-erased'],
];
const BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  400: 'bad-request',
  404: 'route-not-found',
  413: 'body-too-large',
  415: 'unsupported-media-type',
};
const RETRY = { 'Retry-After': '2' };

const unauthenticated = (error: AuthenticationError): ApiProblem => {
  if (error.code === 'keysUnavailable') return new ApiProblem('unavailable', { detail: error.text, headers: RETRY });
  // RFC 6750, 3.1: a request without any token gets no error code.
  const reason = error.code === 'tokenMissing' ? '' : `, error="invalid_token", error_description="${error.message}"`;
  return new ApiProblem('unauthenticated', {
    detail: error.text,
    headers: { 'WWW-Authenticate': `Bearer realm="fil-rouge"${reason}` },
  });
};

function rebuilding({ progress, retryAfter }: reading.ViewsRebuilding): ApiProblem {
  const detail =
    progress &&
    t(
      `Cette liste est en cours de reconstruction : ${progress.done} dossiers sur ${progress.total}. Redemandez dans un instant.`,
      `This list is being made anew: ${progress.done} cases of ${progress.total}. Ask again in a moment.`,
    );
  return new ApiProblem('views-rebuilding', { headers: { 'Retry-After': String(retryAfter) }, ...(detail && { detail }) });
}

/** What people learn of an error. Whatever is not known here is an internal error, of which they learn nothing. */
export function problemOf(error: unknown, request: Pick<Request, 'params'>): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (error instanceof Refused) return new ApiProblem('refused', { rules: error.findings });
  if (error instanceof AuthenticationError) return unauthenticated(error);
  if (error instanceof InvalidIdentifier) return new ApiProblem('invalid-identifier', { detail: error.text });
  if (error instanceof OutcomeUnknown) return new ApiProblem('outcome-unknown', { headers: RETRY });
  if (error instanceof reading.InvalidQuery) return new ApiProblem('invalid', { errors: error.faults });
  if (error instanceof reading.NotYet) return new ApiProblem('not-yet', { headers: { 'Retry-After': String(error.retryAfter) } });
  if (error instanceof reading.ViewsRebuilding) return rebuilding(error);
  if (error instanceof application.NotFound || error instanceof reading.NotFound)
    return new ApiProblem(request.params['caseId'] === undefined ? 'not-found' : 'case-not-found');
  if (error instanceof application.Busy) return new ApiProblem('busy', { headers: RETRY });
  if (isDatabaseAway(error)) return new ApiProblem('unavailable', { headers: RETRY });
  const code =
    BY_CLASS.find(([type]) => error instanceof type)?.[1] ??
    (error instanceof HttpException ? BY_STATUS[error.getStatus()] : undefined);
  return new ApiProblem(code ?? 'internal');
}
