import { type Zone, ZONE_CODES } from '../kernel/fields.js';
import { type LocalDate, localDate, within } from '../kernel/local-date.js';
import { type Role } from '../kernel/roles.js';

/**
 * Who sees what: partner × zone × condition, as data with a date.
 * A allowed · C with the person's accord · O allowed unless the person objects · P only as a party to the fact · R only whoever answers
 * for the case, the caisse included, and whoever is asked in the fact itself · F forbidden.
 * Reasons, cell by cell where there is an article: secret (L.1110-4 CSP, L.411-3 CASF); CAP to employer and médecin conseil: R.4624-30
 * CT; JOB to the Assurance Maladie: L.4622-2-1 CT; MC, strictly necessary: L.315-1 CSS; référent handicap: L.5213-6-1 CT; bilan of an essai
 * encadré to Cap emploi: D.323-6-7 CSS; DREETS on a CRPE: R.5213-15 CT. Cells without an article are our convention (D). There is no column for
 * a diagnosis, because no field holds one. `coordination` and `waiting` are ours (ADR 0006, ADR 0014). A role without a row sees nothing.
 */
export type Condition = 'A' | 'C' | 'O' | 'P' | 'R' | 'F';
type Row = Readonly<Record<Zone, Condition>>;

/** Columns: coordination, identity, leave, capacity, job, social, measure, decision, outcome, waiting. */
const row = (cells: string): Row => Object.fromEntries(cells.split(' ').map((c, i) => [ZONE_CODES[i], c])) as Row;

export interface Matrix {
  readonly from: LocalDate;
  readonly to?: LocalDate;
  readonly rows: Readonly<Partial<Record<Role, Row>>>;
}
export const MATRICES: readonly Matrix[] = [
  {
    from: localDate('2000-01-01'),
    rows: {
      //                      coo id lea cap job soc mea dec out wai
      MT: /*               */ row('A A C A A C A A C R'),
      IDEST: /*            */ row('A A C A A C A A C R'),
      CPDP: /*             */ row('A A C C A C A A C R'),
      AS: /*               */ row('A A A C C A A A A R'),
      CSAM: /*             */ row('A A A C C C A A A R'),
      CPAM: /*             */ row('A A A F C F A A A R'),
      MC: /*               */ row('A A A O C C A A A R'),
      MTR: /*              */ row('A A A C C C A C C F'),
      CAP_EMPLOI: /*       */ row('A C C C C C C C C R'),
      CEP: /*              */ row('A C C C C F C C C R'),
      MDPH: /*             */ row('A C F C C C C C F R'),
      COMETE: /*           */ row('A C C C C C C C C R'),
      EMPLOYER: /*         */ row('P A A O A F P P F F'),
      REFERENT_HANDICAP:      row('P C F C C F C C F F'), // prettier-ignore
      HOST: /*             */ row('P P F C A F P P F F'),
      AGEFIPH: /*          */ row('P C F C C F C C F F'),
      DREETS: /*           */ row('P P F F P F P P F F'),
      PATIENT_PARTNER: /*  */ row('F F F F F F F F F F'),
      // Without rights of their own (HAS, 07/2023): what the person gives them, not even that there is a case.
      MEDIATEUR_PAIR: /*   */ row('C C C C C C C C C F'),
      MEDIATEUR_SANTE: /*  */ row('C C C C C C C C C F'),
      INTERVENANT_ETP: /*  */ row('C C C C C C C C C F'),
    },
  },
];
/** What a role may know of a zone, by the matrix of a day. */
export const conditionOf = (role: Role, zone: Zone, on: LocalDate): Condition =>
  MATRICES.find((m) => within(on, m.from, m.to))?.rows[role]?.[zone] ?? 'F';
