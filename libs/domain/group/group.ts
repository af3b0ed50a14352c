import { declareEvent } from '../kernel/declared-event.js';
import { code, codes, date, int, newId, ref } from '../kernel/fields.js';
import { ROLE_CODES } from '../kernel/roles.js';
import { t } from '../kernel/text.js';

const THEMES = ['potentialis', 'inclu-pro', 'rights', 'return-to-work', 'other'] as const;
/** `group-{id}`: a group action. Who attended is a fact of each person's case (GroupSessionAttended), not of this stream. */
export const GroupActionPlanned = declareEvent('GroupActionPlanned', {
  groupId: newId('group', t('action collective', 'group action')),
  theme: code('coordination', t('thème', 'theme'), THEMES),
  date: date('coordination', t('date', 'date'), '2023-10-12'),
  seats: int('coordination', t('places', 'seats'), 1, 200, 12),
  partners: codes('coordination', t('partenaires', 'partners'), ROLE_CODES, ['AS', 'CEP']),
});
export const GroupActionHeld = declareEvent('GroupActionHeld', {
  groupId: ref('group', t('action collective', 'group action')),
  attendance: int('coordination', t('présents', 'people present'), 0, 200, 9),
});
export const GROUP_EVENTS = [GroupActionPlanned, GroupActionHeld] as const;
