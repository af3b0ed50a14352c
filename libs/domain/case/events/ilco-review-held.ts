import { code, ref } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { measureIn, measureOf } from '../view.js';
import { attendeesField, attendeesTakePart } from './case-review-held.js';
import { wordOnMeasure } from '../whose-word.js';

/** A forum gives its opinion on a measure; the decision stays with whoever decides. One that is adjourned is still awaited. */
export const IlcoReviewHeld = act({
  type: 'IlcoReviewHeld',
  command: 'record-ilco-review',
  label: t('Passage en ILCO', 'Reviewed by the local coordination body'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'decision',
  rank: 35,
  by: CASE_WORKERS,
  fields: {
    measureId: ref('measure', t('mesure', 'measure')),
    opinion: code('decision', t('avis', 'opinion'), ['favourable', 'unfavourable', 'adjourned']),
    attendees: attendeesField.optional(),
    meetingId: ref('meeting', t('réunion, si elle est ici', 'meeting, if it is known here')).optional(),
  },
  check: attendeesTakePart,
  settledBy: (v, told) => [measureIn(v, told.data.measureId)?.ilco?.chair.organisation, ...wordOnMeasure(v, told)],
  apply(draft, { data, on }) {
    if (data.measureId === undefined) return;
    const m = measureOf(draft, data.measureId);
    m.ilcoOpinions.push({ on, ...(data.opinion && { opinion: data.opinion }), ...(data.meetingId && { meetingId: data.meetingId }) }); // prettier-ignore
    const elsewhere = m.ilco?.meetingId && data.meetingId && m.ilco.meetingId !== data.meetingId;
    if (!m.ilco || elsewhere || on < m.ilco.since) return;
    if (data.opinion === 'adjourned') m.ilco = { chair: m.ilco.chair, since: on };
    else delete m.ilco;
  },
});
