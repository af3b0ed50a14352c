import { aside } from '../kernel/aside.js';
import { codes, date, list, newId, pattern, ref, type Zone, ZONE_CODES } from '../kernel/fields.js';
import { type LocalDate } from '../kernel/local-date.js';
import { t } from '../kernel/text.js';

/** `mandate-{id}`: what an auditor may replay: which cases, which period of facts, which zones, and until when (decision 7). */
export const MandateGranted = aside({
  type: 'MandateGranted',
  command: 'grant-mandate',
  path: 'mandates',
  label: t('Donner mandat à un auditeur', 'Grant a mandate to an auditor'),
  by: ['OPERATOR'],
  fields: {
    mandateId: newId('event', t('mandat', 'mandate')),
    auditor: pattern(
      'coordination',
      t('identifiant de l’auditeur (sub)', 'identifier of the auditor (sub)'),
      /^[A-Za-z0-9._:@-]{1,80}$/,
      'a-118',
    ),
    cases: list('coordination', t('dossiers', 'cases'), { caseId: ref('case', t('dossier', 'case')) }, { min: 1, max: 1000 }),
    zones: codes('coordination', t('zones', 'zones'), ZONE_CODES, ['coordination', 'measure', 'decision']),
    factsFrom: date('coordination', t('faits à partir du', 'facts from'), '2023-01-01'),
    factsTo: date('coordination', t('faits jusqu’au', 'facts to'), '2023-12-31'),
    validFrom: date('coordination', t('mandat valable du', 'valid from'), '2024-01-01'),
    validTo: date('coordination', t('au', 'to'), '2024-06-30'),
  },
  professionals: ['auditor'],
  family: 'mandate',
  id: ({ mandateId }) => mandateId,
  place: 'new',
});
export interface Mandate {
  readonly mandateId: string;
  readonly auditor: string;
  readonly cases: readonly string[];
  readonly zones: readonly Zone[];
  readonly factsFrom: LocalDate;
  readonly factsTo: LocalDate;
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate;
}
export const mandateOf = (data: Readonly<Record<string, unknown>>): Mandate => {
  const { cases, ...mandate } = data as unknown as Omit<Mandate, 'cases'> & {
    readonly cases: readonly { readonly caseId: string }[];
  };
  return { ...mandate, cases: cases.map((c) => c.caseId) };
};
/** The mandate under which an auditor may look at a case on a day, if there is one. */
export const mandateFor = (mandates: readonly Mandate[], auditor: string, caseId: string, on: LocalDate): Mandate | undefined =>
  mandates.find((m) => m.auditor === auditor && m.cases.includes(caseId) && m.validFrom <= on && on <= m.validTo);
