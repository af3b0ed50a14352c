import { type Fields } from './fields.js';

/** An event of one of the small aggregates, which are about no person in particular, or hold identifiers only. */
export interface DeclaredEvent<F extends Fields = Fields> {
  readonly type: string;
  readonly version: number;
  readonly fields: F;
  /** The one at index 0 brings the payload of version 1 to version 2. Total: any field may be missing. */
  readonly upcasters?: readonly ((data: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>)[];
}
export const declareEvent = <const F extends Fields>(type: string, fields: F, version = 1): DeclaredEvent<F> => ({
  type,
  version,
  fields,
});
