import { type Organisation } from '../case/act.js';
import { aside } from '../kernel/aside.js';
import { type Finding, impossible } from '../kernel/errors.js';
import { codes, pattern, siret, text } from '../kernel/fields.js';
import { ROLE_CODES, type Role, SPST_ROLES } from '../kernel/roles.js';
import { t } from '../kernel/text.js';

/**
 * The SPST that a routing code means: the one organisation that holds it, in a role of an SPST. Two holders, or one that is no SPST, mean
 * nobody: who is meant is for a human to find out, or a person's number and leave would go to whoever comes first in the alphabet.
 */
export const spstOf = (code: string, all: readonly Organisation[]): Organisation | undefined => {
  const holder = only(all.filter((o) => o.spstCode === code));
  return holder && isSpst(holder) ? holder : undefined;
};
/** The CPAM of a territory, where it has one: some départements have several, and then it has to be named. */
export const caisseIn = (territory: string, all: readonly Organisation[]): Organisation | undefined =>
  only(all.filter((o) => o.roles.includes('CPAM') && o.territory === territory));

const isSpst = ({ roles }: { readonly roles: readonly Role[] }): boolean => roles.some((role) => SPST_ROLES.includes(role));
const only = <T>(found: readonly T[]): T | undefined => (found.length === 1 ? found[0] : undefined);
/** The directory is everybody's to read: it says whose it is. */
const taken = (code: string, what: string, inEnglish: string, { id, name }: Organisation): Finding =>
  impossible(code, t(`${what} est déjà celui de « ${name} » (${id}).`, `${inEnglish} is that of "${name}" (${id}) already.`), 'convention (D)'); // prettier-ignore

/**
 * An organisation of the directory. Registered again, the last word counts. All are in one stream (those of before 2026-12 have one each),
 * so that two that come at the same instant for one code see each other (ADR 0019).
 */
export const OrganisationRegistered = aside({
  type: 'OrganisationRegistered',
  command: 'register-organisation',
  path: 'organisations',
  label: t('Enregistrer une organisation de l’annuaire', 'Register an organisation'),
  by: ['OPERATOR'],
  // Nobody's, and nobody's neighbour's: whoever sends it as it stands changes nothing that is there.
  fields: {
    id: pattern('coordination', t('identifiant', 'identifier'), /^[a-z0-9][a-z0-9-]{1,60}$/, 'spst-exemple'),
    name: text('coordination', t('nom', 'name'), 'SPST de l’exemple', 200),
    roles: codes(
      'coordination',
      t('rôles dans lesquels ses agents agissent', 'roles in which its people act'),
      ROLE_CODES,
      SPST_ROLES,
    ),
    territory: pattern('coordination', t('département ou région', 'département or region'), /^[0-9A-Z]{2,5}$/, '39'),
    region: pattern(
      'coordination',
      t('région, quand le territoire est un département', 'region, where the territory is a département'),
      /^[0-9A-Z]{2,5}$/,
      'BFC',
    ).optional(),
    spstCode: pattern(
      'coordination',
      t('code de routage du SPST, qui n’est à nul autre', 'routing code of the SPST, which nobody else has'),
      /^MT[0-9A-Z]{2,10}$/,
      'MTEXEMPLE',
    ).optional(),
    siret: siret('coordination', t('SIRET, qui n’est à nul autre', 'SIRET, which nobody else has'), '12345678200010').optional(),
    timeZone: pattern('coordination', t('fuseau IANA', 'IANA zone'), /^[A-Za-z_]+\/[A-Za-z_/-]+$/, 'Europe/Paris').optional(),
  },
  family: 'organisation',
  together: true,
  id: ({ id }) => id,
  check: ({ data, directory }) => {
    const others = directory.all().filter(({ id }) => id !== data.id);
    const holder = others.find((o) => data.spstCode !== undefined && o.spstCode === data.spstCode);
    const registered = others.find((o) => data.siret !== undefined && o.siret === data.siret);
    return [
      ...(holder ? [taken('organisation.spstCodeTaken', `Le code de routage ${data.spstCode}`, `The routing code ${data.spstCode}`, holder)] : []),
      ...(data.spstCode !== undefined && !isSpst(data)
        ? [impossible('organisation.spstCodeNotSpst', t('Un code de routage est celui d’un SPST : aucun de ses rôles n’est ici (CPDP, MT, IDEST).', 'A routing code is that of an occupational health service: none of its roles is here (CPDP, MT, IDEST).'), 'L.315-4 CSS')]
        : []),
      ...(registered ? [taken('organisation.siretTaken', `Le SIRET ${data.siret}`, `The SIRET ${data.siret}`, registered)] : []),
    ];
  }, // prettier-ignore
});
