import { takesPart } from '../case/taking-part.js';
import { type AsideCheck, aside, type PastAside } from '../kernel/aside.js';
import { type Finding, forbidden, impossible } from '../kernel/errors.js';
import { code, date, type Fields, list, newId, ref } from '../kernel/fields.js';
import { type LocalDate } from '../kernel/local-date.js';
import { CASE_WORKERS, type OrganisationId, type Role } from '../kernel/roles.js';
import { type Text, t } from '../kernel/text.js';
import { type Forum, forumOf, inTheirRoles, PRACTICE } from './forum.js';

/**
 * `meeting-{id}`: one meeting of a forum, prepared, held, closed. It gives one avis for each request; the avis is copied to the case that it
 * is about (libs/processes/meetings.ts). The decision stays with whoever decides, and does not wait for a meeting.
 */
export const AVIS = ['favourable', 'unfavourable', 'adjourned', 'without-object'] as const;
export type Avis = (typeof AVIS)[number];

export interface AgendaItem {
  readonly caseId: string;
  /** None: the case as a whole is looked at. */
  readonly measureId?: string;
  readonly addedBy: OrganisationId | null;
  readonly answered: boolean;
  /** Missing, though answered, for whoever may not see it, or when the person was erased. */
  readonly avis?: Avis;
}
export interface Attendee {
  readonly organisation: OrganisationId;
  readonly role: Role;
}
export interface Meeting {
  readonly meetingId: string;
  readonly forumId: string;
  readonly date: LocalDate;
  readonly status: 'planned' | 'cancelled' | 'held' | 'closed';
  readonly items: readonly AgendaItem[];
  readonly heldOn?: LocalDate;
  readonly attendees: readonly Attendee[];
}
type Item = Pick<AgendaItem, 'caseId' | 'measureId'>;
export const isSame = (a: Item, b: Item): boolean => a.caseId === b.caseId && a.measureId === b.measureId;
const without = (items: readonly AgendaItem[], item: Item): AgendaItem[] => items.filter((i) => !isSame(i, item));

/** A meeting as its events make it; undefined before it was planned. Total: an avis that was erased is missing. */
export function meetingOf(history: readonly PastAside[]): Meeting | undefined {
  let m: Meeting | undefined;
  for (const { type, data, actor } of history) {
    const item = data as unknown as Item;
    if (type === 'MeetingScheduled') m = { ...(data as unknown as Meeting), status: 'planned', items: [], attendees: [] };
    if (!m) continue;
    if (type === 'MeetingMoved') m = { ...m, date: data['date'] as LocalDate };
    if (type === 'MeetingCancelled') m = { ...m, status: 'cancelled' };
    if (type === 'AgendaItemAdded')
      m = {
        ...m,
        items: [
          ...without(m.items, item),
          {
            caseId: item.caseId,
            ...(item.measureId && { measureId: item.measureId }),
            addedBy: actor.organisation,
            answered: false,
          },
        ],
      };
    if (type === 'AgendaItemRemoved') m = { ...m, items: without(m.items, item) };
    // Recorded again, the last word counts: somebody had been forgotten.
    if (type === 'MeetingHeld')
      m = {
        ...m,
        status: 'held',
        heldOn: (data['on'] as LocalDate | undefined) ?? m.date,
        attendees: data['attendees'] as readonly Attendee[],
      };
    if (type === 'AvisGiven')
      m = {
        ...m,
        items: m.items.map((i) =>
          isSame(i, item) ? { ...i, answered: true, ...(data['opinion'] !== undefined && { avis: data['opinion'] as Avis }) } : i,
        ),
      };
    if (type === 'MeetingClosed') m = { ...m, status: 'closed' };
  }
  return m;
}

type Check = Pick<AsideCheck<Fields>, 'history' | 'by' | 'past' | 'today'>;
const meetingIn = ({ history }: Check): Meeting => meetingOf(history)!;
export const forumFor = ({ past }: Pick<Check, 'past'>, forumId: string): Forum | undefined => forumOf(past('forum', forumId));
const refusal = (code: string, message: Text): Finding => impossible(code, message, PRACTICE);

const chairs = (c: Check, forumId = meetingIn(c).forumId): Finding[] =>
  forumFor(c, forumId)?.chair === c.by.organisation
    ? []
    : [forbidden('meeting.notChair', PRACTICE, t('Seule l’organisation qui tient l’instance le fait : le lui demander.', 'Only the organisation that chairs the forum does it: ask there.'))]; // prettier-ignore
