import { Controller, Get } from '@nestjs/common';
import { type Caller } from '../../../../libs/access/authentication/caller.js';
import { Parts } from '../../../../libs/application/parts.js';
import { daysLeft, isParty, standingOn } from '../../../../libs/domain/convention/standing.js';
import { t } from '../../../../libs/domain/kernel/text.js';
import { CurrentCaller } from '../auth/current-caller.js';
import { Reads } from '../openapi/operations.js';

/** Conventions between partners. Each organisation has its own; the operator, who keeps the directory, has them all. */
@Controller('v1/conventions')
export class ConventionsController {
  constructor(private readonly parts: Parts) {}

  @Get()
  @Reads({
    operationId: 'listConventions',
    summary: t(
      'Conventions de votre organisation, la première à finir d’abord',
      'Conventions of your organisation, the first to end first',
    ),
    tag: 'Annuaire',
  })
  async list(@CurrentCaller() { organisation, role }: Caller) {
    const { followed, clock } = this.parts;
    await followed.catchUp();
    const today = clock.today();
    return {
      items: followed
        .conventions()
        .filter((c) => role === 'OPERATOR' || isParty(c, organisation))
        .map((c) => ({ ...c, status: standingOn(c, today), daysLeft: daysLeft(c, today) }))
        .sort((a, b) => Number(a.status === 'ended') - Number(b.status === 'ended') || (a.to < b.to ? -1 : 1)),
    };
  }
}
