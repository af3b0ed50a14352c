import { Controller, Get, Param, Query, UseInterceptors } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { type Caller } from '../../../../libs/access/authentication/caller.js';
import { bool, type DataOf, int, text } from '../../../../libs/domain/kernel/fields.js';
import { t } from '../../../../libs/domain/kernel/text.js';
import { type Answer, GetWorklist, ListWorklists } from '../../../../libs/read-models/queries/messages.js';
import { CurrentCaller } from '../auth/current-caller.js';
import { validatedQuery } from '../dto/validated.js';
import { SendAnswer } from '../http/answers.js';
import { QueryOf, Reads } from '../openapi/operations.js';
import { AFTER } from './case-queries.controller.js';

const PAGE = {
  kind: text('coordination', t("nature de l'échéance", 'kind of item'), 'referralToAnswer', 100).optional(),
  overdue: bool('coordination', t('en retard seulement', 'overdue only')).optional(),
  sort: text('coordination', t('ordre', 'order'), 'dueOn', 50).optional(),
  search: text('identity', t('recherche', 'search'), 'MARTIN', 100).optional(),
  cursor: text('coordination', t('curseur de page (lien « next »)', 'page cursor (link "next")'), 'q1w2e3', 500).optional(),
  limit: int('coordination', t('lignes par page', 'rows in a page'), 1, 200, 50).optional(),
  ...AFTER,
};
const tag = 'Listes de travail';

@Controller('v1/worklists')
@UseInterceptors(SendAnswer)
export class WorklistsController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @Reads({ operationId: 'listWorklists', summary: t('Vos listes', 'Your lists'), tag })
  list(@CurrentCaller() caller: Caller): Promise<Answer> {
    return this.queries.execute(new ListWorklists(caller));
  }

  @Get(':view')
  @Reads({
    operationId: 'getWorklist',
    summary: t('Une liste', 'A list'),
    tag,
    problems: ['not-found', 'invalid', 'invalid-cursor', 'resync'],
  })
  @QueryOf(PAGE)
  page(
    @Param('view') view: string,
    @CurrentCaller() caller: Caller,
    @Query(validatedQuery('WorklistQuery', PAGE)) options: DataOf<typeof PAGE>,
  ): Promise<Answer> {
    return this.queries.execute(new GetWorklist(view, caller, options));
  }
}
