import { type Directory } from '../case/act.js';
import { type CaseView } from '../case/view.js';
import { type DeclaredEvent } from './declared-event.js';
import { type Finding } from './errors.js';
import { type DataOf, type Fields } from './fields.js';
import { type LocalDate } from './local-date.js';
import { type Party, type Role } from './roles.js';
import { type Text } from './text.js';

/** Kinds of streams beside the cases. All but satisfaction are few, and known in every process. */
export const FAMILIES = [
  'organisation',
  'mandate',
  'config',
  'group',
  'convention',
  'resource',
  'satisfaction',
  'forum',
  'meeting',
] as const;
export type Family = (typeof FAMILIES)[number];

/** An event of an aside's stream, as its rules look at it. */
export interface PastAside {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly actor: Party;
  readonly occurredOn: LocalDate;
}
export interface AsideCheck<F extends Fields> {
  readonly data: DataOf<F>;
  readonly history: readonly PastAside[];
  readonly by: Party;
  readonly today: LocalDate;
  readonly directory: Pick<Directory, 'find' | 'all' | 'conventions'>;
  /** The history of another stream beside the cases; empty when there is none that exists for the caller. */
  readonly past: (family: Exclude<Family, 'satisfaction'>, id: string) => readonly PastAside[];
  /** The case that it is about, as the caller sees it. */
  readonly seen: CaseView | undefined;
}
/**
 * What is recorded beside the cases: organisations, conventions, group actions, resources … One command, one event. Its address, its body,
 * its OpenAPI entry and its checks come from this one declaration: a new one is this, and its line in `asides.ts`.
 */
export interface AsideSpec<F extends Fields> extends DeclaredEvent<F> {
  readonly command: string;
  /** Under `/v1/`. */
  readonly path: string;
  readonly label: Text;
  readonly by: readonly Role[];
  /** Its stream is `{family}-{id}`; `own`: an identifier for what has none in its payload. */
  readonly family: Family;
  readonly id: (data: DataOf<F>, own: string) => string;
  /**
   * `new`: its identifier is made here, so that none is over another one's; `there`: it follows something; `any`: the last word counts. What
   * it follows, or is the last word on, exists for the caller (`beside-seen.ts`).
   */
  readonly place: 'new' | 'there' | 'any';
  /** All of them are in one stream, for rules that look at the others: what is told at the same instant is seen then. */
  readonly together?: true;
  /** The case that it is about: the caller must take part in it, and its personal fields are locked with the person's key. */
  readonly about?: (data: DataOf<F>) => string;
  /** Fields that name a professional as a token does (`sub`): kept as an opaque identifier. */
  readonly professionals?: readonly string[];
  /** What its payload's shape can't tell. */
  check?(c: AsideCheck<F>): readonly Finding[];
}
export type AsideDefinition = AsideSpec<Fields>;

export const aside = <const F extends Fields>(
  spec: Omit<AsideSpec<F>, 'version' | 'place'> & Partial<Pick<AsideSpec<F>, 'version' | 'place'>>,
): AsideSpec<F> => ({ version: 1, place: 'any', ...spec });
