import { newId, text } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { aidOf } from '../view.js';
import { AGAIN } from '../same-day.js';

export const TechnicalAidRequested = act({
  type: 'TechnicalAidRequested',
  command: 'request-technical-aid',
  label: t('Aide technique demandée', 'Technical aid requested'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'job',
  rank: 30,
  by: ['CAP_EMPLOI', 'COMETE', 'MT', 'IDEST', 'CPDP', 'AS', 'CSAM', 'EMPLOYER', 'ASSURE'],
  fields: {
    aidId: newId('aid', t('aide', 'aid')),
    equipment: text('job', t('matériel ou aménagement', 'equipment or adjustment'), 'table élévatrice', 300).optional(),
    again: AGAIN,
  },
  once: { what: 'aid', alike: ({ equipment }) => [equipment] },
  apply(draft, { data, on }) {
    if (data.aidId !== undefined) aidOf(draft, data.aidId, 'technical').requestedOn = on;
  },
});
