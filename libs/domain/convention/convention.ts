import { EMPLOYMENT_STATUS } from '../case/codes.js';
import { aside, type AsideCheck } from '../kernel/aside.js';
import { type Finding, impossible } from '../kernel/errors.js';
import { byProgram, code, codes, date, type Fields, int, list, newId, pattern, ref, text } from '../kernel/fields.js';
import { earliest, inFrench } from '../kernel/local-date.js';
import { CASE_WORKERS, type Party, type Role } from '../kernel/roles.js';
import { t } from '../kernel/text.js';
import { asBinds, asKept, type Convention, conventionOf, isParty, MOST_PROPOSALS, signatureOf, toSign } from './standing.js';

/**
 * `convention-{id}`: what partners have agreed on between them: for whom, where, until when, and who does what. Nobody in particular is in it.
 * A party signs, renews and withdraws for itself only: named by another one, it has a proposal to sign.
 */
const by: readonly Role[] = [...CASE_WORKERS, 'OPERATOR'];
const spec = { by, family: 'convention' } as const;
const conventionId = { conventionId: ref('convention', t('convention', 'convention')) };

type Asked = Omit<AsideCheck<Fields>, 'data'>;
/** The operator keeps them all; anybody else those of its own organisation. */
const parties = ({ by: { role, organisation } }: Asked, c: Pick<Convention, 'parties'>): Finding[] =>
  role === 'OPERATOR' || isParty(c, organisation)
    ? []
    : [impossible('convention.notParty', t('Votre organisation n’est pas partie à cette convention : c’est à une partie de le faire.', 'Your organisation is not a party to this convention: it is for a party to do.'), 'convention (D)')]; // prettier-ignore
/** The operator says whose signature it holds on paper; a party signs for itself, and so can't say. */
const signedBy = list(
  'coordination',
  t('exploitant seul : les parties dont il détient la signature', 'operator only: the parties whose signature it holds'),
  { organisation: ref('organisation', t('partie', 'party')) },
  { min: 1, max: 20, example: [{ organisation: 'asthm-52' }, { organisation: 'cep-grand-est' }] },
).optional();
interface Signing {
  readonly signedBy?: readonly { readonly organisation: string }[];
}
const signing = ({ by: { role }, data }: Asked & { readonly data: Signing }, c: Pick<Convention, 'parties'>): Finding[] => {
  if (role !== 'OPERATOR')
    return data.signedBy === undefined
      ? []
      : [impossible('convention.signsForItself', t('Une partie ne signe que pour elle-même : laisser « signedBy », les autres parties signent à leur tour.', 'A party signs for itself only: leave out "signedBy", the other parties sign in their turn.'), 'convention (D)')];
  if (data.signedBy === undefined)
    return [impossible('convention.whoSigned', t('Dire de quelles parties vous détenez la signature (« signedBy »).', 'Say whose signature you hold ("signedBy").'), 'convention (D)')];
  return data.signedBy.every(({ organisation }) => isParty(c, organisation))
    ? []
    : [impossible('convention.signerNotParty', t('Un signataire n’est pas partie à cette convention.', 'A signer is not a party to this convention.'), 'convention (D)')];
}; // prettier-ignore
/** Only an upcaster says it: before parties signed for themselves, whoever told of it told for all of them, and that stands. */
const signed = byProgram(
  code('coordination', t('enregistré avant que chaque partie ne signe pour elle-même', 'told before parties signed for themselves'), ['before']).optional(),
); // prettier-ignore
const forAll = (data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => ({ ...data, signed: 'before' });

const datesReversed = impossible('convention.datesReversed', t('La convention finirait avant de commencer.', 'It would end before it begins.'), 'convention (D)'); // prettier-ignore

export const ConventionSigned = aside({
  ...spec,
  type: 'ConventionSigned',
  version: 2,
  upcasters: [forAll],
  command: 'sign-convention',
  path: 'conventions',
  label: t('Proposer et signer une convention entre partenaires', 'Propose and sign a convention between partners'),
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
    signedBy,
    signed,
  }, // prettier-ignore
  id: (data) => data.conventionId,
  place: 'new',
  check: (c) => [
    ...parties(c, c.data),
    ...signing(c, c.data),
    ...(c.data.to < c.data.from ? [datesReversed] : []),
    ...(new Set(c.data.parties.map((p) => p.organisation)).size < c.data.parties.length
      ? [impossible('convention.partyTwice', t('Une partie y figure deux fois.', 'A party is named twice.'), 'convention (D)')]
      : []),
    ...tooMany(c),
  ],
});
/** Those that wait for somebody's signature; whoever would not sign says so, and the proposal waits no more. */
const tooMany = ({ by, directory, today }: Asked): Finding[] =>
  by.role !== 'OPERATOR' &&
  directory.conventions().filter((c) => c.proposedBy === by.organisation && toSign(c, today).length > 0).length >= MOST_PROPOSALS
    ? [impossible('convention.tooManyProposals', t(`${MOST_PROPOSALS} propositions de votre organisation attendent une signature : les faire signer, ou les retirer.`, `${MOST_PROPOSALS} proposals of your organisation wait for a signature: have them signed, or withdraw them.`), 'convention (D)')]
    : []; // prettier-ignore

