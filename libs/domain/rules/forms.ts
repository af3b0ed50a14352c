import { type CaseView, type Consent } from '../case/view.js';
import { isSelfTold } from '../case/accord.js';
import { type Delays } from './delays.js';

/**
 * Forms that are drawn for control: of those by which an organisation opened something to itself, one in so many, by the identifier of
 * the event, which nobody can choose. The same ones for everybody, on any day.
 */
export const drawn = (v: CaseView, delays: Delays): Consent[] =>
  v.consents.filter(
    (c) =>
      c.formHash !== undefined &&
      isSelfTold(c) &&
      c.formControl === undefined &&
      c.withdrawnOn === undefined &&
      Number.parseInt(c.eventId.slice(0, 8), 16) % delays.of('accord.formDraw', c.from).count === 0,
  );
