import { isGiven, isSelfTold, overseerOf, zonesToVouchFor } from '../../libs/domain/case/accord.js';
import { nowWith } from '../../libs/domain/case/handshakes.js';
import { LEADS, offeredTo } from '../../libs/domain/case/handovers.js';
import { isOpen } from '../../libs/domain/case/measure-status.js';
import { type ActDefinition } from '../../libs/domain/case/act.js';
import { actOfCommand, actOfType, caseActs } from '../../libs/domain/case/acts.js';
import { answersForDeath } from '../../libs/domain/case/deaths.js';
import { isUnconfirmed } from '../../libs/domain/case/at-home.js';
import { changeToldIn, mayAnswerChange } from '../../libs/domain/case/files.js';
import { takesPart } from '../../libs/domain/case/taking-part.js';
import { type CaseView, type Handshake } from '../../libs/domain/case/view.js';
import { addDays, type LocalDate } from '../../libs/domain/kernel/local-date.js';
import { exampleOf, type RefTo } from '../../libs/domain/kernel/fields.js';
import { CASE_WORKERS, type Party } from '../../libs/domain/kernel/roles.js';
import { MEASURES } from '../../libs/domain/measures/index.js';
import { type MeasureType } from '../../libs/domain/measures/types.js';
import { AS, ASSURE, CAP, CPAM, CPDP, directory, MC, MT, MTR, party } from '../support/story.js';

export interface Deed {
  readonly command: string;
  readonly data: Record<string, unknown>;
  readonly by: Party;
  readonly recordedBy?: Party | undefined;
  /** Today, when absent. */
  readonly on?: LocalDate;
}

export const CPAM21 = party('CPAM', 'cpam-21');
export const CPDP21 = party('CPDP', 'ast-21');
export const FRANCE_TRAVAIL = party('FRANCE_TRAVAIL', 'france-travail-39');
/** Those who have an account, one role of each that matters. */
export const CAST: readonly Party[] = [AS, CPDP, CPAM, CAP, MC, MT, CPAM21, CPDP21];

/** How much of everything there is to be, and what is tried. */
export interface Bounds {
  readonly commands: readonly string[];
  /** Who acts. */
  readonly cast: readonly Party[];
  readonly referrals: number;
  readonly signals: number;
  readonly consents: number;
  readonly measures: number;
  readonly transfers: number;
  readonly reopenings: number;
  /** Time stands still while so many duties wait at their coordinator's. */
  readonly silences: number;
  /** To whom the case is referred, redirected or handed over. */
  readonly targets: readonly Party[];
  readonly outcomes: readonly string[];
  readonly types: readonly MeasureType[];
  readonly opinions: readonly string[];
  readonly motives: readonly string[];
}

interface Scene extends Bounds {
  readonly v: CaseView;
  readonly today: LocalDate;
  /** Those of the cast that take part today. */
  readonly here: readonly Party[];
  /** Who tells of what somebody without account did. */
  readonly recorder: Party | undefined;
}
type Made = Pick<Deed, 'data'> & Partial<Deed>;
/** The payloads of a command that a case makes possible. Without an actor: each organisation that takes part, in a role that may. */
type Maker = (s: Scene) => readonly Made[];

const data = (payload: Record<string, unknown>): Made => ({ data: payload });
const partyOf = (organisation: string | null | undefined, role: Party['role']): Party[] => {
  const roles = directory.find(organisation ?? '')?.roles ?? [];
  const acting = roles.includes(role) ? role : roles.find((r) => CASE_WORKERS.includes(r));
  return organisation && acting ? [party(acting, organisation)] : [];
};
const told = (s: Scene, payload: Record<string, unknown>, by: Party = ASSURE): Made[] =>
  s.recorder ? [{ data: payload, by, recordedBy: s.recorder }] : [];
/** By whoever has now what was sent to, or by, somebody. */
const forHolder =
  (of: 'to' | 'from', payload: (h: Handshake) => readonly Record<string, unknown>[], wanted: (h: Handshake) => boolean): Maker =>
  ({ v }) =>
    v.handshakes.filter(wanted).flatMap((h) =>
      partyOf(nowWith(v, h[of].organisation, h.sentOn), h[of].role).flatMap((by) => payload(h).map((d) => ({ data: d, by }))),
    ); // prettier-ignore
