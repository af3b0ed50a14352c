import { latest, localDate } from '../../kernel/local-date.js';
import { t } from '../../kernel/text.js';
import { MARCH_2022 } from '../../measures/rules.js';
import { spstOf } from '../owners.js';
import { opportunity } from '../rule.js';

const AGE = 45;

/** In the civil year of the 45th birthday, unless a branch agreement sets another day, which nobody tells us: shown, so owed by nobody here. */
export const midCareerVisit = opportunity({
  code: 'mid-career-visit',
  label: t('Visite de mi-carrière : année des 45 ans', 'Mid-career visit: year of the 45th birthday'),
  whose: t('le SPST de la personne', 'the health service of the person'),
  article: 'L.4624-2-2 CT',
  zone: 'identity',
  from: MARCH_2022,
  find: (v) => {
    const { birthDate } = v.person;
    if (birthDate === undefined || v.visits.some((visit) => visit.kind === 'mid-career')) return [];
    const year = Number(birthDate.slice(0, 4)) + AGE;
    return [
      {
        subject: v.caseId,
        owner: { organisation: spstOf(v), role: 'MT' as const },
        since: latest(localDate(`${year}-01-01`), MARCH_2022)!,
        until: localDate(`${year}-12-31`),
      },
    ];
  },
});
