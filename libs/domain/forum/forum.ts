import { type AsideCheck, aside, type PastAside } from '../kernel/aside.js';
import { type Finding, forbidden, impossible } from '../kernel/errors.js';
import { code, type DataOf, type Fields, int, list, newId, pattern, ref, text } from '../kernel/fields.js';
import { CASE_WORKERS, type OrganisationId, type Role } from '../kernel/roles.js';
import { t } from '../kernel/text.js';

/** Forums differ (docs/forums.md); the ILCO is the caisse's, the cellule PDP the SPST's. */
export const FORUM_TYPES = ['ilcoPdp', 'cellulePdp', 'revueDeDossiers', 'permanence'] as const;
export const PRACTICE = 'pratique publiée, Carsat BFC 2023 (S)';

const seat = (label: ReturnType<typeof t>) => ({
  organisation: ref('organisation', label, 'carsat-bfc'),
  role: code('coordination', t('rôle', 'role'), CASE_WORKERS as readonly [Role, ...Role[]], 'AS'),
});
const FIELDS = {
  forumId: newId('forum', t('instance', 'forum')),
  name: text('coordination', t('nom (aucune donnée personnelle)', 'name (no personal data)'), 'ILCO PDP de l’Yonne', 200),
  type: code('coordination', t('type d’instance', 'type of forum'), FORUM_TYPES),
  territory: pattern('coordination', t('territoire', 'territory'), /^[0-9A-Z]{2,5}$/, '89'),
  meetingsPerYear: int('coordination', t('réunions par an', 'meetings in a year'), 1, 52, 2),
  chair: ref('organisation', t('organisation qui la tient', 'organisation that chairs it'), 'cpam-89'),
  chairRole: code('coordination', t('rôle', 'role'), CASE_WORKERS as readonly [Role, ...Role[]], 'CPAM'),
  seats: list('coordination', t('sièges', 'seats'), seat(t('organisation', 'organisation')), { max: 40 }),
};

/** Every party named acts in the role in which it is named. */
export const inTheirRoles = (
  parties: readonly { readonly organisation: OrganisationId; readonly role: Role }[],
  { directory }: Pick<AsideCheck<Fields>, 'directory'>,
): Finding[] =>
  parties.flatMap(({ organisation, role }) =>
    directory.find(organisation)?.roles.includes(role)
      ? []
      : [
          impossible(
            'party.unknown',
            t(
              `L’annuaire ne connaît pas ${organisation} dans le rôle ${role}.`,
              `The directory does not know ${organisation} in the role ${role}.`,
            ),
          ),
        ],
  );

/** `forum-{id}`: who meets about cases, where, how often. Registered again, the last word counts. */
export const ForumRegistered = aside({
  type: 'ForumRegistered',
  command: 'register-forum',
  path: 'forums',
  label: t('Enregistrer une instance (ILCO, cellule, revue de dossiers, permanence)', 'Register a forum'),
  by: [...CASE_WORKERS, 'OPERATOR'],
  fields: FIELDS,
  family: 'forum',
  id: ({ forumId }) => forumId,
  check: (c) => {
    const holder = forumOf(c.history)?.chair ?? c.data.chair;
    return [
      ...(c.by.role === 'OPERATOR' || c.by.organisation === holder
        ? []
        : [forbidden('forum.notChair', PRACTICE, t('Une instance est enregistrée par qui la tient.', 'A forum is registered by whoever chairs it.'))]), // prettier-ignore
      ...inTheirRoles([{ organisation: c.data.chair, role: c.data.chairRole }, ...c.data.seats], c),
    ];
  },
});
export type Forum = DataOf<typeof FIELDS>;
export const forumOf = (history: readonly PastAside[]): Forum | undefined => history.at(-1)?.data as Forum | undefined;
/** It chairs it, or has a seat. */
export const sitsIn = ({ chair, seats }: Forum, organisation: OrganisationId | null): boolean =>
  chair === organisation || seats.some((s) => s.organisation === organisation);
