import { type LocalDate } from '../kernel/local-date.js';

/** Who somebody is, as one partner holds it. */
export interface Traits {
  readonly familyName?: string;
  readonly givenNames?: string;
  readonly birthDate?: LocalDate;
  readonly sex?: string;
}
/** In what two sets of traits can't be one person's. */
export const contradictions = (told: Traits, held: Traits): ('birthDate' | 'sex' | 'names')[] => [
  ...(told.birthDate && held.birthDate && told.birthDate !== held.birthDate ? (['birthDate'] as const) : []),
  ...(told.sex && held.sex && told.sex !== held.sex ? (['sex'] as const) : []),
];
