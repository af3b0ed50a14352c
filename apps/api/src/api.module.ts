import { type DynamicModule, Module } from '@nestjs/common';
import { type LocalIssuer } from '../../../libs/access/authentication/local-issuer.js';
import { Stopping } from '../../../libs/platform/stopping.js';
import { caseActs } from '../../../libs/domain/case/acts.js';
import { actControllers } from './acts/act.controller.js';
import { CorrectionController } from './acts/correction.controller.js';
import { asideControllers } from './asides/aside.controller.js';
import { ConventionsController } from './asides/conventions.controller.js';
import { DirectoryController } from './asides/directory.controller.js';
import { GroupActionsController } from './asides/group-actions.controller.js';
import { ResourcesController } from './asides/resources.controller.js';
import { SharedWorkController } from './asides/shared-work.controller.js';
import { RulesController } from './asides/rules.controller.js';
import { DuplicatesController } from './duplicates.controller.js';
import { ConsentCodesController } from './consents/consent-codes.controller.js';
import { ConsentPageController } from './consents/consent-page.controller.js';
import { CaseQueriesController } from './cases/case-queries.controller.js';
import { FiguresController } from './figures.controller.js';
import { ForumsController, MinutesController } from './forums/forums.controller.js';
import { ImportController } from './import.controller.js';
import { ReplayController } from './replay.controller.js';
import { SittingsController } from './sittings.controller.js';
import { StreamController } from './stream.controller.js';
import { WorklistsController } from './cases/worklists.controller.js';
import { demoController } from './demo/demo.controller.js';
import { type KeptMessages, messagesController } from './demo/messages.controller.js';
import { HEALTH_CHECKS, type HealthCheck, HealthController } from './health/health.controller.js';

export interface ApiModuleParts {
  /** Brings CommandBus and QueryBus (`CqrsModule.forRoot()`) with the handlers. */
  readonly module: DynamicModule;
  readonly healthChecks: readonly HealthCheck[];
  /** Present in a demonstration only. */
  readonly localIssuer?: LocalIssuer;
  /** The messages to persons, in a demonstration only. */
  readonly kept?: KeptMessages;
}

/** Every address of the API. A new controller: its file, and its line here. */
@Module({})
export class ApiModule {
  static with({ module, healthChecks, localIssuer, kept }: ApiModuleParts): DynamicModule {
    return {
      module: ApiModule,
      imports: [module],
      controllers: [
        HealthController,
        ...actControllers(caseActs()),
        CorrectionController,
        ConsentCodesController,
        ConsentPageController,
        ...asideControllers(),
        DirectoryController,
        ConventionsController,
        GroupActionsController,
        ResourcesController,
        RulesController,
        SharedWorkController,
        DuplicatesController,
        ForumsController,
        MinutesController,
        SittingsController,
        StreamController,
        ReplayController,
        ImportController,
        CaseQueriesController,
        WorklistsController,
        FiguresController,
        ...(localIssuer ? [demoController(localIssuer)] : []),
        ...(kept ? [messagesController(kept)] : []),
      ],
      providers: [
        { provide: HEALTH_CHECKS, useValue: healthChecks },
        { provide: Stopping, useValue: new Stopping() },
      ],
    };
  }
}
