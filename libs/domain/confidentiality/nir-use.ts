import { type LocalDate, localDate, within } from '../kernel/local-date.js';
import { type Role } from '../kernel/roles.js';

/**
 * Who may use the person's number (NIR, or the INS matricule that is made of it): the article that lists the body, by role. R.115-1 CSS
 * reserves it; no accord of the person widens the list. `null`: neither types, reads nor searches it, whatever else it may see.
 * MDPH, France Travail and employers use a NIR for purposes of their own by other texts, of which this one is none (D).
 */
interface NirUse {
  readonly from: LocalDate;
  readonly to?: LocalDate;
  readonly by: Readonly<Record<Role, string | null>>;
}
const INS = 'L.1111-8-1 CSP';
export const NIR_USES: readonly NirUse[] = [
  {
    from: localDate('1900-01-01'),
    by: {
      CPAM: 'R.115-1 CSS',
      MC: 'R.115-1 CSS',
      AS: 'R.115-1 CSS',
      CSAM: 'R.115-1 CSS',
      MT: `L.4624-8 CT, ${INS}`,
      IDEST: `L.4624-8 CT, ${INS}`,
      // Led by the occupational physician, under whose responsibility it works.
      CPDP: `L.4622-8-1 CT, L.4624-8 CT, ${INS}`,
      MTR: INS,
      // A department of a health establishment.
      COMETE: INS,
      // One's own.
      ASSURE: 'article 15 RGPD',
      CAP_EMPLOI: null, CEP: null, MDPH: null, EMPLOYER: null, REFERENT_HANDICAP: null, HOST: null, AGEFIPH: null, TRANSITIONS_PRO: null, PROVIDER: null,
      FRANCE_TRAVAIL: null, DREETS: null, PATIENT_PARTNER: null, MEDIATEUR_PAIR: null, MEDIATEUR_SANTE: null, INTERVENANT_ETP: null, AUDITOR: null, OPERATOR: null,
    }, // prettier-ignore
  },
];

/** The article on which a role uses the number on a day; undefined when it may not. */
export const nirBasis = (role: Role, on: LocalDate): string | undefined =>
  NIR_USES.find((use) => within(on, use.from, use.to))?.by[role] ?? undefined;
export const mayUseNir = (role: Role, on: LocalDate): boolean => nirBasis(role, on) !== undefined;

/** What a rule found by reading a number, kept in an event: told to those only who may use it, whatever they see of the identity. */
export const restsOnNumber = ({ code }: { readonly code: string }): boolean => code === 'person.nirContradicts';
