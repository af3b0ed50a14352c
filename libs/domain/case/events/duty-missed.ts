import { date, int, pattern, ref, text, type Zone } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';

const WORD = /^[a-z0-9-]{1,60}$/;

/**
 * The watch found a duty missed: told to its owner (step 1), then to its organisation (2), then to the coordinator (3). Which duty it was
 * is told to whoever may see what it is about; that an organisation has not answered, to all who take part. Of a file that waits not
 * even that: it would tell them of the file.
 */
const dutyMissed = <const T extends string>(type: T, zone: Zone, existence: Zone = 'coordination') =>
  act({
    type,
    command: null,
    label: t('Échéance dépassée', 'Duty missed'),
    source: 'convention (D)',
    zone: existence,
    veiledAs: 'DutyMissed',
    rank: 95,
    by: [],
    fields: {
      rule: pattern(zone, t('règle', 'rule'), WORD, 'referral-to-answer'),
      subject: text(zone, t('ce dont il s’agit', 'what it is about'), 'referral', 120),
      restartedBy: text(zone, t('ce qui a relancé le délai', 'what started the clock anew'), 'received', 200).optional(),
      owner: ref('organisation', t('qui la devait', 'who owed it')),
      dueOn: date('coordination', t('échéance', 'due on'), '2023-03-21'),
      step: int(
        'coordination',
        t(
          'niveau : 1 le partenaire, 2 son organisation, 3 le coordinateur',
          'level: 1 the partner, 2 its organisation, 3 the coordinator',
        ),
        1,
        3,
      ),
    },
    apply(draft, { id, on, data }) {
      const { step, ...rest } = data;
      if (step === 1 || step === 2 || step === 3) draft.missed.push({ eventId: id, on, step, zone, ...rest });
    },
  });

export const DutyMissed = dutyMissed('DutyMissed', 'coordination');
export const LeaveDutyMissed = dutyMissed('LeaveDutyMissed', 'leave');
export const MeasureDutyMissed = dutyMissed('MeasureDutyMissed', 'measure');
export const FileDutyMissed = dutyMissed('FileDutyMissed', 'waiting', 'waiting');
