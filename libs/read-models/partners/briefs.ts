import { type CaseView, leaveAt, measureIn, type PersonTraits } from '../../domain/case/view.js';
import { type LocalDate } from '../../domain/kernel/local-date.js';
import { latest } from '../../domain/kernel/local-date.js';

/** Short forms of what a line is about, for the lists. Total: what the reader may not see is missing. */

export const measureBrief = (seen: CaseView, id: string): Record<string, unknown> => {
  const measure = measureIn(seen, id);
  if (!measure) return {};
  const { type, status, requestedOn, startedOn, plannedStart, periods } = measure;
  const asked = periods[0];
  const to = latest(...periods.map((p) => p.to));
  const from = startedOn ?? plannedStart ?? asked?.from;
  return { measure: { id, type, status, requestedOn, from, to } };
};

/** Who it is, as far as the reader may see. */
export const personBrief = ({ person }: CaseView): Pick<PersonTraits, 'familyName' | 'usedName' | 'givenNames' | 'birthDate'> => {
  const { familyName, usedName, givenNames, birthDate } = person;
  return {
    ...(familyName && { familyName }),
    ...(usedName && { usedName }),
    ...(givenNames && { givenNames }),
    ...(birthDate && { birthDate }),
  };
};

/** The leave of today, else the last one. */
export const leaveBrief = (seen: CaseView, today: LocalDate): Record<string, unknown> => {
  const leave = leaveAt(seen, today) ?? seen.leaves.at(-1);
  if (!leave) return {};
  const { start, expectedEnd, endedOn, risk } = leave;
  return { leave: { start, expectedEnd, endedOn, risk } };
};

/** How often the six-month call was tried, and when next, when that is what the line is about. */
export const callBrief = (seen: CaseView, rule: string | undefined): Record<string, unknown> => {
  if (rule !== 'six-month-call' || !seen.followUp) return {};
  const { attempts, lastAttempt } = seen.followUp;
  return { call: { attempts, ...(lastAttempt && { lastAttempt }) } };
};

/** Who sent it, when the line is a transmission or a referral. */
export const senderBrief = (seen: CaseView, id: string): Record<string, unknown> => {
  const sent = seen.handshakes.find((h) => h.id === id);
  return sent ? { from: { organisation: sent.from.organisation, role: sent.from.role }, motive: sent.motive } : {};
};

export const appointmentBrief = (seen: CaseView, id: string): Record<string, unknown> => {
  const appointment = seen.appointments.find((a) => a.id === id);
  return appointment ? { appointment: { date: appointment.date, channel: appointment.channel } } : {};
};

export const visitBrief = (seen: CaseView, id: string): Record<string, unknown> => {
  const visit = seen.visits.find((v) => v.id === id);
  return visit ? { visit: { kind: visit.kind, requestedOn: visit.requestedOn } } : {};
};
