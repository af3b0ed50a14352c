import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { actOfType } from '../domain/case/acts.js';
import { decideCorrection } from '../domain/case/correct.js';
import { type RecordedEvent } from '../domain/case/event.js';
import { type LocalDate } from '../domain/kernel/local-date.js';
import { contextFor, historyFor, outcomeOf, runDecider } from './case-stream.js';
import { CorrectFact, type Outcome } from './messages.js';
import { Parts } from './parts.js';
import { guard, readBy, veiling } from './perform-act.js';
import { earlierCases, loadLivePerson } from './person-stream.js';

@CommandHandler(CorrectFact)
export class CorrectFactHandler implements ICommandHandler<CorrectFact, Outcome> {
  constructor(private readonly parts: Parts) {}

  async execute({ caseId, event, replacement, caller, meta }: CorrectFact): Promise<Outcome> {
    const { parts } = this;
    const command = parts.ids.commandOf(caller.organisation, meta.idempotencyKey);
    const { id: commandId } = command;
    return parts.idempotency.once(command, [caller.role, 'correct', caseId, event, replacement ?? null], async () => {
      const written = await runDecider(parts, caseId, command, async (history) => {
        const { view, visible } = guard(parts, caseId, history, caller, true, meta.ifMatch, readBy);
        const person = view.personId === null ? undefined : await loadLivePerson(parts, view.personId);
        const ctx = await contextFor(parts, commandId, history, person ? await earlierCases(parts, person, caseId) : []);
        // A fact that the caller may not see is one that does not exist for it.
        // So is one of another type: the replacement was checked against that type's fields.
        const seen = visible.some((e) => e.id === event && (!replacement || e.type === replacement.type)) ? event : '';
        const occurredOn = replacement?.occurredOn ?? (history.find((e) => e.id === event)?.occurredOn as LocalDate);
        const decideOn = (known: readonly RecordedEvent[], earlier = ctx.earlier) => decideCorrection(
          {
            caseId, personId: view.personId, event: seen, actor: { organisation: caller.organisation, role: caller.role, person: caller.person },
            recordedBy: null, evidence: null, occurredOn: ctx.today, source: meta.source, correlationId: commandId,
            ...(replacement && { replacement: { occurredOn, data: { ...replacement.data } } }),
          },
          known, { ...ctx, earlier }, actOfType,
        ); // prettier-ignore
        return veiling(view, caller, parts, () => decideOn(history), () => decideOn(visible, [])); // prettier-ignore
      }, () => historyFor(parts, caseId, caller)); // prettier-ignore
      return outcomeOf(parts, caseId, caller, written);
    });
  }
}
