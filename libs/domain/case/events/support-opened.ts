import { code } from '../../kernel/fields.js';
import { impossible } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { giveLead } from '../taking-part.js';
import { EMPLOYMENT_STATUS, OCCUPATION_GROUPS, ORIGINS, SECTORS } from '../codes.js';

/** Support begins; whoever opens it leads it unless there is a lead already. */
export const SupportOpened = act({
  type: 'SupportOpened',
  command: 'open-support',
  label: t('Accompagnement ouvert', 'Support opened'),
  source: 'L.4622-8-1 CT, pratique publiée, Carsat BFC 2023 (S)',
  zone: 'coordination',
  nature: 'ask',
  guarded: true,
  by: ['AS', 'CSAM', 'CPDP', 'MT', 'IDEST'],
  fields: {
    origin: code('coordination', t('origine de l’accompagnement', 'origin of the support'), ORIGINS, 'mc-request'),
    detection: code('coordination', t('repérage', 'detection'), ORIGINS, 'mc-request').optional(),
    sex: code('identity', t('sexe', 'sex'), ['F', 'M']).optional(),
    ageBand: code('identity', t('tranche d’âge', 'age band'), ['16-25', '26-45', '46-59', '60-74']).optional(),
    household: code('social', t('foyer', 'household'), [
      'alone',
      'couple',
      'couple-children',
      'single-parent',
      'other',
    ]).optional(),
    risk: code('leave', t('risque', 'risk'), ['maladie', 'AT', 'MP', 'maternite', 'invalidite', 'none']).optional(),
    employment: code('job', t('statut', 'status'), EMPLOYMENT_STATUS).optional(),
    sector: code('job', t('secteur d’activité (section de la NAF)', 'sector (section of the NAF)'), SECTORS, 'Q').optional(),
    occupationGroup: code('job', t('catégorie socioprofessionnelle', 'occupation group'), OCCUPATION_GROUPS, 'worker').optional(),
  },
  available: (v) =>
    v.support && !v.support.closedOn
      ? [impossible('support.open', t('L’accompagnement est déjà ouvert.', 'Support is open already.'))]
      : [],
  check: ({ before }) =>
    before.support?.closedOn ? [impossible('case.notOpen', t('Dossier clos : le rouvrir.', 'Closed: reopen it.'))] : [],
  apply(draft, fact) {
    const { data, on, by } = fact;
    draft.support = {
      openedOn: on,
      openedBy: by,
      ...(data.origin && { origin: data.origin }),
      ...(data.detection && { detection: data.detection }),
    };
    if (draft.leads.length === 0 && by.organisation)
      giveLead(draft, { organisation: by.organisation, role: by.role, person: by.person, from: on }, fact);
  },
});
