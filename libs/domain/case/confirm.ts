import { impossible, Refused } from '../kernel/errors.js';
import { t } from '../kernel/text.js';
import { type Context } from './act.js';
import { factIn } from './correct.js';
import { type ActRegistry, type CaseCommand, endFindings } from './decide.js';
import { deriveCase, type Placed } from './derive.js';
import { type DomainEvent } from './event.js';
import { hasTheWord } from './whose-word.js';

export interface ConfirmationCommand extends Omit<CaseCommand, 'data' | 'opening' | 'occurredOn'> {
  /** The event of the fact. */
  readonly event: string;
}

/**
 * What a bystander told is so: it ends what it ends (ADR 0023). Like a correction it is a further event about that fact, and told to nobody but
 * who may know of the fact. Said by the lead, the accountable partner, the caisse, or whoever's word settles such a thing; by its own teller
 * never.
 * @throws Refused when no such fact waits, or it is for others to say
 */
export function decideConfirmation(
  c: ConfirmationCommand,
  history: readonly Placed[],
  ctx: Context,
  acts: ActRegistry,
): DomainEvent[] {
  const { target, act } = factIn(history, c.event, acts);
  const known = deriveCase(c.caseId, history, acts, ctx.today);
  const { organisation } = c.recordedBy ?? c.actor;
  const waiting = known.unsettled.find(({ eventId }) => eventId === target.id);
  const mayConfirm = organisation !== null && (hasTheWord(known, organisation) || waiting?.words.includes(organisation));
  const findings = [
    ...endFindings(act, known),
    ...(waiting ? [] : [impossible('fact.notToConfirm', t('Ce fait n’attend pas de confirmation.', 'This fact waits for no confirmation.'))]),
    ...(!waiting || mayConfirm ? [] : [impossible('fact.notYoursToConfirm', t('Le référent, le partenaire qui répond du dossier, la caisse ou celui que ce fait concerne le confirme.', 'The lead, the accountable partner, the fund or whoever it concerns confirms it.'))]),
    ...(waiting?.by.organisation === organisation ? [impossible('fact.yourOwnWord', t('Un fait se confirme par un autre que qui l’a dit.', 'A fact is confirmed by somebody else than whoever told it.'))] : []),
  ]; // prettier-ignore
  if (findings.length > 0) throw new Refused(findings);
  const { caseId: _case, event: _event, ...told } = c;
  return [
    {
      ...told, id: ctx.newId('event.0.FactConfirmed'), type: 'FactConfirmed', schemaVersion: act.version, data: {}, occurredOn: ctx.today, recordedAt: ctx.now,
      commandId: ctx.commandId, causationId: target.id, legalBasis: null, consentId: null, irregularities: [], corrects: { event: target.id, type: target.type },
    },
  ]; // prettier-ignore
}
