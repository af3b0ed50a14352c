import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Request } from 'express';
import { type RequestMeta } from '../../../../libs/application/messages.js';
import { ApiProblem } from '../problems/problem.js';

/** `Idempotency-Key`, without which nothing is written, and `If-Match` as it came. */
export const Meta = createParamDecorator((_: unknown, context: ExecutionContext): RequestMeta => {
  const request = context.switchToHttp().getRequest<Request>();
  const idempotencyKey = request.get('Idempotency-Key') ?? '';
  const ifMatch = request.get('If-Match');
  if (!/^[\x21-\x7e]{1,200}$/.test(idempotencyKey)) throw new ApiProblem('idempotency-key-required');
  return { idempotencyKey, source: 'api', ...(ifMatch !== undefined && { ifMatch }) };
});
