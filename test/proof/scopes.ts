import { AS, CAP, CPAM, CPDP, MC, MT } from '../support/story.js';
import { ANYTHING, type Bounds, CAST, CPAM21, CPDP21, type Deed, FRANCE_TRAVAIL } from './deeds.js';
import { type Scope, type Seeding } from './explore.js';

/** Nothing but what a machine adds. */
const NOTHING: Bounds = {
  commands: [], cast: CAST, referrals: 0, signals: 0, consents: 0, measures: 0, transfers: 0, reopenings: 0, silences: Infinity, targets: [], outcomes: [], types: [], opinions: ['yes', 'no'], motives: [],
}; // prettier-ignore
/** A sub-machine of the case. `lean`: as it stands in for itself beside another one. */
interface Machine {
  readonly name: string;
  readonly seed: readonly Seeding[];
  readonly bounds: Partial<Bounds>;
  readonly lean?: Partial<Bounds>;
}

const deed = (command: string, data: Record<string, unknown>, by: Deed['by']): Deed => ({ command, data, by });
const signal: Seeding = () => deed('record-signal', { origin: 'person' }, AS);
const accompanied: Seeding = (v) => deed('conclude-triage', { handshakeId: v.signals[0]!.id, outcome: 'accompanied' }, AS);
const open: Seeding = () => deed('open-support', { origin: 'person' }, AS);
const SUPPORTED = [signal, accompanied, open];

const ANSWERS = [
  'acknowledge-receipt',
  'accept-referral',
  'decline-referral',
  'revoke-referral',
  'redirect-referral',
  'conclude-triage',
];
const OUTCOMES = ['accompanied', 'no-need', 'refused-by-person', 'unreachable', 'back-at-work', 'passed-on'];
const LEAN = ['accompanied', 'no-need', 'passed-on'];

