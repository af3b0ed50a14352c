import { aside } from '../kernel/aside.js';
import { code, codes, date, int, newId, ref } from '../kernel/fields.js';
import { ROLE_CODES } from '../kernel/roles.js';
import { t } from '../kernel/text.js';

const THEMES = ['potentialis', 'inclu-pro', 'rights', 'return-to-work', 'other'] as const;
/** `group-{id}`: a group action. Who attended is a fact of each person's case (GroupSessionAttended), not of this stream. */
export const GroupActionPlanned = aside({
  type: 'GroupActionPlanned',
  command: 'plan-group-action',
  path: 'group-actions',
  label: t('Programmer une action collective', 'Plan a group action'),
  by: ['AS', 'CSAM'],
  fields: {
    groupId: newId('group', t('action collective', 'group action')),
    theme: code('coordination', t('thème', 'theme'), THEMES),
    date: date('coordination', t('date', 'date'), '2023-10-12'),
    seats: int('coordination', t('places', 'seats'), 1, 200, 12),
    partners: codes('coordination', t('partenaires', 'partners'), ROLE_CODES, ['AS', 'CEP']),
  },
  family: 'group',
  id: ({ groupId }) => groupId,
  place: 'new',
});
export const GroupActionHeld = aside({
  type: 'GroupActionHeld',
  command: 'hold-group-action',
  path: 'group-actions/held',
  label: t('Constater une action collective', 'Record a group action held'),
  by: ['AS', 'CSAM'],
  fields: {
    groupId: ref('group', t('action collective', 'group action')),
    attendance: int('coordination', t('présents', 'people present'), 0, 200, 9),
  },
  family: 'group',
  id: ({ groupId }) => groupId,
  place: 'there',
});
