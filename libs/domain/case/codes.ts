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
export const ORIGINS = ['mc-request', 'cpam', 'spst', 'employer', 'france-services', 'urssaf-help', 'person', 'mtr', 'cap-emploi', 'cep', 'hospital', 'other'] as const; // prettier-ignore
export const CONSENT_PURPOSES = ['transmission', 'referral', 'support', 'measure', 'return-information'] as const;
export const CHANNELS = ['visu', 'telephone', 'domicile', 'visio', 'email', 'letter'] as const;
