import { aside } from '../kernel/aside.js';
import { codes, pattern, siret, text } from '../kernel/fields.js';
import { ROLE_CODES } from '../kernel/roles.js';
import { t } from '../kernel/text.js';

/** `organisation-{id}`: an organisation of the directory. Registered again, the last word counts. */
export const OrganisationRegistered = aside({
  type: 'OrganisationRegistered',
  command: 'register-organisation',
  path: 'organisations',
  label: t('Enregistrer une organisation de l’annuaire', 'Register an organisation'),
  by: ['OPERATOR'],
  fields: {
    id: pattern('coordination', t('identifiant', 'identifier'), /^[a-z0-9][a-z0-9-]{1,60}$/, 'carsat-bfc'),
    name: text('coordination', t('nom', 'name'), 'Carsat Bourgogne-Franche-Comté', 200),
    roles: codes('coordination', t('rôles dans lesquels ses agents agissent', 'roles in which its people act'), ROLE_CODES, [
      'AS',
      'CSAM',
    ]),
    territory: pattern('coordination', t('département ou région', 'département or region'), /^[0-9A-Z]{2,5}$/, '39'),
    region: pattern(
      'coordination',
      t('région, quand le territoire est un département', 'region, where the territory is a département'),
      /^[0-9A-Z]{2,5}$/,
      'BFC',
    ).optional(),
    spstCode: pattern(
      'coordination',
      t('code de routage du SPST', 'routing code of the SPST'),
      /^MT[0-9A-Z]{2,10}$/,
      'MT39',
    ).optional(),
    siret: siret('coordination', t('SIRET', 'SIRET')).optional(),
    timeZone: pattern('coordination', t('fuseau IANA', 'IANA zone'), /^[A-Za-z_]+\/[A-Za-z_/-]+$/, 'Europe/Paris').optional(),
  },
  family: 'organisation',
  id: ({ id }) => id,
});
