import { type Convention } from '../convention/standing.js';
import { type GroupAction } from '../group/planned.js';
import { type Finding } from '../kernel/errors.js';
import { byProgram, type DataOf, date, type Fields, type SeenOf, type Zone } from '../kernel/fields.js';
import { type Instant, type LocalDate } from '../kernel/local-date.js';
import { type Evidence, type OrganisationId, type Party, type Role } from '../kernel/roles.js';
import { type Text, t } from '../kernel/text.js';
import { type Resource } from '../resource/listed.js';
import { type Rulebook } from '../rules/delays.js';
import { type CaseView } from './view.js';

/** An organisation as the directory knows it. */
export interface Organisation {
  readonly id: OrganisationId;
  readonly name: string;
  /** The roles in which its people may act. */
  readonly roles: readonly Role[];
  /** Département or region code, `39`, `BFC`. */
  readonly territory: string;
  /** Where the territory is a département. */
  readonly region?: string;
  /** Routing code of an SPST, `MT39`. */
  readonly spstCode?: string;
  readonly siret?: string;
  /** IANA zone. */
  readonly timeZone?: string;
}
export interface Directory {
  all(): readonly Organisation[];
  find(id: OrganisationId): Organisation | undefined;
  /** The SPST that a routing code means; undefined when that is in doubt. */
  bySpstCode(code: string): Organisation | undefined;
  /** The CPAM of a territory, where it has one only. */
  caisseOf(territory: string): Organisation | undefined;
  /** Between partners, those that have ended too. */
  conventions(): readonly Convention[];
  groupAction(id: string): GroupAction | undefined;
  /** To be suggested; those that were retired too. */
  resource(id: string): Resource | undefined;
}

/** Everything that a decision needs and that is not in the case: time, ids and what others know come in from outside. */
export interface Context {
  readonly now: Instant;
  readonly today: LocalDate;
  readonly commandId: string;
  /** A new identifier, the same for the same label and command. */
  newId(label: string): string;
  readonly directory: Directory;
  /** The delays in force, here and on each day. */
  readonly rulebook: Rulebook;
  /** The person's earlier cases: a cap across cases is decided on them. */
  readonly earlier: readonly CaseView[];
}

/** An act as it is asked: who, what, when it happened. */
export interface Command<F extends Fields = Fields> {
  readonly data: DataOf<F>;
  readonly occurredOn: LocalDate;
  readonly actor: Party;
  readonly recordedBy: Party | null;
  readonly evidence: Evidence | null;
}
export interface Check<F extends Fields> extends Command<F> {
  readonly before: CaseView;
  /** The case as it would be, were the act recorded. Rules on totals and periods are stated on it. */
  readonly after: CaseView;
  readonly ctx: Context;
  /** What was told of the case before, as it stands: corrected, without what was withdrawn. */
  readonly facts: readonly Fact<Record<string, never>>[];
}
/** A fact during the fold. */
export interface Fact<F extends Fields> {
  readonly id: string;
  readonly type: string;
  readonly on: LocalDate;
  readonly by: Party;
  readonly recordedBy: Party | null;
  readonly data: SeenOf<F>;
  readonly revision: number;
  /** The other case in which it was told, which was joined to this one. */
  readonly joined?: string;
  /** The revision of the last word on it: of its correction, where it was corrected. */
  readonly told: number;
  /** When that was recorded. */
  readonly toldAt: Instant;
  /** A bystander told it: it ends nothing that others owe before somebody says that it is so. */
  readonly toConfirmSince?: LocalDate;
  /** By whom it was said that it is so, or is not, and where. */
  readonly confirmed?: Verdict;
  readonly denied?: Verdict;
}
interface Verdict {
  readonly joined?: string;
  readonly by: Party;
  readonly recordedBy: Party | null;
}

