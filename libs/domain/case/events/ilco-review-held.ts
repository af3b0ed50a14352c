import { code, ref } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { measureOf } from '../view.js';
import { attendeesField, attendeesTakePart } from './case-review-held.js';

/** The local coordination body gives its opinion on a measure; the decision stays with the caisse. */
export const IlcoReviewHeld = act({
  type: 'IlcoReviewHeld',
  command: 'record-ilco-review',
  label: t('Passage en ILCO', 'Reviewed by the local coordination body'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'decision',
  rank: 35,
  by: ['CPAM', 'MC', 'AS', 'CSAM'],
  fields: {
    measureId: ref('measure', t('mesure', 'measure')),
    opinion: code('decision', t('avis', 'opinion'), ['favourable', 'unfavourable', 'adjourned']),
    attendees: attendeesField.optional(),
  },
  check: attendeesTakePart,
  apply(draft, { data, on }) {
    if (data.measureId === undefined) return;
    measureOf(draft, data.measureId).ilcoOpinions.push({ on, ...(data.opinion && { opinion: data.opinion }) });
  },
});
