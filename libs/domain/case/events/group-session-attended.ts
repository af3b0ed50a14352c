import { type GroupAction, takesPartIn } from '../../group/planned.js';
import { code, ref } from '../../kernel/fields.js';
import { type Finding, forbidden, impossible } from '../../kernel/errors.js';
import { type Party } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act, type Context } from '../act.js';
import { GROUP_THEMES } from '../codes.js';
import { AGAIN } from '../same-day.js';

const irregular = (name: string, fr: string, en: string): Finding[] => [
  forbidden(`groupSession.${name}`, 'convention (D)', t(fr, en), ['social']),
];

/** The action, if whoever tells of it is one of its partners: to anybody else it does not exist. */
const actionOf = ({ data, actor, recordedBy }: { data: { groupId?: string }; actor: Party; recordedBy: Party | null }, { directory }: Context): GroupAction | undefined => {
  const group = data.groupId === undefined ? undefined : directory.groupAction(data.groupId);
  return group && takesPartIn(group, (recordedBy ?? actor).organisation) ? group : undefined;
}; // prettier-ignore

/** The person's attendance; the session itself lives in a stream of its own, that knows nobody. */
export const GroupSessionAttended = act({
  type: 'GroupSessionAttended',
  command: 'record-group-attendance',
  label: t('Participation à une action collective', 'Group session attended'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'social',
  rank: 52,
  by: ['AS', 'CSAM', 'CPDP'],
  fields: {
    groupId: ref('group', t('action collective, si elle est programmée ici', 'group action, if it is planned here')).optional(),
    theme: code('social', t('thème ; celui de l’action si absent', 'theme; that of the action when absent'), GROUP_THEMES).optional(),
    again: AGAIN,
  }, // prettier-ignore
  complete: (c, _before, ctx) => {
    const theme = c.data.theme ?? actionOf(c, ctx)?.theme;
    return { ...c.data, ...(theme && { theme }) } as typeof c.data;
  },
  check: (c) => {
    const { data, occurredOn, actor, before, ctx } = c;
    if (data.groupId === undefined) return [];
    // Only of its own: a refusal must not tell what another partner recorded.
    const told = before.contacts.some(
      (c) => c.groupId === data.groupId && c.on === occurredOn && c.by.organisation === actor.organisation,
    );
    if (told) return [impossible('groupSession.twice', t('Cette présence est déjà enregistrée pour cette séance.', 'This attendance is recorded already for that session.'))]; // prettier-ignore
    const group = actionOf(c, ctx);
    if (!group) return irregular('unknown', 'Action collective inconnue.', 'No such group action.');
    const session = group.sessions.find((s) => s.date === occurredOn);
    if (!session) return irregular('otherDay', 'L’action n’avait pas de séance ce jour-là.', 'The action had no session on that day.'); // prettier-ignore
    return group.cancelledFor !== undefined && session.attendance === undefined
      ? irregular('cancelled', 'L’action a été annulée.', 'The action was cancelled.')
      : [];
  },
  once: { what: 'groupSession', alike: ({ groupId, theme }) => (groupId === undefined ? [theme] : undefined) },
  apply(draft, { id, data: { groupId }, on, by }) {
    draft.contacts.push({ eventId: id, kind: 'group-session', on, by, ...(groupId && { groupId }) });
  },
});
