import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type Caller } from '../access/authentication/caller.js';
import { type Reading, readingOf, sameState, seesZone, visibleEtag } from '../access/visible.js';
import { type ActDefinition } from '../domain/case/act.js';
import { actOfCommand, actOfType } from '../domain/case/acts.js';
import { decide, mayAct } from '../domain/case/decide.js';
import { type RecordedEvent } from '../domain/case/event.js';
import { partEnded } from '../domain/case/part-ended.js';
import { takesPart } from '../domain/case/taking-part.js';
import { mayStillDo } from '../domain/confidentiality/legal-duties.js';
import { type CaseView } from '../domain/case/view.js';
import { type Finding, impossible, Refused, tellingOnly, veiled } from '../domain/kernel/errors.js';
import { type Party } from '../domain/kernel/roles.js';
import { t } from '../domain/kernel/text.js';
import { openCaseOf, PersonCaseReopened } from '../domain/person/person.js';
import { contextFor, historyFor, loadCase, outcomeOf, runDecider, viewOf } from './case-stream.js';
import { type ActBody, Forbidden, NotFound, type Outcome, PerformAct, PreconditionFailed, PreconditionRequired } from './messages.js'; // prettier-ignore
import { Parts } from './parts.js';
import { appendToPerson, earlierCases, isUnderWay, loadLivePerson, type PersonStream } from './person-stream.js';

@CommandHandler(PerformAct)
export class PerformActHandler implements ICommandHandler<PerformAct, Outcome> {
  constructor(private readonly parts: Parts) {}

  async execute({ command, caseId, body, caller, meta }: PerformAct): Promise<Outcome> {
    const act = actOfCommand(command);
    if (!act) throw new NotFound();
    const { parts } = this;
    const given = parts.ids.commandOf(caller.organisation, meta.idempotencyKey);
    const { id: commandId } = given;
    return parts.idempotency.once(given, [caller.role, command, caseId, body], async () => {
      const written = await runDecider(parts, caseId, given, async (history) => {
        const { view, visible } = guard(parts, caseId, history, caller, act.guarded, meta.ifMatch, (p, id, told, who) => visibleTo(p, id, told, who, command));
        const who = parties(body, caller);
        entitled(act, who);
        const person = view.personId === null ? undefined : await loadLivePerson(parts, view.personId);
        const ctx = await contextFor(parts, commandId, history, person ? await earlierCases(parts, person, caseId) : []);
        const decideOn = (known: readonly RecordedEvent[], earlier = ctx.earlier) =>
          decide(act, { ...who, caseId, personId: view.personId, data: body.data as never, occurredOn: body.occurredOn ?? ctx.today, source: meta.source, correlationId: commandId }, known, { ...ctx, earlier }, actOfType);
        const events = veiling(view, caller, parts, () => decideOn(history), () => decideOn(visible, [])); // prettier-ignore
        if (act.type === 'CaseReopened' && person) await this.reopenFor(person, view, commandId, caller);
        return events;
      }, () => historyFor(parts, caseId, caller)); // prettier-ignore
      return outcomeOf(parts, caseId, caller, written);
    });
  }

  /** The person's stream decides which case is open: it hears of a reopening, once allowed, before the case does. */
  private async reopenFor(person: PersonStream, view: CaseView, commandId: string, caller: Caller): Promise<void> {
    const current = openCaseOf(person.state);
    if (current !== undefined && current !== view.caseId) {
      const other = viewOf(current, await loadCase(this.parts, current));
      // To whoever takes no part in the other case, it does not exist.
      const known = takesPart(other, caller.organisation, this.parts.clock.today());
      if (isUnderWay(other)) throw new Refused([known ? OTHER_OPEN : veiled(OTHER_OPEN, () => false)]);
    }
    if (current !== view.caseId)
      await appendToPerson(
        this.parts,
        person,
        [{ type: PersonCaseReopened.type, data: { caseId: view.caseId } }],
        commandId,
        caller,
      );
  }
}