const unsettled = (h: Handshake): boolean => (!h.answer || h.answer.kind === 'accepted') && (!h.triage || h.triage.outcome === 'passed-on'); // prettier-ignore
const unanswered = (h: Handshake): boolean => !h.answer && unsettled(h);
const measures = (v: CaseView, wanted: (m: CaseView['measures'][number]) => boolean): CaseView['measures'] => v.measures.filter(wanted); // prettier-ignore
const decidable = (m: CaseView['measures'][number]): boolean => m.status === 'requested';

const asked = (v: CaseView): CaseView['consents'] => v.consents.filter((c) => isSelfTold(c) && isGiven(c));
/** Accords that somebody told for itself, with whoever looks after them. */
const overseen = (v: CaseView, wanted: (c: CaseView['consents'][number]) => boolean, still = isGiven): [CaseView['consents'][number], Party][] =>
  v.consents.filter((c) => isSelfTold(c) && still(c) && wanted(c)).flatMap((c) => {
    const overseer = overseerOf(v, c);
    return overseer ? [[c, party(overseer.role, overseer.organisation)]] : [];
  }); // prettier-ignore
/** Where forms are controlled: whoever takes part tells of an accord for itself, with a form and without. */
const selfTold = (s: Scene): Made[] =>
  s.commands.includes('record-form-control')
    ? s.here.flatMap((by) => [{}, { formHash: 'a'.repeat(64) }].map((form) => ({ data: { zones: ['identity'], recipient: by.organisation, purpose: 'support', proof: 'form', ...form }, by: ASSURE, recordedBy: by })))
    : []; // prettier-ignore

const LIKE: Readonly<Record<string, Party>> = { 'cpam-39': CPAM21, 'ast-39': CPDP21 };

