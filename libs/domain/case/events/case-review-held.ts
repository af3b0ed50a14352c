import { code, list, ref } from '../../kernel/fields.js';
import { type Finding, forbidden } from '../../kernel/errors.js';
import { type LocalDate } from '../../kernel/local-date.js';
import { CASE_WORKERS, ROLE_CODES } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { takesPart } from '../taking-part.js';
import { type CaseView } from '../view.js';
import { AGAIN } from '../same-day.js';

export const attendeesField = list(
  'coordination',
  t('présents', 'attendees'),
  {
    organisation: ref('organisation', t('organisation', 'organisation')),
    role: code('coordination', t('rôle', 'role'), ROLE_CODES, 'CPDP'),
  },
  { min: 1, max: 30 },
);
/** A case is spoken of only among those who take part in it. */
export const attendeesTakePart = (c: {
  before: CaseView;
  occurredOn: LocalDate;
  data: { readonly attendees?: readonly { readonly organisation: string }[] };
}): Finding[] =>
  (c.data.attendees ?? []).every((a) => takesPart(c.before, a.organisation, c.occurredOn))
    ? []
    : [forbidden('review.attendeeWithoutRight', 'L.411-3 CASF, convention (D)', t('Un présent ne participe pas à ce dossier.', 'An attendee does not take part in this case.'), ['measure', 'decision'])]; // prettier-ignore

export const CaseReviewHeld = act({
  type: 'CaseReviewHeld',
  command: 'record-case-review',
  label: t('Revue de dossier', 'Case review'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'coordination',
  rank: 54,
  by: CASE_WORKERS,
  fields: {
    attendees: attendeesField,
    meetingId: ref('meeting', t('réunion, si elle est ici', 'meeting, if it is known here')).optional(),
    again: AGAIN,
  },
  check: attendeesTakePart,
  once: { what: 'review', alike: ({ meetingId }) => [meetingId] },
  apply(draft, { id, type, on, by }) {
    draft.notes.push({ eventId: id, type, on, by });
  },
});