export const MACHINES: readonly Machine[] = [
  {
    name: 'transmission', seed: [],
    bounds: { commands: ['transmit-sick-leave', 'identify-spst', ...ANSWERS, 'record-death'], outcomes: OUTCOMES, targets: [CPDP21], cast: [CPAM] },
    lean: { commands: ['transmit-sick-leave', 'identify-spst', 'acknowledge-receipt', 'decline-referral', 'conclude-triage'], outcomes: LEAN, targets: [] },
  },
  {
    name: 'signalement', seed: [],
    bounds: { commands: ['record-signal', 'conclude-triage', 'undo-opening'], signals: 2, outcomes: OUTCOMES, cast: [AS, CPDP, CPAM, CAP] },
    lean: { signals: 1, outcomes: LEAN, cast: [AS] },
  },
  {
    name: 'accords', seed: [signal],
    bounds: { commands: ['grant-consent', 'withdraw-consent', 'refer-case', ...ANSWERS], consents: 2, referrals: 1, targets: [CAP, FRANCE_TRAVAIL], outcomes: LEAN, cast: [AS, CAP] },
    lean: { commands: ['grant-consent', 'withdraw-consent', 'refer-case', 'accept-referral', 'decline-referral'], consents: 1, targets: [CAP] },
  },
  {
    name: 'accords pour soi', seed: [signal],
    bounds: { commands: ['grant-consent', 'withdraw-consent', 'confirm-consent', 'dispute-consent', 'record-form-control', 'ConsentConfirmed'], consents: 1, cast: [AS, CPAM] },
    lean: { commands: ['grant-consent', 'record-form-control'], consents: 1 },
  },
  {
    name: 'référent', seed: [signal, accompanied],
    bounds: { commands: ['assign-lead', 'open-support', 'propose-handover', 'accept-handover', 'decline-handover', 'withdraw-handover', 'grant-consent', 'withdraw-consent'], consents: 1, targets: [CPDP], cast: [AS, CPDP, CAP] },
    lean: { commands: ['assign-lead', 'open-support', 'propose-handover', 'accept-handover', 'grant-consent', 'withdraw-consent'] },
  },
  {
    name: 'transfert', seed: [signal, accompanied],
    bounds: { commands: ['propose-transfer', 'accept-transfer', 'decline-transfer', 'withdraw-transfer'], transfers: 1, cast: [AS, CPAM, CPDP] },
    lean: { commands: ['propose-transfer', 'accept-transfer'] },
  },
  {
    name: 'arrêt', seed: [signal],
    bounds: { commands: ['record-sick-leave', 'extend-sick-leave', 'end-sick-leave', 'request-pre-return-visit', 'hold-pre-return-visit', 'hold-return-visit', 'end-employment', 'record-objection', 'confirm-fact', 'deny-fact'], cast: [AS, MC, MT] },
    lean: { commands: ['record-sick-leave', 'end-sick-leave', 'hold-return-visit'], cast: [AS, MT] },
  },
  {
    name: 'contacts', seed: SUPPORTED,
    bounds: { commands: ['book-appointment', 'record-missed-appointment', 'cancel-appointment', 'record-interview', 'record-contact-attempt', 'record-group-attendance', 'record-case-review', 'confirm-fact', 'deny-fact'], cast: [AS, CPAM] },
    lean: { commands: ['book-appointment', 'record-missed-appointment', 'record-interview'], cast: [AS] },
  },
  {
    name: 'mesure', seed: SUPPORTED,
    bounds: {
      commands: ['request-measure', 'record-interview', 'complete-social-assessment', 'give-medical-opinion', 'request-ilco-review', 'record-ilco-review', 'approve-measure', 'refuse-measure', 'sign-agreement', 'plan-measure-start', 'start-measure', 'renew-measure', 'interrupt-measure', 'close-measure', 'deliver-report', 'confirm-fact', 'deny-fact'],
      measures: 1, types: ['formation', 'rqth'], cast: [AS, CPAM, MC],
    },
    lean: { commands: ['request-measure', 'refuse-measure', 'start-measure', 'interrupt-measure', 'close-measure'], types: ['formation'], cast: [AS] },
  },
  {
    name: 'clôture', seed: SUPPORTED,
    bounds: { commands: ['close-support', 'complete-six-month-follow-up', 'record-six-month-unreachable', 'reopen-case', 'record-death'], motives: ['goal-reached', 'moved-away', 'death', 'measure-taken-over'], reopenings: 1 },
    lean: { commands: ['close-support', 'complete-six-month-follow-up', 'reopen-case'], motives: ['goal-reached', 'measure-taken-over'], cast: [AS, CPDP] },
  },
  {
    name: 'orientation', seed: [],
    bounds: { commands: ['refer-case', ...ANSWERS], referrals: 2, outcomes: LEAN, targets: [AS, CPAM], cast: [CPAM, AS] },
    lean: { commands: ['refer-case', 'accept-referral', 'decline-referral', 'revoke-referral', 'acknowledge-receipt', 'conclude-triage'], referrals: 1, targets: [AS], cast: [CPAM] },
  },
]; // prettier-ignore

const union = <T>(a: readonly T[] = [], b: readonly T[] = []): T[] => [...new Set([...a, ...b])];
const beside = (a: Machine, b: Machine): Scope => {
  const [x, y] = [a, b].map((m) => ({ ...NOTHING, ...m.bounds, ...m.lean })) as [Bounds, Bounds];
  const both = Object.fromEntries(
    Object.entries(x).map(([name, value]) => {
      const other = y[name as keyof Bounds];
      return [
        name,
        Array.isArray(value) ? union(value, other as readonly unknown[]) : Math.max(value as number, other as number),
      ];
    }),
  ) as unknown as Bounds;
  const seed = a.seed.length >= b.seed.length ? a.seed : b.seed;
  return { name: `${a.name} × ${b.name}`, seed, ...both, silences: 1, cast: CAST.filter((p) => both.cast.includes(p)) };
};

const ALONE: readonly Scope[] = MACHINES.map((m) => ({ ...NOTHING, ...m.bounds, name: m.name, seed: m.seed }));
/** The small ones first: when time is short, more of them are shown to the end. */
const PAIRS: readonly Scope[] = MACHINES.flatMap((a, i) => MACHINES.slice(i + 1).map((b) => beside(a, b))).toReversed();

