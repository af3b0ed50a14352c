import { Controller, Get, Header, Param, Query, Res, UseInterceptors } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { type Response } from 'express';
import { type Caller } from '../../../../libs/access/authentication/caller.js';
import { Parts } from '../../../../libs/application/parts.js';
import { type DataOf, ref } from '../../../../libs/domain/kernel/fields.js';
import { t } from '../../../../libs/domain/kernel/text.js';
import {
  type Answer,
  GetAgendaProposal,
  GetMeeting,
  ListForums,
  ListMeetings,
} from '../../../../libs/read-models/queries/messages.js';
import { CurrentCaller } from '../auth/current-caller.js';
import { AFTER } from '../cases/case-queries.controller.js';
import { validatedQuery } from '../dto/validated.js';
import { SendAnswer } from '../http/answers.js';
import { QueryOf, Reads } from '../openapi/operations.js';
import { type MeetingShown, minutesOf } from './minutes.js';

const MEETINGS = { forumId: ref('forum', t('instance', 'forum')).optional() };
const tag = 'Instances et réunions';
const query = validatedQuery('MeetingQuery', AFTER);
type MeetingQuery = DataOf<typeof AFTER>;

/** ILCO, cellules, revues de dossiers, permanences: what is written about them is under the asides. */
@Controller('v1')
@UseInterceptors(SendAnswer)
export class ForumsController {
  constructor(private readonly queries: QueryBus) {}

  @Get('forums')
  @Reads({ operationId: 'listForums', summary: t('Vos instances', 'Your forums'), tag })
  forums(@CurrentCaller() caller: Caller): Promise<Answer> {
    return this.queries.execute(new ListForums(caller));
  }

  @Get('meetings')
  @Reads({ operationId: 'listMeetings', summary: t('Leurs réunions', 'Their meetings'), tag, problems: ['invalid'] })
  @QueryOf(MEETINGS)
  meetings(
    @CurrentCaller() caller: Caller,
    @Query(validatedQuery('MeetingsQuery', MEETINGS)) { forumId }: DataOf<typeof MEETINGS>,
  ): Promise<Answer> {
    return this.queries.execute(new ListMeetings(caller, forumId));
  }

  @Get('meetings/:meetingId')
  @Reads({
    operationId: 'getMeeting',
    summary: t('Une réunion et son ordre du jour, le plus urgent d’abord', 'A meeting and its agenda, the most urgent first'),
    tag,
    problems: ['not-found', 'invalid'],
  })
  @QueryOf(AFTER)
  meeting(
    @Param('meetingId') meetingId: string,
    @CurrentCaller() caller: Caller,
    @Query(query) options: MeetingQuery,
  ): Promise<Answer> {
    return this.queries.execute(new GetMeeting(meetingId, caller, options));
  }

  @Get('meetings/:meetingId/proposal')
  @Reads({
    operationId: 'getAgendaProposal',
    summary: t('Ce qui pourrait y être inscrit', 'What could be put on its agenda'),
    tag,
    problems: ['not-found', 'invalid'],
  })
  @QueryOf(AFTER)
  proposal(
    @Param('meetingId') meetingId: string,
    @CurrentCaller() caller: Caller,
    @Query(query) options: MeetingQuery,
  ): Promise<Answer> {
    return this.queries.execute(new GetAgendaProposal(meetingId, caller, options));
  }
}

/** The same meeting, to be printed. */
@Controller('v1')
export class MinutesController {
  constructor(
    private readonly queries: QueryBus,
    private readonly parts: Parts,
  ) {}

  @Get('meetings/:meetingId/minutes')
  @Reads({
    operationId: 'getMinutes',
    summary: t('Compte rendu à imprimer (HTML), de ce que vous pouvez voir', 'Minutes to print (HTML), of what you may see'),
    tag,
    problems: ['not-found'],
  })
  @Header('Cache-Control', 'private, no-store')
  async minutes(
    @Param('meetingId') meetingId: string,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    const { body } = await this.queries.execute(new GetMeeting(meetingId, caller));
    const nameOf = (id: string) => this.parts.followed.find(id)?.name ?? id;
    response.type('html');
    return minutesOf(body as MeetingShown, nameOf);
  }
}
