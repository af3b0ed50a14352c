import { codes, date, ref } from '../../kernel/fields.js';
import { CASE_WORKERS, ROLE_CODES } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { known } from '../measure-acts.js';
import { measureOf } from '../view.js';

export const AgreementSigned = act({
  type: 'AgreementSigned',
  command: 'sign-agreement',
  label: t('Convention signée', 'Agreement signed'),
  source: 'D.323-6-6 CSS, R.5213-15 CT',
  zone: 'measure',
  rank: 45,
  by: [...CASE_WORKERS, 'ASSURE', 'EMPLOYER', 'HOST'],
  fields: {
    measureId: ref('measure', t('mesure', 'measure')),
    signatories: codes('measure', t('signataires', 'signatories'), ROLE_CODES, ['ASSURE', 'HOST']),
    from: date('measure', t('période du', 'period from'), '2023-09-04').optional(),
    to: date('measure', t('au', 'to'), '2023-09-20').optional(),
  },
  check: (c) => (c.recordedBy ? [] : known(c, c.data.measureId)),
  apply(draft, { data, on }) {
    if (data.measureId === undefined) return;
    measureOf(draft, data.measureId).agreements.push({
      on,
      signatories: data.signatories ?? [],
      ...(data.from && { from: data.from }),
      ...(data.to && { to: data.to }),
    });
  },
});
