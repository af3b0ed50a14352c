import { asBinds, type Convention, noticeFrom, signatureOf, toSign } from './convention/standing.js';
import { type Forum } from './forum/forum.js';
import { type Meeting } from './forum/meeting.js';
import { type GroupAction, takesPartIn } from './group/planned.js';
import { addDays, type LocalDate } from './kernel/local-date.js';
import { type OrganisationId } from './kernel/roles.js';
import { type Text, t } from './kernel/text.js';

/** Something that an organisation has to do, or to see coming, beside its cases. */
export interface SharedWork {
  readonly kind: keyof typeof KINDS;
  readonly label: Text;
  /** What does it. */
  readonly command: string;
  /** Id of the meeting, convention or group action. */
  readonly subject: string;
  readonly title: string;
  /** How many there are of it, where they are one line: subject and title are those of the oldest. */
  readonly count?: number;
  /** First day on which it is to be done. */
  readonly since: LocalDate;
  readonly due: LocalDate;
}
const KINDS = {
  'meeting-to-prepare': [t('Réunion à préparer', 'Meeting to prepare'), 'add-to-agenda'],
  'meeting-to-hold': [t('Réunion à constater', 'Meeting to record'), 'hold-meeting'],
  'meeting-to-close': [t('Réunion à clore, avis à enregistrer', 'Meeting to close, opinions to record'), 'close-meeting'],
  'convention-to-renew': [t('Convention qui finit : la reconduire ou non', 'Convention that ends: renew it or not'), 'renew-convention'],
  'conventions-to-sign': [t('Conventions proposées par d’autres : les signer ou non', 'Conventions that others proposed: sign them or not'), 'countersign-convention'],
  'session-to-record': [t('Séance d’action collective à constater', 'Session of a group action to record'), 'hold-group-action'],
} as const satisfies Record<string, readonly [Text, string]>; // prettier-ignore
/** Convention (D): days before a meeting on which its seats are reminded of the agenda, and days after it to record what it said. */
const PREPARE = 14;
const RECORD = 8;
/** Convention (D): days to sign a convention, or to say that one will not. */
const SIGN = 30;

const work = (kind: SharedWork['kind'], subject: string, title: string, since: LocalDate, due: LocalDate): SharedWork => ({
  kind,
  label: KINDS[kind][0],
  command: KINDS[kind][1],
  subject,
  title,
  since,
  due,
});

/** Of a meeting: whoever chairs it records it and closes it; every seat prepares it. */
export function workOfMeeting(m: Meeting, forum: Forum, organisation: OrganisationId): SharedWork[] {
  const chairs = forum.chair === organisation;
  if (m.status === 'held' && chairs && m.heldOn)
    return [work('meeting-to-close', m.meetingId, forum.name, m.heldOn, addDays(m.heldOn, RECORD))];
  if (m.status !== 'planned') return [];
  return [
    work('meeting-to-prepare', m.meetingId, forum.name, addDays(m.date, -PREPARE), m.date),
    ...(chairs ? [work('meeting-to-hold', m.meetingId, forum.name, m.date, addDays(m.date, RECORD))] : []),
  ];
}
/** Whoever has signed for longer than the others has nothing left to do: it is theirs. */
export function workOfConvention(c: Convention, organisation: OrganisationId): SharedWork[] {
  const bound = asBinds(c, organisation);
  return bound && bound.endedFor === undefined && signatureOf(c, organisation)!.to <= bound.to
    ? [work('convention-to-renew', c.conventionId, c.title, noticeFrom(bound), bound.to)]
    : [];
}
/** Proposals of others are one line, however many: what anybody may send is not to push away what one has to do. */
export function proposalsToSign(all: readonly Convention[], organisation: OrganisationId, today: LocalDate): SharedWork[] {
  const open = all.filter((c) => toSign(c, today).includes(organisation));
  const [oldest] = open.sort((a, b) => (a.proposedOn < b.proposedOn ? -1 : 1));
  if (!oldest) return [];
  const { conventionId, title, proposedOn } = oldest;
  return [{ ...work('conventions-to-sign', conventionId, title, proposedOn, addDays(proposedOn, SIGN)), count: open.length }];
}
/** Of the sessions that nobody has recorded: the organiser's and its partner organisations'. */
export const workOfGroup = (g: GroupAction, organisation: OrganisationId): SharedWork[] =>
  takesPartIn(g, organisation) && g.cancelledFor === undefined
    ? g.sessions
        .filter((s) => s.attendance === undefined)
        .map(({ date }) => work('session-to-record', g.groupId, g.theme, date, addDays(date, RECORD)))
    : [];

/** What is so on a day, the first due first. A meeting is prepared until its day; an end that was not renewed stays for a month. */
export const onDay = (all: readonly SharedWork[], today: LocalDate): (SharedWork & { readonly overdue: boolean })[] =>
  all
    .filter((w) => w.since <= today && !(w.kind === 'meeting-to-prepare' && today > w.due))
    .filter((w) => !(w.kind === 'convention-to-renew' && today > addDays(w.due, 30)))
    .map((w) => ({ ...w, overdue: w.due < today }))
    .sort((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : 0) || (a.subject < b.subject ? -1 : 1));
