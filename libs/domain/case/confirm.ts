import { impossible, Refused } from '../kernel/errors.js';
import { t } from '../kernel/text.js';
import { type Context } from './act.js';
import { factIn } from './correct.js';
import { type ActRegistry, type CaseCommand, endFindings } from './decide.js';
import { deriveCase, type Placed, toldFacts } from './derive.js';
import { type DomainEvent } from './event.js';
import { hasTheWord, tellerOf } from './whose-word.js';

export interface ConfirmationCommand extends Omit<CaseCommand, 'data' | 'opening' | 'occurredOn'> {
  /** The event of the fact. */
  readonly event: string;
  readonly verdict: 'confirmed' | 'denied';
}
const TYPES = { confirmed: 'FactConfirmed', denied: 'FactDenied' } as const;

/**
 * What a bystander told is so, and ends what it ends; or it is not, and counts for nothing (ADR 0023). Like a correction it is a further event
 * about that fact, and told to nobody but who may know of the fact. Said by the lead, the accountable partner, the caisse, or whoever's word
 * settles such a thing; by its own teller never. The first three, and whoever said it, can say the contrary afterwards.
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
  const fact = toldFacts(history).find(({ id }) => id === target.id);
  const contrary = c.verdict === 'confirmed' ? fact?.denied : fact?.confirmed;
  const words = [...(waiting?.words ?? []), ...(contrary ? [tellerOf(contrary).organisation] : [])];
  const mayJudge = organisation !== null && (hasTheWord(known, organisation) || words.includes(organisation));
  const isOpen = waiting !== undefined || contrary !== undefined;
  const findings = [
    ...endFindings(act, known),
    ...(isOpen ? [] : [impossible('fact.notToConfirm', t('Ce fait n’attend pas de confirmation.', 'This fact waits for no confirmation.'))]),
    ...(!isOpen || mayJudge ? [] : [impossible('fact.notYoursToConfirm', t('Le référent, le partenaire qui répond du dossier, la caisse ou celui que ce fait concerne le confirme ou le dément.', 'The lead, the accountable partner, the fund or whoever it concerns confirms or denies it.'))]),
    ...(isOpen && tellerOf({ by: target.actor, recordedBy: target.recordedBy }).organisation === organisation ? [impossible('fact.yourOwnWord', t('Un fait se confirme ou se dément par un autre que qui l’a dit, qui peut le retirer.', 'A fact is confirmed or denied by somebody else than whoever told it, who can withdraw it.'))] : []),
  ]; // prettier-ignore
  if (findings.length > 0) throw new Refused(findings);
  const { caseId: _case, event: _event, verdict, ...told } = c;
  const type = TYPES[verdict];
  return [
    {
      ...told, id: ctx.newId(`event.0.${type}`), type, schemaVersion: act.version, data: {}, occurredOn: ctx.today, recordedAt: ctx.now,
      commandId: ctx.commandId, causationId: target.id, legalBasis: null, consentId: null, irregularities: [], corrects: { event: target.id, type: target.type },
    },
  ]; // prettier-ignore
}
