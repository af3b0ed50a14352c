import { AUDIENCES, NEEDS } from '../case/codes.js';
import { aside } from '../kernel/aside.js';
import { impossible } from '../kernel/errors.js';
import { code, codes, list, newId, pattern, ref, text } from '../kernel/fields.js';
import { t } from '../kernel/text.js';

/** Neither query nor fragment nor credentials: nothing in an address that is handed out tells who followed it. */
const ADDRESS = /^https:\/\/[a-z0-9.-]+(\/[^\s?#;@]{0,300})?$/;
const address = (fr: string, en: string) => pattern('coordination', t(fr, en), ADDRESS, 'https://www.mon-cep.org');

/**
 * `resource-{id}`: patient partners, advice lines, CEP, associations. Listed by the operator alone, as organisations are: whoever answers
 * for the installation vouches for an address that is handed to people. Nothing here, or anywhere, says that one of them was used.
 */
export const ResourceListed = aside({
  type: 'ResourceListed',
  command: 'list-resource',
  path: 'resources',
  label: t('Inscrire une ressource à l’annuaire', 'List a resource in the directory'),
  by: ['OPERATOR'],
  fields: {
    resourceId: newId('resource', t('ressource', 'resource')),
    name: text('coordination', t('nom de l’organisme (jamais d’une personne)', 'name of the body (never of a person)'), 'Mon conseil en évolution professionnelle', 200),
    kind: code('coordination', t('sorte', 'kind'), ['patient-partner', 'advice-line', 'cep', 'cap-emploi', 'association', 'mediator', 'other'], 'cep'),
    situations: codes('coordination', t('situations (jamais de santé)', 'situations (never of health)'), NEEDS, ['job-change']),
    audiences: codes('coordination', t('pour qui', 'for whom'), AUDIENCES, ['person']),
    territory: pattern('coordination', t('département ou région ; absent : le pays', 'département or region; absent: the country'), /^[0-9A-Z]{2,5}$/, 'BFC').optional(),
    url: address('adresse https, sans paramètre', 'https address, without parameters').optional(),
    phone: pattern('coordination', t('téléphone', 'phone'), /^\+?[0-9 .]{4,20}$/, '09 72 01 02 03').optional(),
    hours: text('coordination', t('horaires', 'hours'), 'du lundi au vendredi, de 9 h à 17 h', 200).optional(),
    sheets: list('coordination', t('fiches conseil', 'advice sheets'), {
      audience: code('coordination', t('pour qui', 'for whom'), AUDIENCES, 'manager'),
      title: text('coordination', t('titre', 'title'), 'Accueillir le retour d’un collègue', 200),
      url: address('adresse https, sans paramètre', 'https address, without parameters'),
    }, { max: 50 }).optional(),
  }, // prettier-ignore
  family: 'resource',
  id: ({ resourceId }) => resourceId,
  check: ({ data }) =>
    data.url === undefined && data.phone === undefined
      ? [impossible('resource.noContact', t('Une adresse ou un téléphone : il faut pouvoir la joindre.', 'An address or a phone: it must be possible to reach it.'), 'convention (D)')]
      : [], // prettier-ignore
});
export const ResourceRetired = aside({
  type: 'ResourceRetired',
  command: 'retire-resource',
  path: 'resources/retired',
  label: t('Retirer une ressource de l’annuaire', 'Retire a resource from the directory'),
  by: ['OPERATOR'],
  fields: { resourceId: ref('resource', t('ressource', 'resource')) },
  family: 'resource',
  id: ({ resourceId }) => resourceId,
  place: 'there',
});
