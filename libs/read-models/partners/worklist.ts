import { Column, Index, PrimaryColumn } from 'typeorm';
import { type CaseView } from '../../domain/case/view.js';
import { type LocalDate } from '../../domain/kernel/local-date.js';
import { type Role } from '../../domain/kernel/roles.js';
import { type Text } from '../../domain/kernel/text.js';
import { type RuleCode } from '../../domain/rules/index.js';
import { type Obligation } from '../../domain/rules/obligations.js';
import { type Nature } from '../../domain/rules/rule.js';

/** Sorts after every date, and before none: PostgreSQL's own word. */
export const NO_DATE = 'infinity';

/**
 * One line of a partner's list, as that partner may see it between two days. It finds and sorts; what is shown is computed anew from
 * the case when it is read.
 */
@Index(['organisation', 'role', 'due', 'caseId', 'kind', 'subject', 'rule'])
@Index(['organisation', 'role', 'since', 'caseId', 'kind', 'subject', 'rule'])
@Index(['organisation', 'role', 'personName', 'caseId', 'kind', 'subject', 'rule'])
@Index(['caseId'])
export abstract class WorklistRow {
  @PrimaryColumn('text')
  organisation: string;

  @PrimaryColumn('text')
  role: Role;

  @PrimaryColumn({ type: 'text', name: 'case_id', collation: 'C' })
  caseId: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  kind: string;

  /** What it is about: the id of a handshake, a measure …, or of the case. */
  @PrimaryColumn({ type: 'text', collation: 'C' })
  subject: string;

  /** Code of the rule behind it; empty for a case that is just held. */
  @PrimaryColumn({ type: 'text', collation: 'C' })
  rule: string;

  /** First day on which this partner sees the line so: accords and delays begin and end on days, without an event. */
  @PrimaryColumn({ type: 'date', name: 'valid_from' })
  validFrom: LocalDate;

  /** First day on which it does so no more; `infinity` when nothing ends it. */
  @Column({ type: 'date', name: 'valid_to' })
  validTo: string;

  @Column('date')
  since: LocalDate;

  /** `infinity` when no delay is set. */
  @Column('date')
  due: string;

  /** First day on which it is overdue; `infinity` for what can't be. */
  @Column({ type: 'date', name: 'overdue_from' })
  overdueFrom: string;

  /** Family then given names, folded for search, then the other ways to look for them; empty when this partner may not see them. */
  @Column({ type: 'text', name: 'person_name', collation: 'C' })
  personName: string;
}

export const SORTS = ['due', 'since', 'person'] as const;
export type Sort = (typeof SORTS)[number];

/**
 * Which lines a kind holds: those of some rules, the cases that the organisation holds, all of a nature that no other kind names, or the
 * duties that no other kind names.
 */
export type Holds = readonly RuleCode[] | 'cases' | Nature;

export interface Kind {
  readonly label: Text;
  readonly holds: Holds;
  /** Listed when it is asked for only: it would hide what is to be done. */
  readonly apart?: true;
}
/** A partner's list: one file each, all of it data. */
export interface WorklistView {
  readonly name: string;
  readonly label: Text;
  readonly roles: readonly Role[];
  readonly entity: new () => WorklistRow;
  /** Exactly one kind holds the cases, so that whoever is accountable has the case in its list (decision 14). */
  readonly kinds: Readonly<Record<string, Kind>>;
  readonly sorts: readonly Sort[];
  /** What a line shows beside its dates and the person, from the case as the reader may see it. */
  shows(seen: CaseView, line: Line, today: LocalDate): Readonly<Record<string, unknown>>;
}

/** A line before it is placed in a partner's table. */
export type Line = Pick<Obligation, 'subject' | 'since' | 'article'> & Partial<Obligation> & { readonly kind: string };

const kindHolding = (view: WorklistView, wanted: (holds: Holds) => boolean): string | undefined =>
  Object.keys(view.kinds).find((kind) => wanted(view.kinds[kind]!.holds));

/** The kind under which a view lists what a rule finds. */
export const kindOf = (view: WorklistView, { rule, nature }: Pick<Obligation, 'rule' | 'nature'>): string =>
  kindHolding(view, (holds) => Array.isArray(holds) && holds.includes(rule)) ?? kindHolding(view, (holds) => holds === nature)!;
/** The kind under which a view lists the cases that its organisation holds. */
export const kindOfCases = (view: WorklistView): string => kindHolding(view, (holds) => holds === 'cases')!;
