import { latest } from '../../kernel/local-date.js';
import { t } from '../../kernel/text.js';
import { alert } from '../rule.js';

export const twoLeads = alert({
  code: 'two-leads',
  label: t('Deux accompagnements ouverts pour la même personne', 'Two supports open for the same person'),
  article: 'convention (D)',
  zone: 'waiting',
  find: (v) =>
    v.files.flatMap(({ fileId, supportedOn, end }) =>
      supportedOn === undefined || end?.kind === 'joined' || end?.kind === 'over' || v.status !== 'supported'
        ? []
        : [{ subject: fileId, since: latest(supportedOn, v.support?.openedOn, v.lead?.from) ?? supportedOn }],
    ),
});