const STATUS: Readonly<Record<Meeting['status'], Text>> = {
  planned: t(
    'La réunion n’a pas encore eu lieu : en constater d’abord la tenue.',
    'The meeting has not been held yet: record first that it was.',
  ),
  cancelled: t('La réunion est annulée : en programmer une autre.', 'The meeting is cancelled: schedule another one.'),
  held: t(
    'La réunion a eu lieu : enregistrer ses avis, puis la clore.',
    'The meeting was held: record its opinions, then close it.',
  ),
  closed: t(
    'La réunion est close : ce qui manque ou se corrige s’enregistre dans chaque dossier.',
    'The meeting is closed: what is missing or wrong is recorded in each case.',
  ),
};
const is = (c: Check, ...wanted: readonly Meeting['status'][]): Finding[] => {
  const { status } = meetingIn(c);
  return wanted.includes(status) ? [] : [refusal(`meeting.${status}`, STATUS[status])];
};
const onAgenda = (c: Check, item: Item): Finding[] =>
  meetingIn(c).items.some((i) => isSame(i, item))
    ? []
    : [
        refusal(
          'agenda.unknown',
          t('Ce point n’est pas à l’ordre du jour : l’y inscrire d’abord.', 'That is not on the agenda: put it there first.'),
        ),
      ];

const meetingId = ref('meeting', t('réunion', 'meeting'));
const day = (label: Text) => date('coordination', label, '2023-11-14');
const ITEM = {
  meetingId,
  caseId: ref('case', t('dossier', 'case')),
  measureId: ref('measure', t('demande ; absente : le dossier entier', 'request; absent: the case as a whole')).optional(),
};
const common = { by: CASE_WORKERS, family: 'meeting', place: 'there', id: (d: { meetingId: string }) => d.meetingId } as const;
const about = ({ caseId }: { caseId: string }): string => caseId;