const FILE = 'c0ffee00-0000-4000-8000-000000000002';
/** Who answers for the case, and the caisse. */
const answering = (v: CaseView): Party[] => [
  ...partyOf(v.accountable?.organisation, v.accountable?.role ?? 'CPAM'),
  ...partyOf(v.caisse, 'CPAM'),
];
const MEETING = 'c0ffee00-0000-4000-8000-000000000001';
const MAKERS: Readonly<Record<string, Maker>> = {
  'transmit-sick-leave': ({ v, today }) => {
    if (v.handshakes.some((h) => h.kind === 'transmission')) return [];
    const leave = v.leaves.length ? {} : { leave: { start: addDays(today, -40), expectedEnd: addDays(today, 100), risk: 'maladie' } };
    const accord = { date: today, proof: 'form' };
    return [{ spst: 'ast-39' }, {}].map((to) => data({ ...to, ...leave, accord }));
  },
  'identify-spst': ({ v }) => v.handshakes.filter((h) => !h.to.organisation).map((h) => data({ transmissionId: h.id, spst: 'ast-39' })),
  'record-signal': ({ v, signals }) => (v.signals.length < signals ? [data({ origin: 'person' })] : []),
  'refer-case': ({ v, referrals, targets }) =>
    v.handshakes.filter((h) => h.kind === 'referral').length < referrals ? targets.map((t) => data({ target: t.organisation, targetRole: t.role, motive: 'pdp' })) : [],
  'acknowledge-receipt': forHolder('to', (h) => [{ handshakeId: h.id }], (h) => unsettled(h) && !h.receivedOn),
  'accept-referral': forHolder('to', (h) => [{ referralId: h.id }], unanswered),
  'decline-referral': forHolder('to', (h) => [{ referralId: h.id, motive: 'no-capacity' }], unanswered),
  'revoke-referral': forHolder('from', (h) => [{ referralId: h.id, motive: 'mistake' }], unanswered),
  'redirect-referral': (s) =>
    s.v.handshakes.length >= s.referrals + 1 ? [] : forHolder('to', (h) => s.targets.filter((t) => t.organisation !== h.to.organisation).map((t) => ({ handshakeId: h.id, target: t.organisation, targetRole: t.role, motive: 'pdp' })), unsettled)(s),
  'conclude-triage': (s) => [
    ...forHolder('to', (h) => s.outcomes.map((outcome) => ({ handshakeId: h.id, outcome })), unsettled)(s),
    ...s.v.signals.filter((x) => !x.triage || x.triage.outcome === 'passed-on').flatMap((x) =>
      partyOf(nowWith(s.v, x.holder.organisation, x.on), x.holder.role).flatMap((by) => s.outcomes.map((outcome) => ({ data: { handshakeId: x.id, outcome }, by }))),
    ),
  ],
  'assign-lead': ({ v }) => (v.lead ? [] : [data({})]),
  'open-support': ({ v }) => (v.support ? [] : [data({ origin: 'cpam' })]),
  'propose-handover': ({ v, targets }) =>
    v.lead ? targets.filter((t) => t.organisation !== v.lead?.organisation && LEADS.includes(t.role)).flatMap((t) => partyOf(v.lead?.organisation, v.lead!.role).map((by) => ({ data: { to: t.organisation, toRole: t.role, motive: 'load' }, by }))) : [],
  'accept-handover': ({ v }) => v.handovers.filter((o) => !o.answer).map((o) => ({ data: { handoverId: o.id }, by: party(o.toRole, offeredTo(v, o)) })),
  'decline-handover': ({ v }) => v.handovers.filter((o) => !o.answer).map((o) => ({ data: { handoverId: o.id, motive: 'no-capacity' }, by: party(o.toRole, offeredTo(v, o)) })),
  'withdraw-handover': ({ v }) => v.handovers.filter((o) => !o.answer).map((o) => ({ data: { handoverId: o.id }, by: o.from })),
  'propose-transfer': ({ v, here, transfers }) =>
    v.transfers.filter((o) => o.answer?.kind === 'accepted').length < transfers ? here.flatMap((by) => { const to = LIKE[by.organisation ?? '']; return to && to.role === by.role ? [{ data: { to: to.organisation, toRole: to.role, motive: 'moved' }, by }] : []; }) : [],
  'accept-transfer': ({ v }) => v.transfers.filter((o) => !o.answer).map((o) => ({ data: { transferId: o.id }, by: party(o.toRole, offeredTo(v, o)) })),
  'decline-transfer': ({ v }) => v.transfers.filter((o) => !o.answer).map((o) => ({ data: { transferId: o.id, motive: 'no-capacity' }, by: party(o.toRole, offeredTo(v, o)) })),
  'withdraw-transfer': ({ v }) => v.transfers.filter((o) => !o.answer).map((o) => ({ data: { transferId: o.id }, by: o.from })),
  'grant-consent': (s) =>
    s.v.consents.length < s.consents
      ? [...selfTold(s), ...s.targets.flatMap((t) => [{}, { to: addDays(s.today, 20) }].flatMap((end) => told(s, { zones: ['identity'], recipient: t.organisation, purpose: 'referral', proof: 'form', ...end })))]
      : [],
  'confirm-consent': ({ v, here }) => asked(v).flatMap((c) => here.filter((by) => zonesToVouchFor(v, c, by).length > 0).map((by) => ({ data: { consentId: c.id }, by }))),
  'dispute-consent': ({ v }) => overseen(v, (c) => c.disputedOn === undefined).map(([c, by]) => ({ data: { consentId: c.id }, by })),
  'record-form-control': ({ v }) => overseen(v, (c) => c.formHash !== undefined && !c.formControl, () => true).flatMap(([c, by]) => ['shown', 'missing'].map((outcome) => ({ data: { consentId: c.id, outcome }, by }))),
  ConsentConfirmed: (s) => asked(s.v).filter((c) => c.confirmations.length === 0).flatMap((c) => told(s, { consentId: c.id, means: 'code' })),
  'withdraw-consent': (s) => s.v.consents.filter((c) => !c.withdrawnOn && !c.lapsedOn).flatMap((c) => told(s, { consentId: c.id })),
  'record-objection': (s) => (s.v.objections.length ? [] : told(s, { zones: ['capacity'] })),
  'record-sick-leave': ({ v, today }) => (v.leaves.length < 2 ? [data({ start: addDays(today, -40), expectedEnd: addDays(today, 100), risk: 'maladie' })] : []),
  'extend-sick-leave': ({ v }) => v.leaves.filter((l) => !l.endedOn && l.expectedEnd).map((l) => data({ leaveId: l.id, expectedEnd: addDays(l.expectedEnd!, 30) })),
  'shorten-sick-leave': ({ v }) => v.leaves.filter((l) => !l.endedOn && l.start && l.expectedEnd && l.expectedEnd > l.start).map((l) => data({ leaveId: l.id, expectedEnd: l.start })),
  'end-sick-leave': ({ v, today }) => v.leaves.filter((l) => !l.endedOn).map((l) => data({ leaveId: l.id, lastDay: today })),
  'end-employment': ({ v }) => (v.milestones.some((m) => m.kind === 'employment-ended') ? [] : [data({ reason: 'resignation' })]),
  'request-pre-return-visit': ({ v }) => (v.visits.some((x) => x.requestedOn && !x.heldOn) ? [] : [data({})]),
  // A second one of the day is said to be one.
  'hold-pre-return-visit': (s) => [data({ again: true }), ...told(s, { again: true }, party('MT'))],
  'hold-return-visit': (s) => [data({ outcome: 'fit', again: true }), ...told(s, { outcome: 'fit', again: true }, party('MT'))],
  'book-appointment': ({ v, today }) => (v.appointments.some((a) => !a.outcome) ? [] : [data({ date: addDays(today, 10), channel: 'visu', again: true })]),
  'record-missed-appointment': ({ v }) => v.appointments.filter((a) => !a.outcome).map((a) => data({ appointmentId: a.id })),
  'cancel-appointment': ({ v }) => v.appointments.filter((a) => !a.outcome).map((a) => data({ appointmentId: a.id })),
  'record-interview': ({ v }) => [{}, ...v.appointments.filter((a) => !a.outcome).map((a) => ({ appointmentId: a.id }))].map((a) => data({ mode: 'visu', again: true, ...a })),
  'record-contact-attempt': () => [data({ channel: 'telephone', outcome: 'no-answer' })],
  'record-group-attendance': () => [data({ groupId: '6d0cf7a5-8a8f-5d5e-9c1a-2f6b7c8d9e01', theme: 'rights' })],
  'record-case-review': ({ v, here }) => [data({ attendees: here.filter((p) => takesPart(v, p.organisation!, v.toldUntil!)).map(({ organisation, role }) => ({ organisation, role })) })],
  'request-measure': (s) =>
    s.v.measures.length < s.measures ? s.types.flatMap((type) => {
      const payload = { type, from: addDays(s.today, 14), to: addDays(s.today, 25) };
      return [data(payload), ...(s.here.some((p) => p.role === 'AS') ? [{ data: payload, by: ASSURE, recordedBy: AS }] : [])];
    }) : [],
  'give-medical-opinion': (s) =>
    measures(s.v, decidable).flatMap((m) => [
      ...s.opinions.flatMap((opinion) => s.here.filter((p) => (p.role === 'MC' || p.role === 'MT') && !m.opinions.some((o) => o.role === p.role)).map((by) => ({ data: { measureId: m.id, opinion }, by }))),
      ...(m.opinions.some((o) => o.role === 'MTR') ? [] : told(s, { measureId: m.id, opinion: 'yes' }, MTR)),
    ]),
  'request-ilco-review': ({ v }) => measures(v, (m) => m.status === 'requested' && !m.ilco).map((m) => data({ measureId: m.id })),
  'record-ilco-review': ({ v }) => measures(v, (m) => m.ilco !== undefined).flatMap((m) => ['favourable', 'adjourned'].map((opinion) => data({ measureId: m.id, opinion }))),
  // A meeting puts it on its agenda, again when it moves, and takes it off.
  IlcoReviewScheduled: ({ v, today }) =>
    measures(v, (m) => m.status === 'requested' && (m.ilco?.date === undefined || m.ilco.date <= today)).flatMap((m) =>
      partyOf(v.caisse, 'CPAM').map((by) => ({ data: { measureId: m.id, meetingId: MEETING, date: addDays(today, 10), chair: by.organisation, chairRole: 'CPAM' }, by })),
    ),
  IlcoReviewUnscheduled: ({ v }) =>
    measures(v, (m) => m.ilco?.meetingId !== undefined).flatMap((m) => partyOf(v.caisse, 'CPAM').map((by) => ({ data: { measureId: m.id, meetingId: MEETING }, by }))),
  // A file on the same person is found behind the log, and is over one day.
  FileFound: ({ v }) => (v.files.length === 0 ? [{ openedBy: 'cpam-21', role: 'CPAM', claim: 'caisse' }, { openedBy: 'ast-21', role: 'CPDP', claim: 'spst', formerSpst: 'ast-39' }, { openedBy: 'carsat-21', role: 'AS' }].map((found) => ({ data: { fileId: FILE, ...found }, by: party('OPERATOR') })) : []),
  FileOver: ({ v }) => v.files.filter((f) => !f.end).map((f) => ({ data: { fileId: f.fileId }, by: party('OPERATOR') })),
  'set-file-aside': ({ v }) => v.files.filter((f) => !f.end).flatMap((f) => answering(v).map((by) => ({ data: { fileId: f.fileId }, by }))),
  'confirm-change': (s) => aboutChange(s),
  'deny-change': (s) => aboutChange(s),
  'confirm-part': ({ v }) => v.signals.filter((x) => isUnconfirmed(v, x)).flatMap((x) => answering(v).map((by) => ({ data: { signalId: x.id }, by }))),
  'end-part': ({ v }) => v.signals.filter((x) => isUnconfirmed(v, x)).flatMap((x) => answering(v).map((by) => ({ data: { signalId: x.id }, by }))),
  'complete-social-assessment': (s) => (s.v.assessments.length ? [] : [data({ fit: 'suited', timing: 'now' }), ...told(s, { fit: 'suited', timing: 'now' }, AS)]),
  'approve-measure': (s) => measures(s.v, decidable).flatMap((m) => decision(s, m, { measureId: m.id })),
  'refuse-measure': (s) => measures(s.v, decidable).flatMap((m) => decision(s, m, { measureId: m.id, motive: 'other', recourseStated: true })),
  'sign-agreement': ({ v }) => measures(v, (m) => m.agreements.length === 0 && (m.status === 'approved' || m.status === 'requested')).map((m) => data({ measureId: m.id, signatories: ['ASSURE', 'HOST', 'CAP_EMPLOI'] })),
  'plan-measure-start': ({ v }) => measures(v, (m) => m.status === 'approved').map((m) => data({ measureId: m.id, startsOn: m.periods[0]?.from })),
  'start-measure': ({ v, measures: most, types }) => [
    ...measures(v, (m) => !m.startedOn && !m.closed && m.status !== 'refused').map((m) => data({ measureId: m.id })),
    ...(v.measures.length < most ? types.slice(0, 1).map((type) => data({ type })) : []),
  ],
  'renew-measure': ({ v }) => measures(v, (m) => m.status === 'running' && m.periods.length < 2 && m.periods[0]?.to !== undefined).map((m) => data({ measureId: m.id, from: addDays(m.periods[0]!.to!, 1), to: addDays(m.periods[0]!.to!, 10) })),
  'interrupt-measure': ({ v }) => measures(v, (m) => m.status === 'running' || m.status === 'approved' || m.status === 'planned').map((m) => data({ measureId: m.id, motive: 'other' })),
  'close-measure': ({ v, today }) => measures(v, (m) => !m.closed && m.status !== 'refused').map((m) => data({ measureId: m.id, endedOn: today })),
  'review-measure': ({ v }) => measures(v, (m) => m.status === 'running').map((m) => data({ measureId: m.id })),
  'deliver-report': ({ v }) =>
    measures(v, (m) => m.closed !== undefined).flatMap((m) => (m.type ? MEASURES[m.type].reportTo : []).filter((role) => !m.deliveries.some((d) => d.role === role)).map((toRole) => data({ measureId: m.id, toRole }))),
  'close-support': ({ v, motives, here }) =>
    !v.support || v.support.closedOn ? [] : motives.flatMap((motive) => {
      if (motive !== 'measure-taken-over') return [data({ motive })];
      return v.measures.some(isOpen) ? [...here, party('HOST', 'atelier-39')].map((p) => data({ motive, takenOverBy: p.organisation })) : [];
    }),
  'complete-six-month-follow-up': () => ['none', 'reopen'].map((needsSupport) => data({ situation: 'same-job', needsSupport })),
  'record-six-month-unreachable': () => [data({ attempts: 3 })],
  'reopen-case': ({ v, reopenings }) => ((v.support?.reopenedOn ? 1 : 0) < reopenings ? [data({ motive: 'relapse' })] : []),
  // By one whose word settles it, and by one whose word does not.
  'record-death': ({ v, here }) =>
    v.deathTold ? [] : [true, false].flatMap((settles) => here.filter((p) => answersForDeath(v, p.organisation) === settles).slice(0, 1)).map((by) => ({ data: {}, by })),
  'confirm-death': ({ v }) => (v.deathTold ? answering(v).map((by) => ({ data: {}, by })) : []),
  'deny-death': ({ v }) => (v.deathTold ? answering(v).map((by) => ({ data: {}, by })) : []),
  // No acts of their own: events about a fact, as a correction is.
  'confirm-fact': ({ v, here }) => v.unsettled.flatMap((u) => here.map((by) => ({ data: { event: u.eventId }, by }))),
  'deny-fact': ({ v, here }) => v.unsettled.flatMap((u) => here.map((by) => ({ data: { event: u.eventId }, by }))),
  'undo-opening': ({ v, here }) => (v.openedByMistake ? [] : here.map((by) => ({ data: {}, by }))),
}; // prettier-ignore

