import { type DynamicModule, Module } from '@nestjs/common';
import { AnswerConsentPageHandler, ConfirmByCodeHandler, ReadConsentPageHandler, RequestCodeHandler } from './ask-the-person.js'; // prettier-ignore
import { ConfirmFactHandler } from './confirm-fact.js';
import { CorrectFactHandler } from './correct-fact.js';
import { JoinCasesHandler, KeepCasesApartHandler, PartCasesHandler } from './duplicates.js';
import { OpenCaseHandler } from './open-case.js';
import { Parts } from './parts.js';
import { PerformActHandler } from './perform-act.js';
import { ReplayCaseHandler } from './replay.js';
import { RecordAsideHandler } from './record-aside.js';

/** The command side. Its handlers are found by @nestjs/cqrs; its EventBus is not used, since it keeps nothing. */
@Module({})
export class ApplicationModule {
  static with(parts: Parts): DynamicModule {
    return {
      module: ApplicationModule,
      providers: [
        { provide: Parts, useValue: parts },
        PerformActHandler,
        OpenCaseHandler,
        ConfirmFactHandler,
        CorrectFactHandler,
        RecordAsideHandler,
        JoinCasesHandler,
        PartCasesHandler,
        KeepCasesApartHandler,
        ReplayCaseHandler,
        RequestCodeHandler,
        ConfirmByCodeHandler,
        ReadConsentPageHandler,
        AnswerConsentPageHandler,
      ],
      exports: [Parts],
    };
  }
}
