import { takesPart } from '../domain/case/taking-part.js';
import { type CaseView } from '../domain/case/view.js';
import { type Forum } from '../domain/forum/forum.js';
import { type AgendaItem, type Avis, type Meeting } from '../domain/forum/meeting.js';
import { type PastAside } from '../domain/kernel/aside.js';
import { type LocalDate } from '../domain/kernel/local-date.js';

/** Something that a case is to be told. */
export interface Copy {
  readonly caseId: string;
  /** Tells apart what one event brings to one case. */
  readonly label: string;
  readonly type: string;
  readonly occurredOn: LocalDate;
  readonly data: (view: CaseView) => Readonly<Record<string, unknown>>;
}

/**
 * What an event of a meeting says of cases, each for itself. Pure: the same event always brings the same, so that whatever crashes or
 * however many workers run, each case is told once.
 * @param meeting as it is after the event
 */
export function copiesOf(event: PastAside, meeting: Meeting, forum: Forum): Copy[] {
  const { meetingId } = meeting;
  const waiting = meeting.items.filter((i) => i.measureId !== undefined && !i.answered);
  const copy = (
    item: Pick<AgendaItem, 'caseId' | 'measureId'>,
    type: string,
    data: Copy['data'],
    on = event.occurredOn,
  ): Copy => ({
    caseId: item.caseId,
    label: `${item.measureId ?? ''} ${type}`,
    type,
    occurredOn: on,
    data: (view) => ({ ...(item.measureId && { measureId: item.measureId }), meetingId, ...data(view) }),
  });
  const scheduled = (item: AgendaItem): Copy =>
    copy(item, 'IlcoReviewScheduled', () => ({ date: meeting.date, chair: forum.chair, chairRole: forum.chairRole }));
  const unscheduled = (item: Pick<AgendaItem, 'caseId' | 'measureId'>): Copy => copy(item, 'IlcoReviewUnscheduled', () => ({}));
  /** Whoever takes no part in a case leaves the table while it is spoken of. */
  const attendees = (view: CaseView): Record<string, unknown> => {
    const here = meeting.attendees.filter((a) => takesPart(view, a.organisation, meeting.heldOn ?? event.occurredOn));
    return here.length > 0 ? { attendees: here } : {};
  };
  const subject = event.data as { readonly caseId: string; readonly measureId?: string; readonly opinion?: Avis };
  const found = meeting.items.filter((i) => i.caseId === subject.caseId && i.measureId === subject.measureId);

  switch (event.type) {
    case 'AgendaItemAdded':
      return subject.measureId === undefined ? [] : found.map(scheduled);
    case 'AgendaItemRemoved':
      return subject.measureId === undefined ? [] : [unscheduled(subject)];
    case 'MeetingMoved':
      return waiting.map(scheduled);
    case 'MeetingCancelled':
      return waiting.map(unscheduled);
    case 'AvisGiven':
      return subject.opinion === 'without-object'
        ? [unscheduled(subject)]
        : [copy(subject, 'IlcoReviewHeld', (view) => ({ ...(subject.opinion && { opinion: subject.opinion }), ...attendees(view) }), meeting.heldOn)]; // prettier-ignore
    case 'MeetingClosed':
      return meeting.items
        .filter((i) => i.measureId === undefined)
        .map((item) => copy(item, 'CaseReviewHeld', attendees, meeting.heldOn));
    default:
      return [];
  }
}