const ENDED = impossible('convention.ended', t('Il a été mis fin à cette convention : en signer une autre.', 'This convention was ended: sign another one.'), 'convention (D)'); // prettier-ignore
/** Whether it has ended for whoever asks: withdrawn from, or with nobody else left in it. */
const hasEnded = (c: Convention, { role, organisation }: Party): boolean =>
  (role === 'OPERATOR' ? asKept(c) : asBinds(c, organisation))?.endedFor !== undefined ||
  c.signatures.every((s) => s.endedFor !== undefined) ||
  (role !== 'OPERATOR' && (c.declined.includes(organisation!) || signatureOf(c, organisation)?.endedFor !== undefined));
/** What follows a proposal. */
const following = (c: Asked, then: (convention: Convention) => Finding[]): Finding[] => {
  const convention = conventionOf(c.history);
  return convention ? [...parties(c, convention), ...then(convention)] : [];
};

export const ConventionCountersigned = aside({
  ...spec,
  type: 'ConventionCountersigned',
  command: 'countersign-convention',
  path: 'conventions/countersigned',
  label: t('Signer une convention proposée par une autre partie', 'Sign a convention that another party proposed'),
  fields: { ...conventionId, signedBy },
  id: (data) => data.conventionId,
  place: 'there',
  check: (c) =>
    following(c, (convention) => {
      const signers = c.data.signedBy?.map((s) => s.organisation) ?? [c.by.organisation];
      if (signers.some((organisation) => convention.declined.includes(organisation!))) return [ENDED];
      return [
        ...signing(c, convention),
        ...(signers.some((organisation) => signatureOf(convention, organisation))
          ? [impossible('convention.alreadySigned', t('Cette partie a déjà signé.', 'This party has signed already.'), 'convention (D)')]
          : convention.signatures.every((s) => s.endedFor !== undefined) ? [ENDED] : []),
      ];
    }), // prettier-ignore
});
export const ConventionRenewed = aside({
  ...spec,
  type: 'ConventionRenewed',
  version: 2,
  upcasters: [forAll],
  command: 'renew-convention',
  path: 'conventions/renewed',
  label: t('Reconduire une convention', 'Renew a convention'),
  fields: {
    ...conventionId,
    to: date('coordination', t('jusqu’au, dernier jour compris', 'until, last day included'), '2029-09-14'),
    signedBy,
    signed,
  },
  id: (data) => data.conventionId,
  place: 'there',
  check: (c) =>
    following(c, (convention) => {
      if (hasEnded(convention, c.by)) return [ENDED];
      const signers = c.data.signedBy?.map((s) => s.organisation) ?? [c.by.organisation];
      const until = signers.map((organisation) => signatureOf(convention, organisation)?.to);
      const wrong = signing(c, convention);
      if (wrong.length > 0) return wrong;
      if (until.includes(undefined))
        return [impossible('convention.notSigned', t('On reconduit ce qu’on a signé : signer d’abord cette convention.', 'One renews what one has signed: sign this convention first.'), 'convention (D)')];
      const to = earliest(...until)!;
      return c.data.to <= to
        ? [impossible('convention.notLonger', t(`Une reconduction finit plus tard que la période en cours (${inFrench(to)}).`, `A renewal ends later than the current period (${to}).`), 'convention (D)')]
        : [];
    }), // prettier-ignore
});
export const ConventionEnded = aside({
  ...spec,
  type: 'ConventionEnded',
  version: 2,
  upcasters: [forAll],
  command: 'end-convention',
  path: 'conventions/ended',
  label: t('Se retirer d’une convention, ou ne pas la signer', 'Withdraw from a convention, or not sign it'),
  fields: {
    ...conventionId,
    on: date('coordination', t('dernier jour', 'last day'), '2025-06-30'),
    motive: code('coordination', t('motif', 'motive'), ['agreed', 'withdrawn', 'party-gone', 'replaced', 'mistake']),
    signed,
  },
  id: (data) => data.conventionId,
  place: 'there',
  check: (c) =>
    following(c, (convention) => {
      if (hasEnded(convention, c.by)) return [ENDED];
      const itSigned = c.by.role === 'OPERATOR' || signatureOf(convention, c.by.organisation) !== undefined;
      return itSigned && c.data.on < convention.from ? [datesReversed] : [];
    }),
});
