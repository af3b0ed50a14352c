import { declareEvent } from '../kernel/declared-event.js';
import { ref } from '../kernel/fields.js';
import { t } from '../kernel/text.js';

/** `person-{id}` decides which case is open: one person, one open case, whoever transmits first. */
const caseId = { caseId: ref('case', t('dossier', 'case')) };
export const PersonCaseOpened = declareEvent('PersonCaseOpened', caseId);
export const PersonCaseClosed = declareEvent('PersonCaseClosed', caseId);
export const PersonCaseReopened = declareEvent('PersonCaseReopened', caseId);
/** Two that turned out to be one. Nothing is encrypted anew: each keeps its key and its stream, and one says that it goes on in the other. */
export const PersonLinked = declareEvent('PersonLinked', {
  into: ref('person', t('la personne qui demeure', 'the person that stays')),
});
export const PersonJoined = declareEvent('PersonJoined', { personId: ref('person', t('l’autre personne', 'the other person')) });
export const PersonUnlinked = declareEvent('PersonUnlinked', {});
export const PersonParted = declareEvent('PersonParted', { personId: ref('person', t('l’autre personne', 'the other person')) });
export const PERSON_EVENTS = [
  PersonCaseOpened,
  PersonCaseClosed,
  PersonCaseReopened,
  PersonLinked,
  PersonJoined,
  PersonUnlinked,
  PersonParted,
] as const;

export interface PersonState {
  readonly cases: readonly { readonly caseId: string; readonly open: boolean }[];
  /** The person that this one turned out to be. */
  readonly linkedTo?: string;
  /** Those that turned out to be this one. */
  readonly joined: readonly string[];
}
export const initialPerson: PersonState = { cases: [], joined: [] };

export function evolvePerson(
  state: PersonState,
  event: { readonly type: string; readonly data: Readonly<Record<string, unknown>> },
): PersonState {
  const { caseId, personId, into } = event.data as {
    readonly caseId?: string;
    readonly personId?: string;
    readonly into?: string;
  };
  const withCase = (open: boolean): PersonState =>
    caseId === undefined ? state : { ...state, cases: [...state.cases.filter((c) => c.caseId !== caseId), { caseId, open }] };
  const { linkedTo: _, ...alone } = state;
  switch (event.type) {
    case 'PersonCaseOpened':
    case 'PersonCaseReopened':
      return withCase(true);
    case 'PersonCaseClosed':
      return withCase(false);
    case 'PersonLinked':
      return into === undefined ? state : { ...state, linkedTo: into };
    case 'PersonUnlinked':
      return alone;
    case 'PersonJoined':
      return personId === undefined ? state : { ...state, joined: [...state.joined.filter((id) => id !== personId), personId] };
    case 'PersonParted':
      return { ...state, joined: state.joined.filter((id) => id !== personId) };
    default:
      return state;
  }
}
/**
 * The case that the person has open, as far as this stream knows: the case itself may have ended since. The last one, where one was reopened
 * before the stream heard of the end of another.
 */
export const openCaseOf = (state: PersonState): string | undefined => state.cases.findLast((c) => c.open)?.caseId;

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
