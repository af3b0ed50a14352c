import { type Finding, impossible } from '../kernel/errors.js';
import { type RefTo } from '../kernel/fields.js';
import { type Party } from '../kernel/roles.js';
import { t } from '../kernel/text.js';
import { type ActDefinition, type Context } from './act.js';
import { endFindings } from './decide.js';
import { offeredTo } from './handovers.js';
import { awaitingAnswer } from './handshakes.js';
import { type CaseView } from './view.js';

/**
 * Why an act can't be done on a case as it stands, whatever its payload would say. Empty when it may be tried.
 * @param view the case as whoever asks may see it: nobody can name what it does not see
 */
export const obstacles = (act: ActDefinition, view: CaseView, actor: Party, ctx: Context): readonly Finding[] => [
  ...endFindings(act, view),
  ...(act.available?.(view, actor, ctx) ?? nothingToName(act, view, actor)),
];

const none = (what: string, fr: string, en: string): Finding[] => [
  impossible(`${what}.none`, t(`Le dossier n’a pas ${fr}.`, `The case has no ${en}.`)),
];
/** What a required reference could name, and whether there is any. */
const NAMED: Partial<Record<RefTo, (v: CaseView, actor: Party) => readonly Finding[]>> = {
  handshake: (v, actor) => (v.signals.some((s) => s.holder.organisation === actor.organisation && !s.triage) ? [] : awaitingAnswer(v, actor)),
  handover: (v, { organisation }) => (v.handovers.some((o) => offeredTo(v, o) === organisation && !o.answer) ? [] : none('handover', 'de relais qui vous soit proposé', 'hand-over offered to you')),
  transfer: (v, { organisation }) => (v.transfers.some((o) => o.to === organisation && !o.answer) ? [] : none('transfer', 'de transfert qui vous soit proposé', 'transfer offered to you')),
  measure: (v) => (v.measures.length ? [] : none('measure', 'de mesure', 'measure')),
  consent: (v) => (v.consents.some((c) => !c.withdrawnOn) ? [] : none('consent', 'd’accord en vigueur', 'consent in force')),
  leave: (v) => (v.leaves.length ? [] : none('leave', 'd’arrêt', 'leave')),
  appointment: (v) => (v.appointments.some((a) => !a.outcome) ? [] : none('appointment', 'de rendez-vous à venir', 'appointment to come')),
}; // prettier-ignore

const nothingToName = (act: ActDefinition, view: CaseView, actor: Party): readonly Finding[] =>
  Object.values(act.fields).flatMap((f) => (f.kind === 'ref' && f.required ? (NAMED[f.of]?.(view, actor) ?? []) : []));
