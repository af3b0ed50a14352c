import { type DynamicModule, Module } from '@nestjs/common';
import { ReadModelParts } from './parts.js';
import { GetCaseEventsHandler, GetCaseFileHandler } from './queries/case-file.js';
import { ListDuplicatesHandler } from './queries/duplicates.js';
import { GetMeasureOutcomesHandler } from './queries/measure-outcomes.js';
import { GetAgendaProposalHandler, GetMeetingHandler, ListForumsHandler, ListMeetingsHandler } from './queries/meetings.js';
import { GetOptionsHandler } from './queries/options.js';
import { GetSilencesHandler } from './queries/silences.js';
import { GetWorklistHandler, ListWorklistsHandler } from './queries/worklists.js';

/** The query side. It reads tables that the worker keeps; it never decides and never writes. */
@Module({})
export class ReadModelsModule {
  static with(parts: ReadModelParts): DynamicModule {
    return {
      module: ReadModelsModule,
      providers: [
        { provide: ReadModelParts, useValue: parts },
        GetCaseFileHandler,
        GetCaseEventsHandler,
        GetOptionsHandler,
        ListWorklistsHandler,
        GetWorklistHandler,
        ListDuplicatesHandler,
        GetSilencesHandler,
        GetMeasureOutcomesHandler,
        ListForumsHandler,
        ListMeetingsHandler,
        GetMeetingHandler,
        GetAgendaProposalHandler,
      ],
    };
  }
}
