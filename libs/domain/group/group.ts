import { GROUP_THEMES } from '../case/codes.js';
import { aside, type AsideCheck } from '../kernel/aside.js';
import { type Finding, impossible } from '../kernel/errors.js';
import { bool, code, codes, date, type Fields, int, list, newId, ref } from '../kernel/fields.js';
import { type LocalDate } from '../kernel/local-date.js';
import { CASE_WORKERS, ROLE_CODES } from '../kernel/roles.js';
import { t, type Text } from '../kernel/text.js';
import { type GroupAction, groupActionOf, nextSession, sessionsOf } from './planned.js';

/** `group-{id}`: a group action. Who attended is a fact of each person's case (GroupSessionAttended), not of this stream. */
const spec = { family: 'group', id: ({ groupId }: { groupId: string }) => groupId } as const;
const groupId = { groupId: ref('group', t('action collective', 'group action')) };
const days = {
  date: date('coordination', t('date, ou première séance', 'date, or first session'), '2023-10-12'),
  more: list('coordination', t('autres séances', 'further sessions'), { date: date('coordination', t('date', 'date'), '2023-10-19') }, { max: 60 }).optional(),
}; // prettier-ignore
const refusal = (name: string, message: Text): Finding => impossible(`group.${name}`, message, 'convention (D)');

/** What follows a plan, unless it was cancelled. */
const following = (c: Pick<AsideCheck<Fields>, 'history'>, then: (group: GroupAction) => Finding[] = () => []): Finding[] => {
  const group = groupActionOf(c.history);
  if (!group) return [];
  if (group.cancelledFor !== undefined)
    return [refusal('cancelled', t('Cette action a été annulée.', 'This action was cancelled.'))];
  return nextSession(group) === undefined
    ? [refusal('heldAlready', t('Toutes ses séances ont eu lieu.', 'All its sessions were held.'))]
    : then(group);
};

export const GroupActionPlanned = aside({
  ...spec,
  type: 'GroupActionPlanned',
  command: 'plan-group-action',
  path: 'group-actions',
  label: t('Programmer une action collective', 'Plan a group action'),
  by: ['AS', 'CSAM', 'CPDP'],
  fields: {
    groupId: newId('group', t('action collective', 'group action')),
    theme: code('coordination', t('thème', 'theme'), GROUP_THEMES),
    ...days,
    seats: int('coordination', t('places', 'seats'), 1, 200, 12),
    partners: codes('coordination', t('rôles des partenaires', 'roles of the partners'), ROLE_CODES, ['AS', 'CEP']),
    organisations: list('coordination', t('organisations partenaires', 'partner organisations'), { organisation: ref('organisation', t('organisation', 'organisation')) }, { max: 20 }).optional(),
  }, // prettier-ignore
  place: 'new',
});
export const GroupActionMoved = aside({
  ...spec,
  type: 'GroupActionMoved',
  command: 'move-group-action',
  path: 'group-actions/moved',
  label: t('Déplacer une action collective : les séances qui restent', 'Move a group action: the sessions that are left'),
  by: CASE_WORKERS,
  fields: { ...groupId, ...days },
  place: 'there',
  check: (c) =>
    following(c, ({ sessions }) =>
      sessionsOf(c.data).some(({ date }) => sessions.some((s) => s.date === date && s.attendance !== undefined))
        ? [refusal('heldAlready', t('Une séance a déjà eu lieu ce jour-là.', 'A session was held on that day already.'))]
        : [],
    ),
});
export const GroupActionCancelled = aside({
  ...spec,
  type: 'GroupActionCancelled',
  command: 'cancel-group-action',
  path: 'group-actions/cancelled',
  label: t('Annuler une action collective : les séances qui restent', 'Cancel a group action: the sessions that are left'),
  by: CASE_WORKERS,
  fields: {
    ...groupId,
    motive: code('coordination', t('motif', 'motive'), ['too-few-people', 'partner-away', 'no-room', 'other']),
  },
  place: 'there',
  check: (c) => following(c),
});
export const GroupActionHeld = aside({
  ...spec,
  type: 'GroupActionHeld',
  command: 'hold-group-action',
  path: 'group-actions/held',
  label: t('Constater une séance d’action collective', 'Record a session of a group action held'),
  by: CASE_WORKERS,
  fields: {
    ...groupId,
    date: date('coordination', t('séance ; la première qui reste si absente', 'session; the first that is left when absent'), '2023-10-12').optional(),
    attendance: int('coordination', t('présents', 'people present'), 0, 200, 9),
    overSeats: bool('coordination', t('plus de présents que de places : constaté', 'more people than seats: seen to be so'), false).optional(),
  }, // prettier-ignore
  place: 'there',
  check: (c) => following(c, (group) => sessionHeld(c, group)),
});

function sessionHeld({ data, today }: { readonly data: { readonly date?: LocalDate; readonly attendance: number; readonly overSeats?: boolean }; readonly today: LocalDate }, group: GroupAction): Finding[] {
  const day = data.date ?? nextSession(group)!;
  const session = group.sessions.find((s) => s.date === day);
  return [
    ...(session ? [] : [refusal('noSuchSession', t('Aucune séance n’est prévue ce jour-là.', 'No session is planned on that day.'))]),
    ...(session?.attendance !== undefined ? [refusal('heldAlready', t('Une séance a déjà eu lieu ce jour-là.', 'A session was held on that day already.'))] : []),
    ...(day > today ? [refusal('beforeItsDay', t('La séance n’a pas encore eu lieu : la constater le jour venu, ou la déplacer.', 'The session lies ahead: record it on its day, or move it.'))] : []),
    ...(data.attendance > group.seats && !data.overSeats
      ? [refusal('moreThanSeats', t(`Plus de présents que de places (${group.seats}) : le confirmer (overSeats).`, `More people than seats (${group.seats}): confirm it (overSeats).`))]
      : []),
  ];
} // prettier-ignore
