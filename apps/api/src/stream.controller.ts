import { Controller, Get, Headers, type OnModuleDestroy, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Response } from 'express';
import { type Caller } from '../../../libs/access/authentication/caller.js';
import { CaseStreams } from '../../../libs/delivery/sse.js';
import { code, type DataOf, text } from '../../../libs/domain/kernel/fields.js';
import { t } from '../../../libs/domain/kernel/text.js';
import { CurrentCaller } from './auth/current-caller.js';
import { validatedQuery } from './dto/validated.js';
import { Problems, QueryOf } from './openapi/operations.js';

const FROM = {
  lastEventId: text('coordination', t('comme l’en-tête Last-Event-ID', 'as the header Last-Event-ID'), 'q1w2e3', 500).optional(),
  from: code('coordination', t('`start` : tout depuis que vous prenez part', '`start`: all since you took part'), [
    'start',
  ]).optional(),
};

/** The cases in which the caller takes part, as they happen (docs/stream.md). */
@Controller('v1/stream')
export class StreamController implements OnModuleDestroy {
  constructor(private readonly streams: CaseStreams) {}

  @Get()
  @ApiTags('Abonnement')
  @ApiOperation({ operationId: 'streamCases', summary: 'Vos dossiers, au fil de l’eau / Your cases, as they happen' })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Reprise juste après / Resume right after' })
  @ApiOkResponse({
    description: 'Server-sent events (docs/stream.md)',
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  })
  @Problems('unauthenticated', 'invalid', 'invalid-cursor')
  @QueryOf(FROM)
  stream(
    @CurrentCaller() caller: Caller,
    @Headers('last-event-id') header: string | undefined,
    @Query(validatedQuery('StreamQuery', FROM)) query: DataOf<typeof FROM>,
    @Res() response: Response,
  ): Promise<void> {
    return this.streams.serve({ lastEventId: header ?? query.lastEventId, from: query.from }, caller, response);
  }

  /** Before the server waits for its connections to end. */
  onModuleDestroy(): void {
    this.streams.close();
  }
}
