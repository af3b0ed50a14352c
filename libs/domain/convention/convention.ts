import { EMPLOYMENT_STATUS } from '../case/codes.js';
import { aside, type AsideCheck } from '../kernel/aside.js';
import { type Finding, impossible } from '../kernel/errors.js';
import { code, codes, date, type Fields, int, list, newId, pattern, ref, text } from '../kernel/fields.js';
import { inFrench } from '../kernel/local-date.js';
import { CASE_WORKERS, type Role } from '../kernel/roles.js';
import { t } from '../kernel/text.js';
import { type Convention, conventionOf, isParty } from './standing.js';

/** `convention-{id}`: what partners have agreed on between them: for whom, where, until when, and who does what. Nobody in particular is in it. */
const by: readonly Role[] = [...CASE_WORKERS, 'OPERATOR'];
const spec = { by, family: 'convention' } as const;
const conventionId = { conventionId: ref('convention', t('convention', 'convention')) };

/** The operator keeps them all; anybody else those of its own organisation. */
const parties = ({ by: { role, organisation } }: Pick<AsideCheck<Fields>, 'by'>, c: Convention): Finding[] =>
  role === 'OPERATOR' || isParty(c, organisation)
    ? []
    : [impossible('convention.notParty', t('Votre organisation n’est pas partie à cette convention : c’est à une partie de le faire.', 'Your organisation is not a party to this convention: it is for a party to do.'), 'convention (D)')]; // prettier-ignore
const datesReversed = impossible('convention.datesReversed', t('La convention finirait avant de commencer.', 'It would end before it begins.'), 'convention (D)'); // prettier-ignore

export const ConventionSigned = aside({
  ...spec,
  type: 'ConventionSigned',
  command: 'sign-convention',
  path: 'conventions',
  label: t('Signer une convention entre partenaires', 'Sign a convention between partners'),
  fields: {
    conventionId: newId('convention', t('convention', 'convention')),
    title: text('coordination', t('intitulé (aucune donnée personnelle)', 'title (no personal data)'), 'Protocole CEP Grand Est – ASTHM', 200),
    parties: list('coordination', t('parties', 'parties'), {
      organisation: ref('organisation', t('organisation', 'organisation')),
      tasks: text('coordination', t('ce qu’elle fait (aucune donnée personnelle)', 'what it does (no personal data)'), 'accueille et conseille sous quinze jours', 500),
    }, {
      min: 2, max: 20,
      example: [
        { organisation: 'asthm-52', tasks: 'repère et oriente' },
        { organisation: 'cep-grand-est', tasks: 'accueille et conseille sous quinze jours' },
      ],
    }),
    territory: pattern('coordination', t('département ou région', 'département or region'), /^[0-9A-Z]{2,5}$/, '52'),
    publics: codes('coordination', t('publics', 'publics'), [...EMPLOYMENT_STATUS, 'no-health-problem'], ['salarie', 'agentPublic', 'TI']),
    from: date('coordination', t('du', 'from'), '2023-09-15'),
    to: date('coordination', t('au, dernier jour compris', 'to, last day included'), '2026-09-14'),
    noticeDays: int('coordination', t('signaler sa fin tant de jours avant ; 90 si rien n’est dit', 'days before its end to flag it; 90 when nothing is said'), 0, 730, 90).optional(),
  }, // prettier-ignore
  id: (data) => data.conventionId,
  place: 'new',
  check: (c) => [
    ...parties(c, c.data),
    ...(c.data.to < c.data.from ? [datesReversed] : []),
    ...(new Set(c.data.parties.map((p) => p.organisation)).size < c.data.parties.length
      ? [impossible('convention.partyTwice', t('Une partie y figure deux fois.', 'A party is named twice.'), 'convention (D)')]
      : []),
  ],
});

/** What follows a signature, as long as nobody has ended it. */
const following = (c: AsideCheck<Fields>, then: (convention: Convention) => Finding[]): Finding[] => {
  const convention = conventionOf(c.history);
  if (!convention) return [];
  return [
    ...(convention.endedFor !== undefined
      ? [
          impossible(
            'convention.ended',
            t('Il a été mis fin à cette convention : en signer une autre.', 'This convention was ended: sign another one.'),
            'convention (D)',
          ),
        ]
      : []),
    ...then(convention),
  ];
};
export const ConventionRenewed = aside({
  ...spec,
  type: 'ConventionRenewed',
  command: 'renew-convention',
  path: 'conventions/renewed',
  label: t('Reconduire une convention', 'Renew a convention'),
  fields: {
    ...conventionId,
    to: date('coordination', t('jusqu’au, dernier jour compris', 'until, last day included'), '2029-09-14'),
  },
  id: (data) => data.conventionId,
  place: 'there',
  check: (c) =>
    following(c, ({ to }) =>
      c.data.to <= to
        ? [impossible('convention.notLonger', t(`Une reconduction finit plus tard que la période en cours (${inFrench(to)}).`, `A renewal ends later than the current period (${to}).`), 'convention (D)')]
        : [],
    ), // prettier-ignore
});
export const ConventionEnded = aside({
  ...spec,
  type: 'ConventionEnded',
  command: 'end-convention',
  path: 'conventions/ended',
  label: t('Mettre fin à une convention', 'End a convention'),
  fields: {
    ...conventionId,
    on: date('coordination', t('dernier jour', 'last day'), '2025-06-30'),
    motive: code('coordination', t('motif', 'motive'), ['agreed', 'withdrawn', 'party-gone', 'replaced', 'mistake']),
  },
  id: (data) => data.conventionId,
  place: 'there',
  check: (c) => following(c, ({ from }) => (c.data.on < from ? [datesReversed] : [])),
});