/** Acts that are not tried, and why: of any other one nobody would know what becomes of the case (docs/proof.md). */
export const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  'told, and read by no rule': [
    'identify-person', 'notify-spst-support', 'record-self-assessment', 'agree-action-plan', 'suggest-resource', 'offer-liaison-meeting', 'decline-liaison-meeting', 'hold-liaison-meeting', 'hold-mid-career-visit',
    'request-technical-aid', 'provide-technical-aid', 'find-technical-aid-insufficient', 'request-financial-aid', 'grant-financial-aid', 'refuse-financial-aid', 'request-rqth', 'decide-rqth',
    'request-disability-pension', 'start-therapeutic-part-time', 'start-new-job', 'record-six-month-attempt',
  ],
  'read by the rules of a measure, that refuse or flag; nothing is owed for it': ['record-activity', 'record-job-study', 'issue-unfitness', 'record-presence'],
  'raises an alert, that nobody owes': ['report-accident', 'deny-withdrawal'],
}; // prettier-ignore

/** By each who may say whether a change is so, and by the person. */
const aboutChange = (s: Scene): Made[] =>
  s.v.files.flatMap((f) => (changeToldIn(s.v, f.fileId) ? [...s.here.filter((by) => mayAnswerChange(s.v, f, by)).map((by) => ({ data: { fileId: f.fileId }, by })), ...told(s, { fileId: f.fileId }, ASSURE)] : [])); // prettier-ignore

