import { type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Request } from 'express';
import { type Caller } from '../../../../libs/access/authentication/caller.js';
import { type TokenVerifier } from '../../../../libs/access/authentication/token-verifier.js';
import { type Ids } from '../../../../libs/application/ids.js';
import { Forbidden } from '../../../../libs/application/messages.js';
import { type Directory } from '../../../../libs/domain/case/act.js';
import { type Role } from '../../../../libs/domain/kernel/roles.js';
import { PUBLIC } from './public.js';

export interface AuthenticatedRequest extends Request {
  caller: Caller;
}

/** The organisations, as the log has them now. */
export interface CurrentDirectory extends Pick<Directory, 'find'> {
  catchUp(): Promise<void>;
}
/** They see no case, and are in no directory. */
const WITHOUT_DIRECTORY: readonly Role[] = ['OPERATOR', 'AUDITOR'];

/**
 * Whoever has no valid bearer token goes no further, except where `@Public()` stands; nor does an organisation in a role that the
 * directory does not know it in, whatever the identity provider was told.
 */
export class BearerGuard implements CanActivate {
  constructor(
    private readonly verifier: TokenVerifier,
    private readonly directory: CurrentDirectory,
    private readonly ids: Pick<Ids, 'professional'>,
    private readonly reflector = new Reflector(),
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, [context.getHandler(), context.getClass()])) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const caller = await this.verifier.verifyHeader(request.headers.authorization);
    // Many a provider's `sub` is a name or an address: it goes no further than here.
    request.caller = { ...caller, person: this.ids.professional(caller.person) };
    await this.admit(request.caller);
    return true;
  }

  private async admit({ organisation, role }: Caller): Promise<void> {
    if (WITHOUT_DIRECTORY.includes(role)) return;
    await this.directory.catchUp();
    if (!this.directory.find(organisation)?.roles.includes(role)) throw new Forbidden(`${organisation} does not act as ${role}`);
  }
}