export const MeetingScheduled = aside({
  ...common,
  type: 'MeetingScheduled',
  command: 'schedule-meeting',
  path: 'meetings',
  label: t('Programmer une réunion', 'Schedule a meeting'),
  fields: {
    meetingId: newId('meeting', t('réunion', 'meeting')),
    forumId: ref('forum', t('instance', 'forum')),
    date: day(t('date', 'date')),
  },
  place: 'new',
  check: (c) =>
    forumFor(c, c.data.forumId)
      ? chairs(c, c.data.forumId)
      : [refusal('forum.unknown', t('Cette instance n’est pas enregistrée.', 'That forum is not registered.'))],
});
export const MeetingMoved = aside({
  ...common,
  type: 'MeetingMoved',
  command: 'move-meeting',
  path: 'meetings/moved',
  label: t('Reporter une réunion', 'Move a meeting'),
  fields: { meetingId, date: day(t('nouvelle date', 'new date')) },
  check: (c) => [...chairs(c), ...is(c, 'planned')],
});
export const MeetingCancelled = aside({
  ...common,
  type: 'MeetingCancelled',
  command: 'cancel-meeting',
  path: 'meetings/cancelled',
  label: t('Annuler une réunion', 'Cancel a meeting'),
  fields: { meetingId, motive: code('coordination', t('motif', 'motive'), ['no-cases', 'no-quorum', 'other']) },
  check: (c) => [...chairs(c), ...is(c, 'planned')],
});
export const AgendaItemAdded = aside({
  ...common,
  type: 'AgendaItemAdded',
  command: 'add-to-agenda',
  path: 'meetings/agenda',
  label: t('Inscrire un dossier ou une demande à l’ordre du jour', 'Put a case or a request on the agenda'),
  fields: ITEM,
  about,
  check: (c) => {
    const measure = c.seen?.measures.find((m) => m.id === c.data.measureId);
    return [
      ...is(c, 'planned', 'held'),
      // Of a request that it may not see, a seat does not learn that it is there.
      ...((c.data.measureId === undefined || measure) && meetingIn(c).items.some((i) => isSame(i, c.data))
        ? [refusal('agenda.there', t('Ce point est déjà à l’ordre du jour.', 'That is on the agenda already.'))]
        : []),
      ...(c.data.measureId !== undefined && measure?.status !== 'requested'
        ? [refusal('agenda.noRequest', t('Dans ce dossier, vous ne voyez pas cette demande en attente d’une décision.', 'You see no such request waiting for a decision in this case.'))]
        : []),
      ...(c.seen && !takesPart(c.seen, forumFor(c, meetingIn(c).forumId)?.chair ?? '', c.today)
        ? [forbidden('agenda.chairOutsider', 'L.411-3 CASF, convention (D)', t('Qui tient l’instance ne participe pas à ce dossier : l’y orienter d’abord.', 'Whoever chairs the forum takes no part in this case: refer it there first.'))]
        : []),
      ...(c.seen?.status === 'merged' ? [refusal('case.merged', t('Ce dossier est réuni à un autre.', 'This case was joined to another one.'))] : []),
    ]; // prettier-ignore
  },
});
export const AgendaItemRemoved = aside({
  ...common,
  type: 'AgendaItemRemoved',
  command: 'remove-from-agenda',
  path: 'meetings/agenda/removed',
  label: t('Retirer un point de l’ordre du jour', 'Take something off the agenda'),
  fields: ITEM,
  check: (c) => [
    // Once it was held, a seat could learn here that there is an avis, in a case where it may have no part any more.
    ...(meetingIn(c).status === 'planned' && meetingIn(c).items.some((i) => isSame(i, c.data) && i.addedBy === c.by.organisation)
      ? []
      : chairs(c)),
    ...is(c, 'planned', 'held'),
    ...onAgenda(c, c.data),
    ...(meetingIn(c).items.some((i) => isSame(i, c.data) && i.answered)
      ? [
          refusal(
            'agenda.avisGiven',
            t('L’avis est rendu : le point reste à l’ordre du jour.', 'The opinion is given: it stays.'),
          ),
        ]
      : []),
  ],
});
export const MeetingHeld = aside({
  ...common,
  type: 'MeetingHeld',
  command: 'hold-meeting',
  path: 'meetings/held',
  label: t('Constater la tenue d’une réunion et ses présents', 'Record a meeting held, and who attended'),
  fields: {
    meetingId,
    on: day(t('jour, si ce n’est pas la date prévue', 'day, if it is not the day planned')).optional(),
    attendees: list(
      'coordination',
      t('présents', 'attendees'),
      {
        organisation: ref('organisation', t('organisation', 'organisation'), 'carsat-bfc'),
        role: code('coordination', t('rôle', 'role'), CASE_WORKERS as readonly [Role, ...Role[]], 'AS'),
      },
      { min: 1, max: 40 },
    ),
  },
  check: (c) => {
    const on = c.data.on ?? meetingIn(c).date;
    return [
      ...chairs(c),
      ...is(c, 'planned', 'held'),
      ...(on > c.today ? [refusal('meeting.inFuture', t('Une réunion à venir n’a pas eu lieu : donner le jour où elle s’est tenue, ou attendre.', 'A meeting to come has not been held: give the day on which it was, or wait.'))] : []),
      ...inTheirRoles(c.data.attendees, c),
    ]; // prettier-ignore
  },
});
/** One for each request, once; what is to be put right is put right in the case, by a correction. */
export const AvisGiven = aside({
  ...common,
  type: 'AvisGiven',
  command: 'give-avis',
  path: 'meetings/avis',
  label: t('Enregistrer l’avis de l’instance sur une demande', 'Record the forum’s opinion on a request'),
  fields: {
    meetingId,
    caseId: ITEM.caseId,
    measureId: ref('measure', t('demande', 'request')),
    opinion: code('decision', t('avis', 'opinion'), AVIS),
  },
  about,
  check: (c) => [
    ...chairs(c),
    ...is(c, 'held'),
    ...onAgenda(c, c.data),
    ...(meetingIn(c).items.some((i) => isSame(i, c.data) && i.answered)
      ? [refusal('avis.given', t('L’avis sur cette demande est déjà rendu : le corriger dans le dossier (correct-fact, avec meetingId) ; après un « sans objet », l’y enregistrer (record-ilco-review).', 'The opinion on this request is given already: correct it in the case (correct-fact, with meetingId); after one without object, record it there (record-ilco-review).'))]
      : []),
  ], // prettier-ignore
});
export const MeetingClosed = aside({
  ...common,
  type: 'MeetingClosed',
  command: 'close-meeting',
  path: 'meetings/closed',
  label: t('Clore une réunion', 'Close a meeting'),
  fields: { meetingId },
  check: (c) => [
    ...chairs(c),
    ...is(c, 'held'),
    ...meetingIn(c)
      .items.filter((i) => i.measureId !== undefined && !i.answered)
      .map(({ caseId, measureId }) =>
        refusal('meeting.avisMissing', t(`Sans avis : dossier ${caseId}, demande ${measureId}. L’enregistrer (« sans objet » si la décision est tombée ou la demande retirée), ou retirer le point.`, `No opinion yet: case ${caseId}, request ${measureId}. Record it (without object when it was decided or withdrawn), or take it off the agenda.`)),
      ),
  ], // prettier-ignore
});