const transmitted: Seeding = () => deed('transmit-sick-leave', { spst: 'ast-39', leave: { start: '2023-02-02', expectedEnd: '2023-06-22', risk: 'maladie' }, accord: { date: '2023-03-14', proof: 'form' } }, CPAM); // prettier-ignore
const started: Seeding = () => deed('start-measure', { type: 'formation', to: '2023-03-24' }, AS);
const requested: Seeding = () => deed('request-measure', { type: 'formation', from: '2023-05-02', to: '2023-06-02' }, AS);
const closed: Seeding = () => deed('close-support', { motive: 'moved-away' }, AS);
const LEAN_MEASURE = MACHINES.find((m) => m.name === 'mesure')!.lean!;
const MEASURES: readonly Scope[] = [
  { ...NOTHING, ...MACHINES.find((m) => m.name === 'mesure')!.bounds, name: 'essai encadré', seed: [...SUPPORTED, transmitted], types: ['essaiEncadre'], opinions: ['yes'], cast: [AS, CPDP, CPAM, MC, MT], silences: 1 },
  { ...NOTHING, name: 'avis d’une instance', seed: [...SUPPORTED, transmitted, requested], commands: ['request-ilco-review', 'record-ilco-review', 'IlcoReviewScheduled', 'IlcoReviewUnscheduled', 'give-medical-opinion', 'approve-measure', 'refuse-measure'], opinions: ['yes'], cast: [AS, CPAM, MC], silences: 2 },
  { ...NOTHING, name: 'autre dossier', seed: [signal], commands: ['FileFound', 'FileOver', 'set-file-aside', 'confirm-change', 'deny-change', 'record-signal', 'confirm-part', 'end-part', 'conclude-triage', 'assign-lead', 'record-death'], signals: 2, outcomes: LEAN, cast: [AS, CPDP, CPAM] },
  { ...NOTHING, name: 'décès annoncé', seed: [...SUPPORTED, transmitted], commands: ['record-death', 'confirm-death', 'deny-death', 'record-interview', 'close-support'], motives: ['goal-reached', 'death'], cast: [AS, CPDP, CPAM], silences: 1 },
  { ...NOTHING, ...LEAN_MEASURE, name: 'deux mesures', seed: SUPPORTED, measures: 2 },
]; // prettier-ignore

const WHOLE: readonly Scope[] = Object.entries({
  'depuis rien': [],
  'depuis une transmission': [transmitted],
  'depuis un accompagnement': [...SUPPORTED, transmitted],
  'depuis une mesure': [...SUPPORTED, started],
  'depuis une clôture': [...SUPPORTED, closed],
}).map(([from, seed]) => ({
  ...ANYTHING, name: `tout, ${from}`, seed, cast: [AS, CPDP, CPAM, CAP, MC, MT, CPAM21, CPDP21], referrals: 2, signals: 1, consents: 1, measures: 2, transfers: 1, reopenings: 1,
  silences: 1, types: ['formation'], outcomes: LEAN, targets: [AS, CPDP, CAP], motives: ['goal-reached', 'moved-away', 'measure-taken-over', 'death'],
})); // prettier-ignore

const most = (scopes: readonly Scope[], states: number): Scope[] => scopes.map((scope) => ({ ...scope, most: states }));
/**
 * What is explored: each machine alone, to its end; each beside each other one, and the whole, as far as goes in minutes, or in a night:
 * of the whole there is no end. `deep`: further, and without the thrift. `alone`: each machine alone, for those who try its states.
 */
export function scopesOf(reach: 'quick' | 'deep' | 'alone'): Scope[] {
  if (reach === 'alone') return [...ALONE, ...MEASURES];
  if (reach === 'quick') return [...ALONE, ...MEASURES, ...most(PAIRS, 1000), ...most(WHOLE, 120)];
  const all = [...ALONE, ...MEASURES, ...most(PAIRS, 2000), ...most(WHOLE, 1000)];
  return all.map((scope) => ({ ...scope, fine: true, silences: Infinity }));
}
