import { callAhead, needAhead } from '../../libs/domain/case/accountable.js';
import { isUnfinished } from '../../libs/domain/case/measure-status.js';
import { takesPart } from '../../libs/domain/case/taking-part.js';
import { type CaseView } from '../../libs/domain/case/view.js';
import { type RuleCode } from '../../libs/domain/rules/index.js';
import { hasNoSpst } from '../../libs/domain/rules/waiting.js';
import { type Seen } from './world.js';

const givenUp = ({ view: v, owed }: Seen, rule: RuleCode, status: CaseView['measures'][number]['status']): boolean =>
  owed.some((o) => o.rule === rule && o.step === 3 && v.measures.some((m) => m.id === o.subject && m.status === status));
const leadGone = (v: CaseView, why: 'withdrawnOn' | 'lapsedOn'): boolean =>
  v.leads.length > 0 && !v.lead && v.status !== 'closed' && v.consents.some((c) => c[why] !== undefined);

/** States without which the proof would show too little: each has to be among those explored. */
export const LANDMARKS: Readonly<Record<string, (s: Seen) => boolean>> = {
  'signalement en tri': ({ view: v }) => v.signals.some((s) => !s.triage),
  'tous les partenaires ont décliné': ({ view: v }) =>
    v.status === 'signal' && v.handshakes.length > 1 && v.handshakes.every((h) => h.answer?.kind === 'declined'),
  'référent parti, accord retiré': ({ view: v }) => leadGone(v, 'withdrawnOn'),
  'référent parti, accord expiré': ({ view: v }) => leadGone(v, 'lapsedOn'),
  'accord retiré avant la réponse': ({ view: v }) =>
    v.consents.some((c) => c.withdrawnOn) && v.handshakes.some((h) => !h.effective && !h.answer && !h.triage),
  'accord qui tient, sans part': ({ view: v, today }) =>
    v.consents.some((c) => !c.withdrawnOn && !c.lapsedOn && c.recipient !== undefined && !takesPart(v, c.recipient, today)),
  'SPST inconnu': ({ view: v }) => v.handshakes.some(hasNoSpst),
  'orientation révoquée': ({ view: v }) => v.handshakes.some((h) => h.answer?.kind === 'revoked'),
  'la caisse, faute d’un autre': ({ view: v }) => v.accountable?.reason === 'caisse',
  'mesure accordée, jamais commencée': (s) => givenUp(s, 'measure-to-start', 'approved'),
  'mesure finie, sans bilan': (s) => givenUp(s, 'measure-to-review', 'running'),
  'avis d’instance attendu, réunion passée': ({ view: v, today }) =>
    v.measures.some((m) => m.status === 'requested' && m.ilco?.date !== undefined && m.ilco.date < today),
  'orientation sous une convention qui a fini': ({ view: v, today }) =>
    v.handshakes.some((h) => !h.answer && !h.triage && h.conventionTo !== undefined && h.conventionTo < today),
  'clos, rappel à venir': ({ view: v }) => callAhead(v),
  'clos, besoin de rouvrir': ({ view: v }) => needAhead(v),
  'clos, mesure ouverte reprise par un autre': ({ view: v }) =>
    v.status === 'closed' && v.measures.some((m) => m.takenOverBy !== undefined && isUnfinished(m)),
  'rappel fait, mesure reprise encore ouverte': ({ view: v }) =>
    v.followUp?.completedOn !== undefined && v.measures.some((m) => m.takenOverBy !== undefined && isUnfinished(m)),
  rouvert: ({ view: v }) => v.support?.reopenedOn !== undefined && v.status === 'supported',
  'caisse changée': ({ view: v }) => v.transfers.some((t) => t.toRole === 'CPAM' && t.answer?.kind === 'accepted'),
  'décès annoncé, à confirmer': ({ view: v }) => v.deathTold !== undefined,
  'fait dit par un tiers, à confirmer': ({ owed }) => owed.some((o) => o.rule === 'fact-to-confirm'),
  décès: ({ view: v }) => v.status === 'deceased',
  'ouvert sur la mauvaise personne': ({ view: v }) => v.status === 'opened-by-mistake',
  'terminé par le tri': ({ view: v }) => v.status === 'ended-by-triage',
};
/** Between the landmarks of a combination. */
export const AND = ' + ';
/** The landmarks that a state shows, as one name. */
export const combinationOf = (s: Seen): string => Object.entries(LANDMARKS).flatMap(([name, is]) => (is(s) ? [name] : [])).join(AND); // prettier-ignore
