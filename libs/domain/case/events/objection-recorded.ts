import { code, codes } from '../../kernel/fields.js';
import { ROLE_CODES } from '../../kernel/roles.js';
import { ZONE_CODES } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';

/** The person objects to something that would otherwise be passed on (R.4624-30 CT: recommendations of a préreprise visit). */
export const ObjectionRecorded = act({
  type: 'ObjectionRecorded',
  command: 'record-objection',
  label: t('Opposition de la personne', 'Objection of the person'),
  source: 'R.4624-30 CT',
  zone: 'coordination',
  rank: 3,
  by: ['ASSURE'],
  fields: {
    zones: codes('coordination', t('zones visées', 'zones concerned'), ZONE_CODES, ['capacity']),
    recipientRole: code(
      'coordination',
      t('rôle visé ; tous si absent', 'role concerned; all if absent'),
      ROLE_CODES,
      'EMPLOYER',
    ).optional(),
  },
  apply(draft, { data, on }) {
    draft.objections.push({ zones: data.zones ?? [], on, ...(data.recipientRole && { recipientRole: data.recipientRole }) });
  },
});
