import { Controller, Get, Header, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Caller } from '../../../libs/access/authentication/caller.js';
import { type Replay, ReplayCase } from '../../../libs/application/replay.js';
import { type DataOf, date } from '../../../libs/domain/kernel/fields.js';
import { t } from '../../../libs/domain/kernel/text.js';
import { CurrentCaller } from './auth/current-caller.js';
import { validatedQuery } from './dto/validated.js';
import { CaseId } from './http/case-id.js';
import { Problems, QueryOf } from './openapi/operations.js';

const DAYS = {
  knownOn: date('coordination', t('ce que l’on savait ce jour-là', 'what was known on that day')).optional(),
  trueOn: date('coordination', t('ce qui avait eu lieu ce jour-là', 'what had happened by that day')).optional(),
};

/** For an auditor with a mandate on the case. */
@Controller('v1/cases/:caseId/replay')
export class ReplayController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiTags('Audit')
  @ApiOperation({
    operationId: 'replayCase',
    summary: 'L’histoire du dossier, événement par événement / The case, event by event',
    description: '**Qui / Who**: AUDITOR, dans les limites de son mandat / within the mandate.',
  })
  @ApiOkResponse({
    description: 'Chaque événement et l’état qui s’ensuit / Each event and the state after it',
    schema: { type: 'object' },
  })
  @Problems('unauthenticated', 'invalid', 'case-not-found')
  @QueryOf(DAYS)
  replay(
    @CaseId() caseId: string,
    @CurrentCaller() caller: Caller,
    @Query(validatedQuery('ReplayQuery', DAYS)) days: DataOf<typeof DAYS>,
  ): Promise<Replay> {
    return this.queries.execute(new ReplayCase(caseId, caller, days));
  }
}