function decision(s: Scene, m: CaseView['measures'][number], payload: Record<string, unknown>): Made[] {
  const role = m.type && MEASURES[m.type].decidedBy;
  const decider = s.here.find((p) => p.role === role);
  return decider ? [{ data: payload, by: decider }] : role ? told(s, payload, party(role)) : [];
}

/** Whatever may be tried. */
export const ANYTHING: Bounds = {
  commands: Object.keys(MAKERS), cast: CAST, referrals: 9, signals: 9, consents: 9, measures: 9, transfers: 9, reopenings: 9, silences: 9, types: [], opinions: ['yes', 'no'],
  targets: [AS, CPDP, CPAM, CAP], outcomes: ['accompanied', 'no-need'], motives: ['goal-reached', 'moved-away'],
}; // prettier-ignore

/** All that somebody could try in a case on a day, within bounds. */
export function deedsOf(v: CaseView, today: LocalDate, bounds: Bounds): Deed[] {
  const empty = v.openedOn === undefined;
  const here = empty ? bounds.cast : bounds.cast.filter((p) => takesPart(v, p.organisation!, today));
  const recorder = here.find((p) => p.organisation === v.accountable?.organisation) ?? here[0];
  const scene: Scene = { ...bounds, v, today, here, recorder };
  // What a bystander told ends nothing of what others do: they go on as if it had not been told.
  const scenes = v.settled ? [scene, { ...scene, v: v.settled }] : [scene];
  return bounds.commands.flatMap((command) => {
    const act = actOfCommand(command) ?? actOfType(command);
    if (empty && !act?.opens) return [];
    const could = here.filter((p) => act?.by.includes(p.role));
    const actors = could.filter((p, i) => could.findIndex((q) => q.organisation === p.organisation) === i);
    const all = scenes.flatMap((s) => MAKERS[command]?.(s) ?? []);
    return all
      .filter((made, i) => scenes.length === 1 || all.findIndex((other) => JSON.stringify(other) === JSON.stringify(made)) === i)
      .flatMap((made) => (made.by ? [made.by] : actors).map((by) => ({ command, ...made, by })));
  });
}

