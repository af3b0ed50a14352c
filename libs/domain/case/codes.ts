/** Code lists that several acts share. */
export const EMPLOYMENT_STATUS = [
  'salarie',
  'interim',
  'apprenti',
  'stagiaireFP',
  'agricole',
  'TI',
  'agentPublic',
  'sansEmploi',
] as const;
/** Why somebody is sent on; never a health reason. */
export const REFERRAL_MOTIVES = [
  'pdp',
  'social',
  'job-retention',
  'career',
  'funding',
  'job-study',
  'training',
  'visit',
  'other',
] as const;
export const DECLINE_MOTIVES = [
  'out-of-scope',
  'out-of-territory',
  'no-capacity',
  'already-followed',
  'person-declined',
  'wrong-address',
] as const;
/** How a case was found, and how its support began: two different things (docs/domain.md). */
export const ORIGINS = ['mc-request', 'cpam', 'spst', 'employer', 'france-services', 'urssaf-help', 'person', 'mtr', 'cap-emploi', 'cep', 'hospital', 'moved', 'other'] as const; // prettier-ignore
/** How a person stands, at closure and six months later: one list, so that both can be compared. */
export const SITUATIONS = ['same-job', 'same-employer-adapted', 'other-employer', 'training', 'job-seeking', 'on-leave', 'disability-pension', 'retired', 'unfit-dismissed', 'other'] as const; // prettier-ignore
export const CONSENT_PURPOSES = ['transmission', 'referral', 'support', 'measure', 'return-information'] as const;
export const CHANNELS = ['visu', 'telephone', 'domicile', 'visio', 'email', 'letter'] as const;
/** What the yearly bilan counts: sections of the NAF, first level of the PCS 2020. */
export const SECTORS = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T', 'U'] as const; // prettier-ignore
export const OCCUPATION_GROUPS = [
  'farmer',
  'trader-or-craftsman',
  'executive',
  'intermediate',
  'clerk',
  'worker',
  'none',
] as const;
/** Préconisations, as practice names them. */
export const RECOMMENDATIONS = [
  'job-adjustment', 'redeployment', 'other-employer', 'training', 'skills-assessment', 'work-trial', 'rehabilitation-agreement', 'therapeutic-part-time', 'career-guidance',
  'disability-recognition', 'disability-pension', 'business-support', 'pre-return-visit', 'rights', 'financial-aid', 'job-search', 'group-action', 'retirement', 'other',
] as const; // prettier-ignore
export const GROUP_THEMES = ['potentialis', 'inclu-pro', 'rights', 'return-to-work', 'job-retention', 'career', 'health-and-work', 'other'] as const; // prettier-ignore
/** What somebody looks for help with, never a health cause, and who they are to the case. */
export const NEEDS = ['return-to-work', 'job-change', 'burden-of-leave', 'isolation', 'rights', 'disability-recognition', 'self-employment'] as const; // prettier-ignore
export const AUDIENCES = ['person', 'manager', 'staff-representative', 'referent-handicap'] as const;
