import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { ReadModelParts } from '../parts.js';
import { answering, seenCase, tagged } from './cases.js';
import { type Answer, GetCaseEvents, GetCaseFile } from './messages.js';
import { presentCase, presentEvents } from './present.js';

@QueryHandler(GetCaseFile)
export class GetCaseFileHandler implements IQueryHandler<GetCaseFile, Answer> {
  constructor(private readonly parts: ReadModelParts) {}

  execute({ caseId, caller, options }: GetCaseFile): Promise<Answer> {
    const { parts } = this;
    return answering(parts, options.after, async (db) => {
      const today = parts.clock.today();
      const found = await seenCase(db, caseId, caller, today);
      return tagged(parts, found, caller, presentCase(parts, found, caller, today));
    });
  }
}

@QueryHandler(GetCaseEvents)
export class GetCaseEventsHandler implements IQueryHandler<GetCaseEvents, Answer> {
  constructor(private readonly parts: ReadModelParts) {}

  execute({ caseId, caller, options }: GetCaseEvents): Promise<Answer> {
    const { parts } = this;
    return answering(parts, options.after, async (db) => {
      const today = parts.clock.today();
      const found = await seenCase(db, caseId, caller, today);
      return tagged(parts, found, caller, { caseId, events: presentEvents(found) });
    });
  }
}
