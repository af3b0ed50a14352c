import { between as bound, noticeFrom, standsOn } from '../convention/standing.js';
import { forbidden, type Finding } from '../kernel/errors.js';
import { date, ref } from '../kernel/fields.js';
import { type LocalDate } from '../kernel/local-date.js';
import { type Party } from '../kernel/roles.js';
import { t } from '../kernel/text.js';
import { type Context } from './act.js';

/** The convention under which one partner sends a person on to another. */
export const conventionFields = {
  conventionId: ref('convention', t('convention ; la seule en vigueur entre les deux si absente', 'convention; the only one that stands between the two when absent')).optional(),
  conventionTo: date('coordination', t('dernier jour de la convention (complété)', 'last day of the convention (filled in)'), '2026-09-14').optional(),
  conventionNotice: date('coordination', t('jour à partir duquel sa fin se voit venir (complété)', 'day from which its end is seen coming (filled in)'), '2026-06-16').optional(),
}; // prettier-ignore
interface Sent {
  readonly target: string;
  readonly conventionId?: string;
  readonly conventionTo?: LocalDate;
  readonly conventionNotice?: LocalDate;
}
/** As the case keeps it. */
export const conventionKept = ({ conventionId, conventionTo, conventionNotice }: Partial<Sent>): Omit<Sent, 'target'> => ({
  ...(conventionId && { conventionId }), ...(conventionTo && { conventionTo }), ...(conventionNotice && { conventionNotice }),
}); // prettier-ignore
/** Those that both have signed, each until the last day for which both did: a proposal that one has not signed is none. */
const between = (actor: Party, { target }: Sent, { directory }: Context) =>
  directory.conventions().flatMap((c) => bound(c, actor.organisation, target) ?? []);

/** Its last day goes with the referral, so that the case alone says what is to come; whoever asks does not say it. */
export function underConvention<D extends Sent>(data: D, actor: Party, on: LocalDate, ctx: Context): D {
  const { conventionTo: _to, conventionNotice: _notice, ...asked } = data;
  const known = between(actor, data, ctx);
  const standing = known.filter((c) => standsOn(c, on));
  const only = standing.length === 1 ? standing[0] : undefined;
  const convention = data.conventionId === undefined ? only : known.find((c) => c.conventionId === data.conventionId);
  const { conventionId, to } = convention ?? {};
  return { ...asked, ...(convention && { conventionId, conventionTo: to, conventionNotice: noticeFrom(convention) }) } as D;
}
/** One that is not known is told like one of others: conventions are their parties' business. */
export function conventionFindings(data: Sent, actor: Party, on: LocalDate, ctx: Context): Finding[] {
  if (data.conventionId === undefined) return [];
  const convention = between(actor, data, ctx).find((c) => c.conventionId === data.conventionId);
  if (!convention)
    return [forbidden('referral.noSuchConvention', 'convention (D)', t('Aucune convention de ce numéro ne lie les deux organisations.', 'No such convention binds the two organisations.'))]; // prettier-ignore
  return standsOn(convention, on)
    ? []
    : [forbidden('referral.conventionNotStanding', 'convention (D)', t(`La convention « ${convention.title} » n’est pas en vigueur ce jour-là : la reconduire, en nommer une autre, ou orienter sans convention.`, `The convention "${convention.title}" does not stand on that day: renew it, name another one, or refer without one.`))]; // prettier-ignore
}
