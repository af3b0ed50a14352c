import { Controller, Get } from '@nestjs/common';
import { type Caller } from '../../../../libs/access/authentication/caller.js';
import { Parts } from '../../../../libs/application/parts.js';
import { type GroupAction, takesPartIn } from '../../../../libs/domain/group/planned.js';
import { type LocalDate } from '../../../../libs/domain/kernel/local-date.js';
import { t } from '../../../../libs/domain/kernel/text.js';
import { CurrentCaller } from '../auth/current-caller.js';
import { Reads } from '../openapi/operations.js';

/** Group actions that the caller's organisation planned or is a partner of. Who came is in the cases, to whoever may see it. */
@Controller('v1/group-actions')
export class GroupActionsController {
  constructor(private readonly parts: Parts) {}

  @Get()
  @Reads({
    operationId: 'listGroupActions',
    summary: t(
      'Actions collectives de votre organisation, les prochaines d’abord',
      'Group actions of your organisation, the next ones first',
    ),
    tag: 'Annuaire',
  })
  async list(@CurrentCaller() { organisation }: Caller) {
    const { followed, clock } = this.parts;
    await followed.catchUp();
    const today = clock.today();
    const mine = followed.groupActions().filter((g) => takesPartIn(g, organisation));
    const shown = mine.map((g) => ({ ...g, next: nextOf(g, today), status: statusOf(g) }));
    const key = ({ next, sessions }: (typeof shown)[number]) => next ?? sessions.at(-1)?.date ?? '';
    const before = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
    return {
      items: [
        ...shown.filter((g) => g.next !== undefined).sort((a, b) => before(key(a), key(b))),
        ...shown.filter((g) => g.next === undefined).sort((a, b) => before(key(b), key(a))),
      ],
    };
  }
}
/** Of the sessions that are left, the first that lies ahead. */
const nextOf = (g: GroupAction, today: LocalDate): LocalDate | undefined =>
  g.cancelledFor === undefined ? g.sessions.find((s) => s.attendance === undefined && s.date >= today)?.date : undefined;
const statusOf = ({ sessions, cancelledFor }: GroupAction): 'planned' | 'held' | 'cancelled' =>
  cancelledFor !== undefined ? 'cancelled' : sessions.every((s) => s.attendance !== undefined) ? 'held' : 'planned';
