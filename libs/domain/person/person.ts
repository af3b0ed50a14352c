import { declareEvent } from '../kernel/declared-event.js';
import { ref } from '../kernel/fields.js';
import { t } from '../kernel/text.js';

/** `person-{id}` decides which case is open: one person, one open case, whoever transmits first. */
const caseId = { caseId: ref('case', t('dossier', 'case')) };
export const PersonCaseOpened = declareEvent('PersonCaseOpened', caseId);
export const PersonCaseClosed = declareEvent('PersonCaseClosed', caseId);
export const PersonCaseReopened = declareEvent('PersonCaseReopened', caseId);
export const PERSON_EVENTS = [PersonCaseOpened, PersonCaseClosed, PersonCaseReopened] as const;

export interface PersonState {
  readonly cases: readonly { readonly caseId: string; readonly open: boolean }[];
}
export const initialPerson: PersonState = { cases: [] };

export function evolvePerson(
  state: PersonState,
  event: { readonly type: string; readonly data: Readonly<Record<string, unknown>> },
): PersonState {
  const id = event.data['caseId'];
  if (typeof id !== 'string') return state;
  const others = state.cases.filter((c) => c.caseId !== id);
  switch (event.type) {
    case 'PersonCaseOpened':
    case 'PersonCaseReopened':
      return { cases: [...others, { caseId: id, open: true }] };
    case 'PersonCaseClosed':
      return { cases: [...others, { caseId: id, open: false }] };
    default:
      return state;
  }
}
/** The case that the person has open, as far as this stream knows: the case itself may have ended since. */
export const openCaseOf = (state: PersonState): string | undefined => state.cases.find((c) => c.open)?.caseId;

/** Opens `caseId`, after closing the one that has ended. */
export const openingEvents = (state: PersonState, newCaseId: string): { type: string; data: { caseId: string } }[] => {
  const ended = openCaseOf(state);
  return [
    ...(ended !== undefined && ended !== newCaseId ? [{ type: PersonCaseClosed.type, data: { caseId: ended } }] : []),
    {
      type: state.cases.some((c) => c.caseId === newCaseId) ? PersonCaseReopened.type : PersonCaseOpened.type,
      data: { caseId: newCaseId },
    },
  ];
};
