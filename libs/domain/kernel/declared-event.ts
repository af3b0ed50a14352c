import { type Fields } from './fields.js';

/** An event of one of the small aggregates, which are about no person in particular, or hold identifiers only. */
export interface DeclaredEvent<F extends Fields = Fields> {
  readonly type: string;
  readonly version: number;
  readonly fields: F;
}
export const declareEvent = <const F extends Fields>(type: string, fields: F, version = 1): DeclaredEvent<F> => ({
  type,
  version,
  fields,
});
