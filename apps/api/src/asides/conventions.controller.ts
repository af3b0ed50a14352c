import { Controller, Get } from '@nestjs/common';
import { type Caller } from '../../../../libs/access/authentication/caller.js';
import { Parts } from '../../../../libs/application/parts.js';
import { asBinds, asKept, daysLeft, proposalTo, standingOn, toSign } from '../../../../libs/domain/convention/standing.js';
import { t } from '../../../../libs/domain/kernel/text.js';
import { CurrentCaller } from '../auth/current-caller.js';
import { Reads } from '../openapi/operations.js';

/** Conventions between partners. Each organisation has those that it signed; the operator, who keeps the directory, has them all. */
@Controller('v1/conventions')
export class ConventionsController {
  constructor(private readonly parts: Parts) {}

  @Get()
  @Reads({
    operationId: 'listConventions',
    summary: t(
      'Conventions que votre organisation et une autre ont signées, la première à finir d’abord ; à part, les propositions à signer, ou qui attendent les autres',
      'Conventions that your organisation and another one have signed, the first to end first; apart, proposals to sign, or that wait for others',
    ),
    tag: 'Annuaire',
  })
  async list(@CurrentCaller() { organisation, role }: Caller) {
    const { followed, clock } = this.parts;
    await followed.catchUp();
    const today = clock.today();
    const all = followed.conventions();
    const binding = all.flatMap((c) => (role === 'OPERATOR' ? asKept(c) : asBinds(c, organisation)) ?? []);
    const proposed = all.flatMap((c) => {
      const waits = role === 'OPERATOR' && !asKept(c) && toSign(c, today).length > 0 ? 'waiting' : undefined;
      const status = role === 'OPERATOR' ? waits : proposalTo(c, organisation, today);
      return status ? [{ ...c, status }] : [];
    });
    return {
      items: binding
        .map((c) => ({ ...c, status: standingOn(c, today), daysLeft: daysLeft(c, today) }))
        .sort((a, b) => Number(a.status === 'ended') - Number(b.status === 'ended') || (a.to < b.to ? -1 : 1)),
      proposals: proposed.sort((a, b) => (a.proposedOn < b.proposedOn ? -1 : 1)),
    };
  }
}