const OTHER_OPEN: Finding = {
  ...impossible('case.otherOpen', t('La personne a un autre dossier ouvert : y rattacher la suite.', 'The person has another open case: go on there.'), 'convention (D)'),
  zones: ['coordination'],
}; // prettier-ignore

/** A case, whole and as the caller reads it. */
interface Visible extends Reading {
  readonly view: CaseView;
}
/** @throws NotFound when, to this caller, the case does not exist */
export function readBy(parts: Parts, caseId: string, history: readonly RecordedEvent[], caller: Caller): Visible {
  const today = parts.clock.today();
  const view = viewOf(caseId, history, today);
  const reading = readingOf(caseId, history, view, caller, today);
  if (!reading) throw new NotFound();
  return { view, ...reading };
}
/**
 * The same, for whoever wants to act on it: that takes a part. Who had one corrects what it told, does what the law itself charges it with, and
 * nothing else.
 * @throws NotFound when, to this caller, the case does not exist
 * @throws Refused when its part is over
 */
export function visibleTo(
  parts: Parts,
  caseId: string,
  history: readonly RecordedEvent[],
  caller: Caller,
  command = '',
): Visible {
  const seen = readBy(parts, caseId, history, caller);
  if (!seen.live && !mayStillDo(command, seen.view, caller, parts.clock.today())) throw new Refused([partEnded(seen.visible)]);
  return seen;
}

/** @throws NotFound when, to this caller, the case does not exist */
export const loadVisible = async (parts: Parts, caseId: string, caller: Caller): Promise<SeenHistory> => {
  const history = await historyFor(parts, caseId, caller);
  return { history, ...visibleTo(parts, caseId, history, caller) };
};
export interface SeenHistory extends Visible {
  readonly history: readonly RecordedEvent[];
}

/** The state that the caller saw must be the state that it would see now; events hidden from it don't count. */
export function guard(
  parts: Parts,
  caseId: string,
  history: readonly RecordedEvent[],
  caller: Caller,
  required: boolean,
  ifMatch: string | undefined,
  read = visibleTo,
): Visible {
  const seen = read(parts, caseId, history, caller);
  if (ifMatch === undefined && required) throw new PreconditionRequired();
  if (ifMatch !== undefined && ifMatch !== '*' && !sameState(ifMatch, visibleEtag(parts.cursors, caseId, caller, seen.visible)))
    throw new PreconditionFailed();
  return seen;
}

export const selfOf = ({ organisation, role, person }: Caller): Party => ({ organisation, role, person });

/** Who acted and who recorded it: never confused. */
export function parties(body: Pick<ActBody, 'actor' | 'evidence'>, caller: Caller): { actor: Party; recordedBy: Party | null; evidence: ActBody['evidence'] & object | null } {
  const self = selfOf(caller);
  return { actor: body.actor ?? self, recordedBy: body.actor ? self : null, evidence: body.evidence ?? null };
} // prettier-ignore

/** @throws Forbidden when the caller's role may neither do nor record this act */
export function entitled(act: ActDefinition, who: ReturnType<typeof parties>): void {
  const findings = mayAct(act, who).filter((f) => f.code === 'act.notForRole' || f.code === 'act.notRecordable');
  if (findings.length > 0) throw new Forbidden(findings[0]!.message.en, { cause: findings });
}

/**
 * A refusal tells a partner of no fact that it may not see; `onSeen` does the same on nothing but what it sees. Whoever takes no part any
 * more is told what follows from that, and nothing else.
 */
export const veiling = <T>(view: CaseView, caller: Caller, parts: Parts, run: () => T, onSeen?: () => unknown): T => {
  const today = parts.clock.today();
  const left = onSeen !== undefined && !takesPart(view, caller.organisation, today);
  return tellingOnly(left ? () => false : seesZone(view, caller, today), run, onSeen);
};
