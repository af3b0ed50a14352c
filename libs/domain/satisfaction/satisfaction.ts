import { aside } from '../kernel/aside.js';
import { code, pattern } from '../kernel/fields.js';
import { t } from '../kernel/text.js';

/** `satisfaction-{id}`: level only, apart from the case: nothing here leads back to a person. */
export const SatisfactionAnswered = aside({
  type: 'SatisfactionAnswered',
  command: 'answer-satisfaction',
  path: 'satisfaction',
  label: t('Enregistrer une réponse de satisfaction', 'Record a satisfaction level'),
  by: ['AS', 'CSAM', 'CPDP'],
  fields: {
    level: code('coordination', t('satisfaction', 'satisfaction'), [
      'very-satisfied',
      'satisfied',
      'unsatisfied',
      'very-unsatisfied',
    ]),
    territory: pattern('coordination', t('territoire', 'territory'), /^[0-9A-Z]{2,5}$/, '39'),
  },
  family: 'satisfaction',
  id: (_, own) => own,
});
