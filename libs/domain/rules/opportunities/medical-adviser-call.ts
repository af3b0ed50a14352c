import { addDays } from '../../kernel/local-date.js';
import { t } from '../../kernel/text.js';
import { currentLeave } from '../leave.js';
import { opportunity } from '../rule.js';
import { MARCH_2022 } from '../../measures/rules.js';

/** The médecin conseil may turn to the médecin du travail beyond thirty days of leave. */
export const medicalAdviserCall = opportunity({
  code: 'medical-adviser-call',
  label: t(
    'Échange entre médecin conseil et médecin du travail possible',
    'Medical adviser may turn to the occupational physician',
  ),
  whose: t('le médecin conseil', 'the medical adviser'),
  article: 'L.323-4-1 CSS',
  zone: 'leave',
  from: MARCH_2022,
  find: (v) => {
    const leave = currentLeave(v);
    const asked =
      v.measures.flatMap((m) => m.asked).find((a) => a.role === 'MC') ??
      v.handshakes.map((h) => h.from).find((p) => p.role === 'MC');
    return leave && asked?.organisation
      ? [
          {
            subject: leave.id,
            owner: { organisation: asked.organisation, role: 'MC' as const },
            since: addDays(leave.start, 30),
            ...(leave.until && { until: leave.until }),
          },
        ]
      : [];
  },
});
