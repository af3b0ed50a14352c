import { type Text, t } from './text.js';

/** Who acts. A caller acts for one organisation in one of these; the labels are the field's own words. */
export const ROLES = {
  MT: t('médecin du travail', 'occupational physician'),
  IDEST: t('infirmier de santé au travail', 'occupational health nurse'),
  CPDP: t('cellule PDP du SPST', 'PDP unit of the occupational health service'),
  AS: t('assistant de service social', 'CARSAT social worker'),
  CSAM: t("conseiller de service de l'Assurance Maladie", 'health insurance service adviser'),
  CPAM: t('référent PDP de la caisse', 'sickness fund PDP officer'),
  MC: t('médecin conseil', 'medical adviser of the sickness fund'),
  MTR: t('médecin traitant', 'treating physician'),
  CAP_EMPLOI: t('Cap emploi (OPS)', 'Cap emploi'),
  CEP: t('conseil en évolution professionnelle', 'career guidance service'),
  MDPH: t('MDPH', 'departmental disability office'),
  COMETE: t('Comète France', 'Comète France'),
  EMPLOYER: t('employeur', 'employer'),
  REFERENT_HANDICAP: t('référent handicap', 'disability officer of the company'),
  HOST: t('entreprise ou structure d’accueil, tuteur', 'host company, tutor'),
  AGEFIPH: t('Agefiph', 'Agefiph'),
  TRANSITIONS_PRO: t('Transitions Pro', 'Transitions Pro'),
  PROVIDER: t('organisme de formation ou de placement', 'training or placement provider'),
  FRANCE_TRAVAIL: t('France Travail, mission locale', 'public employment service'),
  DREETS: t('DREETS', 'regional labour directorate'),
  ASSURE: t('la personne accompagnée', 'the person supported'),
  PATIENT_PARTNER: t('plateforme de patients partenaires', 'patient partner platform'),
  MEDIATEUR_PAIR: t('médiateur de santé-pair', 'peer health mediator'),
  MEDIATEUR_SANTE: t('médiateur de santé', 'health mediator'),
  INTERVENANT_ETP: t('intervenant en éducation thérapeutique (ETP)', 'therapeutic education worker'),
  AUDITOR: t('auditeur', 'auditor'),
  OPERATOR: t("exploitant de l'installation", 'operator of the installation'),
} as const satisfies Record<string, Text>;
export type Role = keyof typeof ROLES;
export const ROLE_CODES = Object.keys(ROLES) as Role[];

/** The partners that have accounts and handle cases. The others act through whoever records for them, with the evidence. */
export const CASE_WORKERS: readonly Role[] = [
  'MT',
  'IDEST',
  'CPDP',
  'AS',
  'CSAM',
  'CPAM',
  'MC',
  'CAP_EMPLOI',
  'CEP',
  'MDPH',
  'COMETE',
];
export const SPST_ROLES: readonly Role[] = ['MT', 'IDEST', 'CPDP'];

/**
 * Institutions between which passing on a case is "crossing": it then needs the person's accord (convention, D;
 * L.4622-2-1 CT and L.315-4 CSS for the way between the caisse and the SPST; L.411-3 CASF for the Service social).
 */
export const INSTITUTIONS: Partial<Record<Role, string>> = {
  MT: 'spst',
  IDEST: 'spst',
  CPDP: 'spst',
  AS: 'assurance-maladie',
  CSAM: 'assurance-maladie',
  CPAM: 'assurance-maladie',
  MC: 'assurance-maladie',
};
export const sameInstitution = (a: Role, b: Role): boolean => (INSTITUTIONS[a] ?? a) === (INSTITUTIONS[b] ?? b);

/** Identifier of an organisation in the directory, for example `carsat-bfc`. */
export type OrganisationId = string;

/** Who acted. A partner without account has a role, and an organisation or a person where they are known. */
export interface Party {
  readonly organisation: OrganisationId | null;
  readonly role: Role;
  /** A professional, by opaque identifier only, never by name. */
  readonly person: string | null;
}
/** What a recorder holds when it records the act of somebody else. */
export const EVIDENCE_KINDS = ['letter', 'call', 'form', 'email', 'interview', 'attestation', 'published-report'] as const;
export interface Evidence {
  readonly kind: (typeof EVIDENCE_KINDS)[number];
  readonly date?: LocalDateLike;
  /** Reference of the document in the recorder's own files; no free text. */
  readonly reference?: string;
}
type LocalDateLike = string;
