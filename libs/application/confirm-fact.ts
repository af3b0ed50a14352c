import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { actOfType } from '../domain/case/acts.js';
import { decideConfirmation } from '../domain/case/confirm.js';
import { type RecordedEvent } from '../domain/case/event.js';
import { contextFor, historyFor, outcomeOf, runDecider } from './case-stream.js';
import { ConfirmFact, type Outcome } from './messages.js';
import { Parts } from './parts.js';
import { guard, selfOf, veiling } from './perform-act.js';

@CommandHandler(ConfirmFact)
export class ConfirmFactHandler implements ICommandHandler<ConfirmFact, Outcome> {
  constructor(private readonly parts: Parts) {}

  async execute({ caseId, event, verdict, caller, meta }: ConfirmFact): Promise<Outcome> {
    const { parts } = this;
    const command = parts.ids.commandOf(caller.organisation, meta.idempotencyKey);
    const { id: commandId } = command;
    return parts.idempotency.once(command, [caller.role, verdict === 'denied' ? 'deny' : 'confirm', caseId, event], async () => {
      const written = await runDecider(parts, caseId, command, async (history) => {
        const { view, visible } = guard(parts, caseId, history, caller, true, meta.ifMatch);
        const ctx = await contextFor(parts, commandId, history, []);
        // A fact that the caller may not see is one that does not exist for it.
        const seen = visible.some((e) => e.id === event) ? event : '';
        const asked = { caseId, personId: view.personId, event: seen, verdict, actor: selfOf(caller), recordedBy: null, evidence: null, source: meta.source, correlationId: commandId }; // prettier-ignore
        const decideOn = (known: readonly RecordedEvent[]) => decideConfirmation(asked, known, ctx, actOfType);
        return veiling(view, caller, parts, () => decideOn(history), () => decideOn(visible)); // prettier-ignore
      }, () => historyFor(parts, caseId, caller)); // prettier-ignore
      return outcomeOf(parts, caseId, caller, written);
    });
  }
}
