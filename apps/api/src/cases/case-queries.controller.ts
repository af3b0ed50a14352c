import { Controller, Get, Query, UseInterceptors } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { type Caller } from '../../../../libs/access/authentication/caller.js';
import { type DataOf, text } from '../../../../libs/domain/kernel/fields.js';
import { t } from '../../../../libs/domain/kernel/text.js';
import { type Answer, GetCaseEvents, GetCaseFile, GetOptions } from '../../../../libs/read-models/queries/messages.js';
import { CurrentCaller } from '../auth/current-caller.js';
import { validatedQuery } from '../dto/validated.js';
import { SendAnswer } from '../http/answers.js';
import { CaseId } from '../http/case-id.js';
import { QueryOf, Reads } from '../openapi/operations.js';

/** Waits until the read models hold what the caller wrote. */
export const AFTER = {
  after: text('coordination', t('curseur de votre dernière écriture', 'cursor of your last write'), 'q1w2e3', 500).optional(),
};
const query = validatedQuery('CaseQuery', AFTER);
type CaseQuery = DataOf<typeof AFTER>;
const tag = 'Dossier';

@Controller('v1/cases/:caseId')
@UseInterceptors(SendAnswer)
export class CaseQueriesController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @Reads({ operationId: 'getCase', summary: t('Le dossier', 'The case file'), tag, problems: ['case-not-found', 'invalid'] })
  @QueryOf(AFTER)
  file(@CaseId() caseId: string, @CurrentCaller() caller: Caller, @Query(query) options: CaseQuery): Promise<Answer> {
    return this.queries.execute(new GetCaseFile(caseId, caller, options));
  }

  @Get('events')
  @Reads({
    operationId: 'getCaseEvents',
    summary: t("L'histoire du dossier", 'History of the case'),
    tag,
    problems: ['case-not-found', 'invalid'],
  })
  @QueryOf(AFTER)
  events(@CaseId() caseId: string, @CurrentCaller() caller: Caller, @Query(query) options: CaseQuery): Promise<Answer> {
    return this.queries.execute(new GetCaseEvents(caseId, caller, options));
  }

  @Get('options')
  @Reads({
    operationId: 'getCaseOptions',
    summary: t('Ce que vous pouvez faire', 'What you may do'),
    tag,
    problems: ['case-not-found', 'invalid'],
  })
  @QueryOf(AFTER)
  options(@CaseId() caseId: string, @CurrentCaller() caller: Caller, @Query(query) options: CaseQuery): Promise<Answer> {
    return this.queries.execute(new GetOptions(caseId, caller, options));
  }
}
