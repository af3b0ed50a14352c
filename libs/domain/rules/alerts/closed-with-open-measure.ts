import { isUnfinished } from '../../case/measure-status.js';
import { t } from '../../kernel/text.js';
import { alert } from '../rule.js';

export const closedWithOpenMeasure = alert({
  code: 'closed-with-open-measure',
  label: t('Accompagnement clos alors qu’une mesure est ouverte', 'Support closed with a measure still open'),
  article: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'measure',
  afterClosure: true,
  find: (v) => {
    const closedOn = v.status === 'closed' ? v.support?.closedOn : undefined;
    return closedOn ? v.measures.filter(isUnfinished).map((m) => ({ subject: m.id, since: closedOn })) : [];
  },
});