/** More of the person than is told elsewhere: the number, and the traits that go with it or others. */
export const IDENTITIES: readonly Record<string, unknown>[] = [
  { familyName: 'MARTIN', givenNames: 'Claire', birthDate: '1979-05-21', nir: '279053930000123' },
  { familyName: 'BERNARD', givenNames: 'Paul', birthDate: '1979-05-22', nir: '279053930000123' },
];
/** Identifiers in a case by which an example can be about something that is there. */
const known = (v: CaseView): Partial<Record<RefTo, string | undefined>> => ({
  measure: v.measures[0]?.id, consent: v.consents[0]?.id, handshake: v.handshakes[0]?.id ?? v.signals[0]?.id, signal: v.signals[0]?.id, leave: v.leaves[0]?.id,
  appointment: v.appointments[0]?.id, handover: v.handovers[0]?.id, transfer: v.transfers[0]?.id, aid: v.aids[0]?.id, organisation: 'carsat-bfc', case: v.files[0]?.fileId,
}); // prettier-ignore
function example(act: ActDefinition, v: CaseView): Record<string, unknown> {
  const ids = known(v);
  const refs = Object.entries(act.fields).flatMap(([name, f]) => (f.kind === 'ref' && f.required && ids[f.of] !== undefined ? [[name, ids[f.of]]] : [])); // prettier-ignore
  return { ...exampleOf(act.fields, { optional: false }), ...(Object.fromEntries(refs) as Record<string, unknown>) };
}

/**
 * Every act that there is a command for, as somebody could try it on a case, whether or not that lets it in and knowing all that is there:
 * with what the case makes possible, else with the act's own example; for itself, and telling of somebody who has no account.
 */
export function tried(v: CaseView, today: LocalDate, by: Party, bounds: Bounds): Deed[] {
  const scene: Scene = { ...bounds, v, today, here: [by], recorder: by };
  return caseActs().flatMap((act) => {
    if (act.command === null || !(act.by.includes(by.role) || act.recorders.includes(by.role))) return [];
    const made = act.command === 'identify-person' ? IDENTITIES : (MAKERS[act.command]?.(scene) ?? []).map((m) => m.data);
    const payloads = new Map((made.length > 0 ? made : [example(act, v)]).map((d) => [JSON.stringify(d), d])).values();
    const other = act.by.find((role) => !CASE_WORKERS.includes(role));
    const parties = [
      ...(act.by.includes(by.role) ? [{ by }] : []),
      ...(other && act.recorders.includes(by.role) ? [{ by: party(other), recordedBy: by }] : []),
    ];
    return [...payloads].flatMap((payload) => parties.map((p) => ({ command: act.command!, data: payload, ...p })));
  });
}
