import { code, ref } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';

/** The person's attendance; the session itself lives in a stream of its own. */
export const GroupSessionAttended = act({
  type: 'GroupSessionAttended',
  command: 'record-group-attendance',
  label: t('Participation à une action collective', 'Group session attended'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'social',
  rank: 52,
  by: ['AS', 'CSAM', 'CPDP'],
  fields: {
    groupId: ref('group', t('action collective', 'group action')),
    theme: code('social', t('thème', 'theme'), [
      'potentialis',
      'inclu-pro',
      'rights',
      'job-retention',
      'career',
      'health-and-work',
      'other',
    ]),
  },
  apply(draft, { id, on, by }) {
    draft.contacts.push({ eventId: id, kind: 'group-session', on, by });
  },
});
