import { type CaseView, type Consent } from '../case/view.js';
import { isSelfTold } from '../case/accord.js';
import { type Delays } from './delays.js';

/**
 * Forms that are drawn for control: of those by which an organisation opened something to itself, one in so many, by the identifier of
 * the event, which nobody can choose; and every one of an organisation that took another one back, or has another one drawn that was not
 * shown: nobody tells forms until one is not drawn. The same ones for everybody, on any day. An accord that ended was opened by its form all
 * the same.
 */
export const drawn = (v: CaseView, delays: Delays): Consent[] => {
  const forms = v.consents.filter((c) => c.formHash !== undefined && isSelfTold(c));
  const byLot = (c: Consent): boolean =>
    Number.parseInt(c.eventId.slice(0, 8), 16) % delays.of('accord.formDraw', c.from).count === 0;
  const houses = [
    ...v.formsTakenBack,
    ...forms.flatMap((c) => (byLot(c) && c.formControl?.outcome !== 'shown' ? [c.toldBy.organisation] : [])),
  ];
  return forms.filter((c) => c.formControl === undefined && (byLot(c) || houses.includes(c.toldBy.organisation)));
};
