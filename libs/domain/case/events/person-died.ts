import { byProgram, date } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { answersForDeath } from '../deaths.js';
import { cameBy } from '../view.js';

/**
 * On this day the person died. All who take part learn it at once, so that nobody calls or writes: everything owed stops. Told by the lead,
 * the accountable partner or the caisse it is settled; told by anybody else it is one of these that confirms or denies it (ADR 0020).
 */
export const PersonDied = act({
  type: 'PersonDied',
  command: 'record-death',
  label: t('Décès', 'Death'),
  source: 'convention (D)',
  zone: 'coordination',
  rank: 90,
  by: [...CASE_WORKERS, 'MTR', 'EMPLOYER', 'HOST', 'PROVIDER'],
  afterEnd: true,
  fields: {
    // Without it, as before there was any, the death is settled.
    toConfirmSince: byProgram(date('coordination', t('à confirmer depuis ce jour', 'to be confirmed since this day')).optional()),
  },
  complete: ({ actor, recordedBy }, before, { today }) =>
    answersForDeath(before, (recordedBy ?? actor).organisation) ? {} : { toConfirmSince: today },
  apply(draft, { id, on, by, recordedBy, data, revision, joined }) {
    // Whoever let a file in has not said yet that it is so.
    const join = cameBy(draft, { ...(joined !== undefined && { joined }) });
    const toldOn = data.toConfirmSince ?? (join?.letIn ? join.on : undefined);
    draft.deaths.push({
      eventId: id,
      on,
      by: recordedBy ?? by,
      revision,
      ...(toldOn && { toldOn }),
      ...(join?.letIn && { joined: true }),
    });
  },
});
