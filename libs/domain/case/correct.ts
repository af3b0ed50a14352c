import { type Finding, impossible, type Irregularity, irregularityOf, Refused } from '../kernel/errors.js';
import { type LocalDate } from '../kernel/local-date.js';
import { isOwn } from '../confidentiality/redact.js';
import { t } from '../kernel/text.js';
import { type ActDefinition, type Context } from './act.js';
import { judgedAcross } from './across-cases.js';
import {
  type ActRegistry,
  bringingInFindings,
  type CaseCommand,
  endFindings,
  refusalsOf,
  seenByTeller,
  valueFindings,
} from './decide.js';
import { drawn } from '../rules/forms.js';
import { deriveCase, effectiveFacts, type Placed } from './derive.js';
import { type DomainEvent } from './event.js';
import { sameDayTwice } from './same-day.js';
import { takesPart } from './taking-part.js';
import { type CaseView, VOID } from './view.js';
import { undoing } from './undo.js';
import { hasTheWord, isBystander, TO_CONFIRM } from './whose-word.js';

export interface CorrectionCommand extends Omit<CaseCommand, 'data' | 'opening'> {
  /** The event to correct. */
  readonly event: string;
  /** The whole replacement; absent to withdraw the fact. */
  readonly replacement?: { readonly occurredOn: LocalDate; readonly data: Record<string, unknown> };
}

/** What the person agreed to is never rewritten: it is withdrawn, and given anew with its own proof. */
const ACCORDS: Readonly<Record<string, 'withdrawable' | 'final'>> = { ConsentGranted: 'withdrawable', ConsentWithdrawn: 'final' };

/** The event that told a fact, and its act. @throws Refused when the case has none of that id */
export function factIn(history: readonly Placed[], id: string, acts: ActRegistry): { target: Placed; act: ActDefinition } {
  const target = history.find((e) => e.id === id && !e.corrects);
  const act = target && acts(target.type);
  if (!target || !act)
    throw new Refused([impossible('fact.unknown', t('Fait inconnu dans ce dossier.', 'No such fact in this case.'))]);
  return { target, act };
}

/**
 * A fact is corrected or withdrawn by a further event, never by an edit (decision 13), by the organisation and role that did or
 * recorded it. The replacement is held to the rules of the act itself, or a correction would be a way round them.
 * @throws Refused when there is no such fact, when it is another's, or when the log's order made it a decision that has its own way back
 */