export interface ActSpec<F extends Fields> {
  /** Name of the event, in the past tense, as it is stored. */
  readonly type: string;
  /** Name of the command, as it stands in the path: `record-interview`. Null for what only another act brings. */
  readonly command: string | null;
  readonly version: number;
  /** The one at index 0 brings the payload of version 1 to version 2. Total: any field may be missing. */
  readonly upcasters: readonly ((data: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>)[];
  readonly label: Text;
  /** The article, the published practice (S) or our convention (D) behind it. */
  readonly source: string;
  /** The zone of its very existence: who may not see this zone does not learn that it happened. */
  readonly zone: Zone;
  /** The type under which it is told to whoever may not see all of its fields, where its own would tell what they are about. */
  readonly veiledAs?: string;
  /**
   * `ask`: something asked, planned or decided here: refused when a rule forbids it.
   * `fact`: something that happened: recorded all the same, with its irregularities (decision 13).
   * An `ask` that another one records, with the evidence that it happened, is a fact too.
   */
  readonly nature: 'ask' | 'fact';
  /** `date`: facts fold in the order in which they happened, so any order of arrival gives the same case. `arrival`: the log decides. */
  readonly order: 'date' | 'arrival';
  /** Within one day, lower first. */
  readonly rank: number;
  /** Who may act. */
  readonly by: readonly Role[];
  /** Who may record it for an actor without account. */
  readonly recorders: readonly Role[];
  /** May be the first act of a case. */
  readonly opens: boolean;
  /** The caller must say which state of the case it saw (If-Match). */
  readonly guarded: boolean;
  /** Possible on a case that is closed or whose person has died. */
  readonly afterEnd: boolean;
  readonly fields: F;
  /** What the case has already, of which this tells anew: it keeps its identifier, and no second one is made. */
  sameAs?(c: Command<F>, before: CaseView, ctx: Context): string | undefined;
  /**
   * Of what is hardly ever done twice in a day by the same person, as a figure counts each: its name, and what makes two of them the same.
   * The second one is asked about, and goes in with `again`.
   */
  readonly once?: { readonly what: string; alike(data: SeenOf<F>): readonly unknown[] | undefined };
  /**
   * Of what may end what others owe: whose word settles it, beside that of the lead, the accountable partner and the caisse. Told by anybody
   * else it is recorded with `toConfirmSince`, and what it would end goes on until it is confirmed (ADR 0023); nor is it told for a partner
   * that takes part. An act without it ends nothing, or may be done by those only whose it is.
   */
  settledBy?(
    v: CaseView,
    told: Pick<Fact<F>, 'by' | 'recordedBy' | 'data' | 'on'>,
  ): readonly (OrganisationId | null | undefined)[];
  /** References that its outcome names although the case may have had them. */
  readonly names?: readonly string[];
  /** Fields that the directory or the case fills when the caller left them out, and those that the program alone fills (`byProgram`). */
  complete?(c: Command<F>, before: CaseView, ctx: Context): DataOf<F>;
  check?(c: Check<F>): readonly Finding[];
  /** Preconditions that need no payload: what `options` shows. */
  available?(view: CaseView, actor: Party, ctx: Context): readonly Finding[];
  /** Events that go before it in the same append (a transmission brings its leave and its accord). */
  brings?(
    c: Command<F>,
    view: CaseView,
    ctx: Context,
  ): readonly { readonly type: string; readonly data: Record<string, unknown> }[];
  /** Fold into the draft. Total: any field may be missing. */
  apply(draft: CaseView, fact: Fact<F>): void;
}
type Defaults = 'version' | 'upcasters' | 'nature' | 'order' | 'rank' | 'recorders' | 'opens' | 'guarded' | 'afterEnd';
export type ActDefinition<F extends Fields = Fields> = ActSpec<F>;

/** Anybody who handles cases may attest what a partner without account did. */
const RECORDERS: readonly Role[] = ['AS', 'CSAM', 'CPAM', 'MC', 'MT', 'IDEST', 'CPDP', 'CAP_EMPLOI', 'CEP', 'MDPH', 'COMETE'];

/** Declares an act: one file, one line in `acts.ts`. */
export function act<const F extends Fields>(
  spec: Omit<ActSpec<F>, Defaults> & Partial<Pick<ActSpec<F>, Defaults>>,
): ActDefinition<F> {
  const nature = spec.nature ?? 'fact';
  return {
    version: 1,
    upcasters: [],
    nature,
    order: nature === 'ask' ? 'arrival' : 'date',
    rank: 50,
    recorders: RECORDERS,
    opens: false,
    guarded: false,
    afterEnd: false,
    ...spec,
    ...(spec.settledBy && { fields: { ...spec.fields, toConfirmSince: sinceIn(spec.zone) } }),
  };
}
/** In the zone of the fact itself: whoever learns of it learns that it is not confirmed. Facts of before have none, and stand as they did. */
const sinceIn = (zone: Zone) =>
  byProgram(date(zone, t('à confirmer depuis ce jour', 'to be confirmed since this day')).optional());
