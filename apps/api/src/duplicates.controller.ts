import { Body, Controller, Get, Post, Query, type Type, UseInterceptors } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { type Caller } from '../../../libs/access/authentication/caller.js';
import { type PairOutcome } from '../../../libs/application/duplicates.js';
import { JoinCases, KeepCasesApart, PartCases, type RequestMeta } from '../../../libs/application/messages.js';
import { type DataOf, exampleOf, ref, text } from '../../../libs/domain/kernel/fields.js';
import { CASE_WORKERS } from '../../../libs/domain/kernel/roles.js';
import { type Text, t } from '../../../libs/domain/kernel/text.js';
import { type Answer, ListDuplicates } from '../../../libs/read-models/queries/messages.js';
import { CurrentCaller } from './auth/current-caller.js';
import { classOf } from './dto/class-of.js';
import { validated, validatedQuery } from './dto/validated.js';
import { SendAnswer } from './http/answers.js';
import { Meta } from './http/request-meta.js';
import { QueryOf, Reads, WritesAside } from './openapi/operations.js';

const PAIR = {
  caseId: ref('case', t('le dossier qui demeure', 'the case that stays')),
  otherCaseId: ref('case', t('l’autre dossier', 'the other case')),
};
const PAGE = {
  cursor: text('coordination', t('curseur de page (lien « next »)', 'page cursor (link "next")'), 'q1w2e3', 500).optional(),
};
const PairBody = classOf('PairOfCasesBody', PAIR);
const tag = 'Doublons';
const writes = (operationId: string, summary: Text) =>
  WritesAside({ operationId, summary, by: CASE_WORKERS, body: PairBody, example: exampleOf(PAIR) });

@Controller('v1/duplicates')
export class DuplicatesController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
  ) {}

  @Get()
  @UseInterceptors(SendAnswer)
  @Reads({
    operationId: 'listDuplicates',
    summary: t('Dossiers ouverts qui semblent d’une même personne', 'Open cases that seem to be one person’s'),
    tag,
    problems: ['invalid', 'invalid-cursor', 'resync'],
  })
  @QueryOf(PAGE)
  list(
    @CurrentCaller() caller: Caller,
    @Query(validatedQuery('DuplicatesQuery', PAGE)) { cursor }: DataOf<typeof PAGE>,
  ): Promise<Answer> {
    return this.queries.execute(new ListDuplicates(caller, cursor));
  }

  @Post('join')
  @writes('joinCases', t('Réunir deux dossiers d’une même personne', 'Join two cases of one person'))
  join(@Body(validated(PairBody)) pair: DataOf<typeof PAIR>, @CurrentCaller() caller: Caller, @Meta() meta: RequestMeta) {
    return this.say(JoinCases, pair, caller, meta);
  }

  @Post('part')
  @writes('partCases', t('Annuler une réunion de dossiers', 'Undo a joining of cases'))
  part(@Body(validated(PairBody)) pair: DataOf<typeof PAIR>, @CurrentCaller() caller: Caller, @Meta() meta: RequestMeta) {
    return this.say(PartCases, pair, caller, meta);
  }

  @Post('refuse')
  @writes('keepCasesApart', t('Deux personnes : ne plus proposer', 'Two persons: propose no more'))
  refuse(@Body(validated(PairBody)) pair: DataOf<typeof PAIR>, @CurrentCaller() caller: Caller, @Meta() meta: RequestMeta) {
    return this.say(KeepCasesApart, pair, caller, meta);
  }

  private say(
    Command: Type<JoinCases>,
    { caseId, otherCaseId }: DataOf<typeof PAIR>,
    caller: Caller,
    { idempotencyKey }: RequestMeta,
  ): Promise<PairOutcome> {
    return this.commands.execute(new Command(caseId, otherCaseId, caller, idempotencyKey));
  }
}
