import { type CaseView } from '../case/view.js';
import { type Zone } from '../kernel/fields.js';
import { type LocalDate } from '../kernel/local-date.js';
import { type OrganisationId, type Role } from '../kernel/roles.js';
import { type Text, t } from '../kernel/text.js';
import { type DelayName, type Delays } from './delays.js';

/**
 * Four kinds, not to be mixed. A duty has one owner and a date, and can be missed. An opportunity is shown, and owed by nobody. A horizon
 * is a date to see coming. An alert says that something that happened needs a look.
 */
export const NATURES = ['duty', 'opportunity', 'horizon', 'alert'] as const;
export type Nature = (typeof NATURES)[number];

export interface Owner {
  readonly organisation: OrganisationId | null | undefined;
  readonly role: Role;
}
/** What a rule finds in a case. */
export interface Found {
  /** What it is about: the id of a handshake, a measure …, or of the case. */
  readonly subject: string;
  /** Of a duty: who owes it. Of anything else: to whom it is shown; the accountable organisation when nobody is named. */
  readonly owner?: Owner;
  /** When the owner came to it, if before `since`: a part that it passed on since takes the duty along. */
  readonly cameOn?: LocalDate;
  /** The article for this one, where that is not the rule's own. */
  readonly article?: string;
  /** Whose existence it tells of, where that is not the rule's own. */
  readonly zone?: Zone;
  /** The first day on which it is so. May be ahead: time alone brings it. */
  readonly since: LocalDate;
  /** Of a duty, the last day to do it. Of a horizon, the day to see coming. */
  readonly due?: LocalDate;
  /** The last day on which it is so, where time alone ends it. */
  readonly until?: LocalDate;
  /** The day was fixed by somebody: no delay was counted. */
  readonly fixed?: true;
  /** How many there are, where one line stands for several. */
  readonly count?: number;
  /** Id of what started the clock anew: it is then another clock, which may be missed anew. */
  readonly restartedBy?: string;
}

export const ACCOUNTABLE = t('le partenaire qui répond du dossier', 'the accountable partner');

interface Named {
  readonly code: string;
  /** What it asks of its owner, or tells, in a few words. */
  readonly label: Text;
  /** To whom it falls, or is shown: the accountable partner when nothing is said. */
  readonly whose?: Text;
  /** The article, or the practice (S) or convention (D) behind it. */
  readonly article: string;
  /** Whose existence it tells of. */
  readonly zone: Zone;
  /** In force for what begins between these days. */
  readonly from?: LocalDate;
  readonly to?: LocalDate;
  /** Holds for a closed case; the others end with the support. */
  readonly afterClosure?: true;
  find(view: CaseView, delays: Delays): readonly Found[];
}
export interface DutyRule extends Named {
  readonly nature: 'duty';
  /** The clock that its due date rests on. */
  readonly delay: DelayName;
  /** After `due`, before it counts as missed. */
  readonly grace?: DelayName;
  /** Commands that resolve it, any of them. */
  readonly resolvedBy: readonly string[];
}
export interface ShownRule extends Named {
  readonly nature: Exclude<Nature, 'duty'>;
}
export type Rule = DutyRule | ShownRule;

/** Declares a rule: one file, one line in `index.ts`. */
export const duty = <const C extends string>(rule: Omit<DutyRule, 'nature' | 'code'> & { readonly code: C }) =>
  ({ ...rule, nature: 'duty' }) as const;
const shown =
  <const N extends ShownRule['nature']>(nature: N) =>
  <const C extends string>(rule: Omit<ShownRule, 'nature' | 'code'> & { readonly code: C }) =>
    ({ ...rule, nature }) as const;
export const opportunity = shown('opportunity');
export const horizon = shown('horizon');
export const alert = shown('alert');
