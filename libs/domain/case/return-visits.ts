import { daysBetween } from '../kernel/local-date.js';
import { MARCH_2022 } from '../measures/rules.js';
import { type Leave } from './view.js';

/** The leaves after which a visit is owed; the sixty days of illness count for leaves that began after 31 March 2022, thirty before (R.4624-31 CT). */
export const owesReturnVisit = ({ start, endedOn, risk }: Leave): boolean => {
  if (start === undefined || endedOn === undefined) return false;
  const days = daysBetween(start, endedOn) + 1;
  if (risk === 'maladie') return days >= (start > MARCH_2022 ? 60 : 30);
  return risk === 'maternite' || risk === 'MP' || (risk === 'AT' && days >= 30);
};
