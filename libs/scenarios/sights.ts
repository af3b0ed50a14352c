import { type Role } from '../domain/kernel/roles.js';

/** The words by which a file says what a partner sees, and where the case file that it is served has it. */
const WORDS: Readonly<Record<string, string>> = {
  identité: 'person.familyName',
  arrêts: 'leaves.start',
  accords: 'consents.zones',
  poste: 'activities.status',
  évaluation: 'assessments.fit',
  entretiens: 'contacts.on',
  'suite des entretiens': 'contacts.outcome',
  'risque d’inaptitude': 'visits.riskOfUnfitness',
  visites: 'visits.heldOn',
  'conclusion des visites': 'visits.outcome',
  'ressources suggérées': 'notes.type=ResourceSuggested',
  convention: 'handshakes.conventionId',
  mesures: 'measures.type',
  avis: 'measures.opinions.role',
  décisions: 'measures.decisions.kind',
  'avis d’instance': 'measures.ilcoOpinions.opinion',
  présences: 'measures.presences.date',
  bilans: 'measures.reviews.result',
  'bilan final': 'measures.closed.result',
  aides: 'aids.kind',
  montants: 'aids.amount',
  'fin de contrat': 'milestones.kind=employment-ended',
  'nouvel emploi': 'milestones.kind=new-job-started',
  inaptitude: 'milestones.kind=unfitness-issued',
  'temps partiel': 'milestones.kind=therapeutic-part-time-started',
  'fin de situation': 'closures.situation',
  'situation à 6 mois': 'closures.call.situation',
};
const TASK = /^tâche ([a-z-]+)$/;

export const isKnownSight = (what: string): boolean => what === 'dossier' || what in WORDS || TASK.test(what);
export const SIGHT_WORDS = ['dossier', ...Object.keys(WORDS), 'tâche …'];

/** The case file as a partner is served it; null where the case does not exist for it. */
export type CaseFile = Readonly<Record<string, unknown>> | null;

/** Whether a partner sees it. A task is one that its organisation has in this role. */
export function sees(what: string, file: CaseFile, role: Role): boolean {
  if (what === 'dossier') return file !== null;
  const task = TASK.exec(what)?.[1];
  if (task !== undefined)
    return ((file?.['items'] ?? []) as { kind: string; role: string }[]).some((item) => item.kind === task && item.role === role);
  const [path = '', wanted] = (WORDS[what] ?? '').split('=');
  const values = at(file, path.split('.'));
  return wanted === undefined ? values.length > 0 : values.includes(wanted);
}
/** Every value at a path, through lists. */
function at(value: unknown, path: readonly string[]): unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => at(item, path));
  const [key, ...rest] = path;
  return key === undefined ? [value] : typeof value === 'object' ? at((value as Record<string, unknown>)[key], rest) : [];
}
