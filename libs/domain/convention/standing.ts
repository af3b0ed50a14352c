import { addDays, daysBetween, earliest, type LocalDate, within } from '../kernel/local-date.js';
import { type OrganisationId } from '../kernel/roles.js';

/** How long before its last day a convention that says nothing of it is flagged. */
const NOTICE_DAYS = 90;

/** What was signed, renewed and ended amounts to. */
export interface Convention {
  readonly conventionId: string;
  readonly title: string;
  readonly parties: readonly { readonly organisation: OrganisationId; readonly tasks: string }[];
  readonly territory: string;
  readonly publics: readonly string[];
  readonly from: LocalDate;
  /** Its last day: that of the last renewal, or an earlier one on which it was ended. */
  readonly to: LocalDate;
  readonly noticeDays?: number;
  readonly endedFor?: string;
}
interface Past {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}
/** Undefined as long as nobody has signed. */
export const conventionOf = (history: readonly Past[]): Convention | undefined =>
  history.reduce<Convention | undefined>((c, { type, data }) => {
    if (type === 'ConventionSigned') return data as unknown as Convention;
    if (c && type === 'ConventionRenewed') return { ...c, to: data['to'] as LocalDate };
    if (c && type === 'ConventionEnded')
      return { ...c, to: earliest(c.to, data['on'] as LocalDate)!, endedFor: data['motive'] as string };
    return c;
  }, undefined);

export const isParty = (c: Convention, organisation: OrganisationId | null): boolean =>
  c.parties.some((p) => p.organisation === organisation);
export const standsOn = (c: Convention, on: LocalDate): boolean => within(on, c.from, c.to);
/** The day from which its end is to be seen coming. */
export const noticeFrom = (c: Convention): LocalDate => addDays(c.to, -(c.noticeDays ?? NOTICE_DAYS));

export type Standing = 'to-come' | 'standing' | 'ends-soon' | 'ended';
export const standingOn = (c: Convention, on: LocalDate): Standing => {
  if (on > c.to) return 'ended';
  if (on < c.from) return 'to-come';
  return on < noticeFrom(c) ? 'standing' : 'ends-soon';
};
/** Days until its last one, which counts; 0 once that is past. */
export const daysLeft = (c: Convention, on: LocalDate): number => Math.max(0, daysBetween(on, c.to) + 1);