export function decideCorrection(
  c: CorrectionCommand,
  history: readonly Placed[],
  ctx: Context,
  acts: ActRegistry,
): DomainEvent[] {
  const { target, act } = factIn(history, c.event, acts);
  const caller = c.recordedBy ?? c.actor;
  const accord = ACCORDS[target.type];
  const known = deriveCase(c.caseId, history, acts, ctx.today);
  const undone = act.opens && !c.replacement ? undoing(target, history, acts, known, ctx.today) : undefined;
  const takesPartNow = caller.organisation === null || takesPart(known, caller.organisation, ctx.today);
  const findings = [
    ...lostFindings(act, known, takesPartNow),
    ...(caller.organisation !== null && isOwn(target, { organisation: caller.organisation, role: caller.role })
      ? []
      : [impossible('fact.notYours', t('Un fait se corrige par qui l’a fait ou enregistré.', 'Whoever did or recorded a fact corrects it.'))]),
    ...(undone?.findings ?? []),
    ...(undone || act.order === 'date' ? [] : [impossible('fact.isDecision', t('Un acte réglé par l’ordre du journal ne se corrige pas : il a son acte contraire.', 'What the order of the log decided is not corrected: it has an act that undoes it.'))]),
    ...(accord === 'final' || (accord && c.replacement) ? [impossible('consent.notCorrectable', t('Un accord ne se réécrit pas : le retirer, et en enregistrer un autre avec sa preuve.', 'A consent is not rewritten: withdraw it, and record another one with its proof.'))] : []),
    ...(c.replacement && c.replacement.occurredOn > ctx.today ? [impossible('act.inFuture', t('Un fait daté du futur n’a pas eu lieu.', 'A fact of a future day has not happened.'))] : []),
    ...(history.some((e) => e.type === 'FactWithdrawn' && e.corrects?.event === c.event) ? [impossible('fact.withdrawn', t('Ce fait est déjà retiré.', 'It is withdrawn already.'))] : []),
  ]; // prettier-ignore
  if (findings.length) throw new Refused(findings);

  // Without it nothing would say what was withdrawn or doubted, and another telling of the same accord would open again.
  const settled = known.consents.find(({ eventId }) => eventId === target.id);
  // And whoever told of a form that was drawn would be rid of its control.
  const isDrawn = drawn(known, ctx.rulebook.for(known.caisse)).some(({ eventId }) => eventId === target.id);
  if (accord && settled && ((settled.withdrawnOn ?? settled.disputedOn) !== undefined || isDrawn))
    throw new Refused([impossible('consent.settled', t('Cet accord est retiré par la personne, contesté, ou son formulaire est tiré au sort : il reste au dossier.', 'This consent was withdrawn by the person, is disputed, or its form is drawn for control: it stays in the case.'))]); // prettier-ignore
  const type = c.replacement ? 'FactCorrected' : 'FactWithdrawn';
  // What the fact made keeps its identifier, and what the program settled stays so, whatever the replacement says or leaves out.
  const kept = Object.fromEntries(Object.entries(act.fields).filter(([n, f]) => (f.kind === 'newId' && target.data[n] !== undefined) || f.byProgram).map(([n]) => [n, target.data[n]])); // prettier-ignore
  const told = { by: target.actor, recordedBy: target.recordedBy, on: c.replacement?.occurredOn ?? ctx.today };
  const data = { ...c.replacement?.data, ...kept } as Record<string, never>;
  // Corrected, it waits anew, from today, for whoever may say of what it tells now that it is so.
  const waits =
    c.replacement !== undefined &&
    !hasTheWord(known, caller.organisation) &&
    isBystander(act, known.settled ?? known, { ...told, data });
  const event: DomainEvent = {
    id: ctx.newId(`event.0.${type}`),
    type,
    schemaVersion: act.version,
    data: c.replacement ? { ...data, ...(act.settledBy && { toConfirmSince: waits ? ctx.today : undefined }) } : {},
    personId: c.personId,
    actor: c.actor,
    recordedBy: c.recordedBy,
    evidence: c.evidence,
    occurredOn: ctx.today,
    recordedAt: ctx.now,
    commandId: ctx.commandId,
    causationId: target.id,
    correlationId: c.correlationId,
    source: c.source,
    legalBasis: null,
    consentId: null,
    irregularities: [],
    corrects: { event: target.id, type: target.type, ...(c.replacement && { occurredOn: c.replacement.occurredOn }), ...(!takesPartNow && { keepsPlace: true }) },
  }; // prettier-ignore
  const along = (undone?.events ?? []).slice(0, -1).map((e, i) => ({
    ...withdrawalOf(event, e),
    id: ctx.newId(`event.${i + 1}.${type}`),
    schemaVersion: acts(e.type)?.version ?? 1,
    causationId: e.id,
  }));
  const after = deriveCase(c.caseId, [...history, ...along, event], acts, ctx.today);
  // Whoever takes no part lets nobody in by its own word, itself least of all (ADR 0014): not by taking back what had ended a part either.
  const isIn = ({ participations }: CaseView, organisation: string): boolean =>
    takesPart({ participations }, organisation, ctx.today);
  const letIn = after.participations.some(({ organisation: o }) => isIn(after, o) && !isIn(known, o));
  if (!takesPartNow && letIn) throw new Refused([NOT_BY_ONES_OWN_WORD]);
  if (!c.replacement && target.type === 'PersonIdentified' && known.person.familyName !== undefined && after.person.familyName === undefined)
    throw new Refused([impossible('person.lastWord', t('Personne d’autre n’a dit qui est la personne : corriger ce fait, ou annuler le dossier.', 'Nobody else has told who the person is: correct this fact, or undo the case.'))]); // prettier-ignore
  const elsewhere: Irregularity[] = [];
  if (c.replacement) {
    const { data, occurredOn } = { data: event.data as Record<string, never>, occurredOn: c.replacement.occurredOn };
    const without = deriveCase(c.caseId, [...history, withdrawalOf(event, target)], acts, ctx.today);
    const { actor, recordedBy, evidence } = target;
    const facts = effectiveFacts([...history, withdrawalOf(event, target)]);
    const found = judgedAcross(ctx, caller, (among) => [
      ...valueFindings(act.fields, data, c, ctx),
      ...bringingInFindings(act, { ...c, data }, without, ctx),
      ...sameDayTwice(act, { data, occurredOn, actor, recordedBy, evidence }, facts),
      ...(act.check?.({ data, occurredOn, actor, recordedBy, evidence, before: without, after, ctx: among, facts }) ?? []),
    ]);
    const sees = seenByTeller(c, known, ctx.today);
    const refusals = refusalsOf(act, target, found, (zone) => takesPartNow && sees(zone));
    if (refusals.length) throw new Refused(refusals);
    elsewhere.push(...found.filter((f) => f.elsewhere === 'known' || f.elsewhere === 'hidden').map(irregularityOf));
  }
  const before = new Set(known.irregularities.map((i) => `${i.code}|${i.subject}`));
  const raised = after.irregularities.filter((i) => !before.has(`${i.code}|${i.subject}`));
  const here = raised.map(({ eventId: _event, subject: _subject, ...irregularity }) => irregularity);
  return [...along, { ...event, irregularities: [...here, ...elsewhere, ...(waits ? [TO_CONFIRM] : [])] }];
}

/**
 * In a case that was joined to another one nobody reads a correction, and of one that was undone nothing is told. Whoever takes no part learns
 * no more than that something stands in the way: what others did with the case it is not told.
 */
const lostFindings = (act: ActDefinition, known: CaseView, takesPartNow: boolean): Finding[] =>
  VOID.includes(known.status) ? endFindings(act, known).map((f) => (takesPartNow ? f : { ...f, elsewhere: 'hidden' })) : [];

const NOT_BY_ONES_OWN_WORD = impossible(
  'part.notByOwnWord',
  t(
    'Votre participation à ce dossier a pris fin, et cette correction y rendrait une part : la demander à qui répond du dossier.',
    'Your part in this case is over, and this correction would give one back: ask whoever answers for the case for it.',
  ),
  'L.1110-4 CSP, convention (D)',
);

/** The case as if the fact had never been told: what its replacement is judged on. */
const withdrawalOf = (event: DomainEvent, { id, type }: DomainEvent): DomainEvent => ({
  ...event,
  type: 'FactWithdrawn',
  data: {},
  corrects: { event: id, type },
});
