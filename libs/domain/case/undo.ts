import { type Finding, impossible } from '../kernel/errors.js';
import { ZONE_CODES } from '../kernel/fields.js';
import { type LocalDate } from '../kernel/local-date.js';
import { type OrganisationId } from '../kernel/roles.js';
import { t } from '../kernel/text.js';
import { type ActDefinition } from './act.js';
import { effectiveFacts, type Placed } from './derive.js';
import { type DomainEvent } from './event.js';
import { takesPart } from './taking-part.js';
import { type CaseView } from './view.js';

/**
 * A signal, a referral or a transmission that landed in the case of somebody else than was meant: withdrawn, it takes away all that came
 * with it (leave, accord, activity, traits), each time that it was sent again too, and what its author told of that since.
 */
export interface Undoing {
  readonly findings: readonly Finding[];
  /** The events that go, the act itself last. */
  readonly events: readonly DomainEvent[];
}
type Acts = (type: string) => ActDefinition | undefined;

const tellerOf = ({ actor, recordedBy }: DomainEvent): OrganisationId | null => (recordedBy ?? actor).organisation;
const madeBy = (e: DomainEvent, acts: Acts): unknown[] =>
  Object.entries(acts(e.type)?.fields ?? {}).flatMap(([name, f]) => (f.kind === 'newId' ? [e.data[name]] : []));

/** It came with a file that was parted again, and is out: what it did meanwhile keeps nobody from undoing what they did. */
export const isGone = (v: CaseView, organisation: OrganisationId, on: LocalDate): boolean =>
  v.parted.includes(organisation) && !takesPart(v, organisation, on);

export function undoing(target: DomainEvent, history: readonly Placed[], acts: Acts, known: CaseView, today: LocalDate): Undoing {
  const standing = new Set(effectiveFacts(history).map(({ id }) => id));
  const told = history.filter((e) => standing.has(e.id));
  const [made] = madeBy(target, acts);
  const same = told.filter((e) => e.type === target.type && tellerOf(e) === tellerOf(target) && madeBy(e, acts).includes(made));
  const commands = new Set(same.map(({ commandId }) => commandId));
  const brought = told.filter((e) => commands.has(e.commandId));
  // Of a leave that others had told of before, what this made is no more than its own word.
  const ids = new Set<unknown>(brought.flatMap((e) => madeBy(e, acts)).filter((id) => id !== undefined));
  for (const e of told)
    if (!commands.has(e.commandId) && tellerOf(e) !== tellerOf(target)) for (const id of madeBy(e, acts)) ids.delete(id);
  const about = told.filter((e) => !commands.has(e.commandId) && Object.values(e.data).some((value) => ids.has(value)));
  const others = about.filter((e) => {
    const teller = tellerOf(e);
    return teller !== tellerOf(target) && teller !== null && e.type !== 'ReceiptAcknowledged' && !isGone(known, teller, today);
  });
  const findings = [
    ...(brought.some((e) => e.type === 'CaseOpened') ? [impossible('opening.undoCase', t('Cet acte a ouvert le dossier : l’annuler par « Ouvert sur la mauvaise personne » (undo-opening).', 'This act opened the case: undo it by "Opened on the wrong person" (undo-opening).'), 'convention (D)')] : []),
    ...(others.length > 0 ? [impossible('opening.answered', t('Un autre partenaire y a déjà répondu : il ne se retire plus.', 'Another partner has answered it: it can’t be withdrawn any more.'), 'convention (D)', ZONE_CODES)] : []),
  ]; // prettier-ignore
  const own = about.filter((e) => tellerOf(e) === tellerOf(target));
  const gone = [...brought, ...own].filter((e) => e.id !== target.id);
  return { findings, events: [...gone, target] };
}
