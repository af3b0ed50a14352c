import { daysBetween, within } from '../kernel/local-date.js';
import { MARCH_2022 } from '../measures/rules.js';
import { type CaseView, type Leave } from './view.js';

/** The leaves after which a visit is owed; the sixty days of illness count for leaves that began after 31 March 2022, thirty before (R.4624-31 CT). */
export const owesReturnVisit = ({ start, endedOn, risk }: Leave): boolean => {
  if (start === undefined || endedOn === undefined) return false;
  const days = daysBetween(start, endedOn) + 1;
  if (risk === 'maladie') return days >= (start > MARCH_2022 ? 60 : 30);
  return risk === 'maternite' || risk === 'MP' || (risk === 'AT' && days >= 30);
};

/** The job of that leave ended since it began, or there was none: whoever hires the person afterwards owes another visit. */
export const hasNoJobToReturnTo = ({ milestones, activities }: CaseView, { start, endedOn }: Leave): boolean => {
  if (start === undefined || endedOn === undefined) return false;
  const before = milestones.filter((m) => m.on < start && TURNS.includes(m.kind)).at(-1);
  const ended =
    before?.kind === 'employment-ended' ? before : milestones.find((m) => m.kind === 'employment-ended' && m.on >= start);
  // One of several jobs: the others go on.
  const named = activities.some((a) => a.to !== undefined && a.to === ended?.on);
  return ended !== undefined && !(named && activities.some((a) => within(endedOn, a.from, a.to) && a.to !== ended.on));
};
const TURNS = ['employment-ended', 'new-job-started'];
