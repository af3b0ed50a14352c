import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';

/** On this day the person died. All who take part learn it at once, so that nobody calls or writes: everything owed stops. */
export const PersonDied = act({
  type: 'PersonDied',
  command: 'record-death',
  label: t('Décès', 'Death'),
  source: 'convention (D)',
  zone: 'coordination',
  rank: 90,
  by: [...CASE_WORKERS, 'MTR', 'EMPLOYER', 'HOST', 'PROVIDER'],
  afterEnd: true,
  fields: {},
  apply(draft, { on }) {
    draft.diedOn ??= on;
  },
});
