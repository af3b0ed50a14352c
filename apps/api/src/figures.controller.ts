import { Controller, Get, Query, UseInterceptors } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { type Caller } from '../../../libs/access/authentication/caller.js';
import { code, type DataOf, int, pattern } from '../../../libs/domain/kernel/fields.js';
import { t } from '../../../libs/domain/kernel/text.js';
import { MEASURE_TYPES } from '../../../libs/domain/measures/types.js';
import { type Answer, GetMeasureOutcomes, GetSilences } from '../../../libs/read-models/queries/messages.js';
import { CurrentCaller } from './auth/current-caller.js';
import { AFTER } from './cases/case-queries.controller.js';
import { validatedQuery } from './dto/validated.js';
import { SendAnswer } from './http/answers.js';
import { QueryOf, Reads } from './openapi/operations.js';

const SILENCES = {
  months: int('coordination', t('ce qui a été demandé depuis tant de mois', 'asked in so many months'), 1, 60, 12).optional(),
  ...AFTER,
};
const OUTCOMES = {
  type: code('coordination', t('type de mesure', 'type of measure'), MEASURE_TYPES, 'essaiEncadre').optional(),
  territory: pattern('coordination', t('département ou région', 'département or region'), /^[0-9A-Z]{2,5}$/, '39').optional(),
  ...AFTER,
};
const tag = 'Chiffres';

/** Numbers of which docs/figures.md says what they count, and what they leave out. */
@Controller('v1')
@UseInterceptors(SendAnswer)
export class FiguresController {
  constructor(private readonly queries: QueryBus) {}

  @Get('silences')
  @Reads({
    operationId: 'getSilences',
    summary: t('Qui répond, en combien de jours, et qui ne répond pas', 'Who answers, in how many days, and who does not'),
    tag,
    problems: ['not-found', 'invalid'],
  })
  @QueryOf(SILENCES)
  silences(
    @CurrentCaller() caller: Caller,
    @Query(validatedQuery('SilencesQuery', SILENCES)) options: DataOf<typeof SILENCES>,
  ): Promise<Answer> {
    return this.queries.execute(new GetSilences(caller, options));
  }

  @Get('measure-outcomes')
  @Reads({
    operationId: 'getMeasureOutcomes',
    summary: t('Ce que les mesures ont donné', 'What came of measures'),
    tag,
    problems: ['not-found', 'invalid'],
  })
  @QueryOf(OUTCOMES)
  outcomes(
    @CurrentCaller() caller: Caller,
    @Query(validatedQuery('OutcomesQuery', OUTCOMES)) options: DataOf<typeof OUTCOMES>,
  ): Promise<Answer> {
    return this.queries.execute(new GetMeasureOutcomes(caller, options));
  }
}
