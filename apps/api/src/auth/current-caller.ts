import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Caller } from '../../../../libs/access/authentication/caller.js';
import { type AuthenticatedRequest } from './bearer.guard.js';

/** Who is calling, as the token says. */
export const CurrentCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext): Caller => context.switchToHttp().getRequest<AuthenticatedRequest>().caller,
);
