import { barsFact, type Finding, forbidden, impossible, irregularityOf, Refused } from '../kernel/errors.js';
import { type Fields, type RefTo, type Zone } from '../kernel/fields.js';
import { CASE_WORKERS, type Evidence, type Party, ROLES } from '../kernel/roles.js';
import { mayUseNir } from '../confidentiality/nir-use.js';
import { maySee, redact } from '../confidentiality/redact.js';
import { type LocalDate } from '../kernel/local-date.js';
import { t } from '../kernel/text.js';
import { opaqueFieldFindings, opaqueFindings } from '../person/opaque.js';
import { type ActDefinition, type Check, type Command, type Context } from './act.js';
import { judgedAcross } from './across-cases.js';
import { hasUnconfirmedPart } from './at-home.js';
import { isSuspended } from './deaths.js';
import { deriveCase, effectiveFacts, type Placed } from './derive.js';
import { type DomainEvent } from './event.js';
import { sameDayTwice } from './same-day.js';
import { takesPart } from './taking-part.js';
import { type CaseView } from './view.js';
import { hasTheWord, isBystander, TO_CONFIRM } from './whose-word.js';

/** An act asked of one case. */
export interface CaseCommand extends Command {
  readonly caseId: string;
  readonly personId: string | null;
  readonly source: string;
  readonly correlationId: string;
  /** The event that brought it about, when no person asked for it here. */
  readonly causationId?: string;
  /** Events that open the case, when this act is its first. */
  readonly opening?: readonly { readonly type: string; readonly data: Record<string, unknown> }[];
}
export type ActRegistry = (type: string) => ActDefinition | undefined;

/**
 * The decision: the events to append, each with its irregularities.
 * @throws Refused with every finding; nothing is to be written then
 */
export function decide(
  act: ActDefinition,
  command: CaseCommand,
  history: readonly Placed[],
  ctx: Context,
  acts: ActRegistry,
): DomainEvent[] {
  const entitled = [...mayAct(act, command), ...partyFindings(command, ctx), ...opaqueFindings(command)];
  if (entitled.length) throw new Refused(entitled);

  const before = deriveCase(command.caseId, history, acts, ctx.today);
  const opening = command.opening ?? [];
  const given = { ...command, data: givenOf(act, command.data) };
  const sees = seenByTeller(command, before, ctx.today);
  // To whoever may not see what was told before, what it tells is new: how it is taken would tell of it.
  const told = sees(act.zone) || !act.sameAs ? before : asTold(command, history, before, acts, ctx.today);
  const known = act.sameAs?.(given, told, ctx);
  const c: Command = { ...command, data: filled(act, act.complete?.(given, before, ctx) ?? given.data, ctx, known) };
  const first = act.brings?.(c, told, ctx) ?? [];
  const drafts = [...opening, ...first, { type: act.type, data: c.data as Record<string, unknown> }].map((e, i) =>
    draft(marked(e, acts(e.type), c, before, ctx), i, acts(e.type)?.version ?? 1, command, ctx),
  );
  const after = deriveCase(command.caseId, [...history, ...drafts], acts, ctx.today);

  const facts = effectiveFacts(history);

  // What the act brings is held to the rules of its own kind, and keeps what is irregular about it.
  const across = (judge: (among: Context) => readonly Finding[]) => judgedAcross(ctx, c.recordedBy ?? c.actor, judge);
  const brought = drafts.slice(0, -1).map((e) => {
    const rules = acts(e.type);
    const kept = rules ? across((among) => ruled(rules, { ...c, data: e.data as never, before, after, ctx: among, facts })) : [];
    return { e, kept, refusals: rules ? refusalsOf(rules, c, kept, sees) : [] };
  });
  const findings = across((among) => [
    ...timeFindings(c, ctx),
    ...(opening.length ? [] : endFindings(act, before, c.data)),
    ...valueFindings(act.fields, c.data as Record<string, unknown>, c, ctx),
    ...(known === undefined ? takenFindings(act, c.data as Record<string, unknown>, history, acts) : []),
    ...sameDayTwice(act, c, facts),
    ...bringingInFindings(act, c, before, ctx),
    ...theirsFindings(act, c, before, ctx),
    ...(act.available?.(before, c.actor, among) ?? []),
    ...(act.check?.({ ...c, before, after, ctx: among, facts }) ?? []),
  ]);
  const refusals = [...brought.flatMap((b) => b.refusals), ...refusalsOf(act, c, findings, sees)];
  if (refusals.length)
    throw new Refused(
      refusals.filter((f, i) => refusals.findIndex((o) => o.code === f.code && o.message.fr === f.message.fr) === i),
    );

  const waits = after.unsettled.some(({ eventId }) => eventId === drafts.at(-1)!.id);
  const irregularities = [
    ...[...findings, ...lateFindings(act, c, ctx, before.caisse)].map(irregularityOf),
    ...(waits ? [TO_CONFIRM] : []),
  ];
  return [
    ...brought.map(({ e, kept }) => ({ ...e, irregularities: unique(kept.map(irregularityOf)) })),
    { ...drafts.at(-1)!, irregularities: unique(irregularities) },
  ];
}

/** Zones that whoever tells of an act may see, as a matter of principle: all of them where nobody with an account does. */
export const seenByTeller =
  ({ actor, recordedBy }: Pick<Command, 'actor' | 'recordedBy'>, v: CaseView, on: LocalDate) =>
  (zone: Zone): boolean => {
    const { organisation, role } = recordedBy ?? actor;
    return organisation === null || maySee({ organisation, role }, zone, v, false, on);
  };
/** Of what a rule found, what keeps the act out. */
export const refusalsOf = (
  act: ActDefinition,
  c: Pick<Command, 'recordedBy' | 'evidence'>,
  findings: readonly Finding[],
  sees: (zone: Zone) => boolean,
): readonly Finding[] => (isFact(act, c) ? findings.filter((f) => barsFact(f, sees)) : findings);

/** The case as whoever tells of the act reads it. */
function asTold({ caseId, actor, recordedBy }: CaseCommand, history: readonly Placed[], v: CaseView, acts: ActRegistry, on: LocalDate): CaseView {
  const { organisation, role } = recordedBy ?? actor;
  const viewer = { organisation: organisation ?? '', role };
  return deriveCase(caseId, history.flatMap((e) => redact(e, viewer, v, on, acts) ?? []), acts, on);
} // prettier-ignore

/** What the rules of its own kind say of an event that another act brings. */
function ruled(act: ActDefinition, c: Check<Fields>): readonly Finding[] {
  const data = c.data as Record<string, unknown>;
  return [...valueFindings(act.fields, data, c, c.ctx), ...(act.check?.(c as never) ?? [])];
}

/** Somebody else than the actor records it, and holds the evidence: it has happened. */
const attested = (c: Pick<Command, 'recordedBy' | 'evidence'>): boolean => c.recordedBy !== null && c.evidence !== null;
/** What has happened is recorded even when it should not have; what is asked or planned here may be refused (decision 13). */
export const isFact = (act: ActDefinition, c: Pick<Command, 'recordedBy' | 'evidence'>): boolean =>
  act.nature === 'fact' || attested(c);

/**
 * Who may do, or tell of, an act. A fact may be told by whoever holds the evidence of it, whoever did it. What the order of the log
 * settles (an answer, a lead, a closure) is done in this very log: another one can't have done it elsewhere in a partner's stead.
 */
export function mayAct(act: ActDefinition, c: { actor: Party; recordedBy: Party | null; evidence: Evidence | null }): Finding[] {
  const found: Finding[] = [];
  if (!act.by.includes(c.actor.role))
    found.push(
      impossible(
        'act.notForRole',
        t(
          `${ROLES[c.actor.role].fr} : cet acte ne relève pas de ce rôle.`,
          `${ROLES[c.actor.role].en}: not an act of this role.`,
        ),
        act.source,
      ),
    );
  if (c.recordedBy && !act.recorders.includes(c.recordedBy.role))
    found.push(
      impossible(
        'act.notRecordable',
        t('Ce rôle ne peut pas enregistrer cet acte pour autrui.', 'This role may not record this act for somebody else.'),
        act.source,
      ),
    );
  if (c.recordedBy && !c.evidence)
    found.push(
      impossible(
        'act.evidenceMissing',
        t('L’acte d’autrui s’enregistre avec sa preuve.', 'The act of somebody else is recorded with its evidence.'),
      ),
    );
  if (
    c.recordedBy &&
    act.order === 'arrival' &&
    CASE_WORKERS.includes(c.actor.role) &&
    c.actor.organisation !== c.recordedBy.organisation
  )
    found.push(THEIRS_ALONE);
  return found;
}
const THEIRS_ALONE = impossible('act.theirsAlone', t('Cet acte se fait ici même : un partenaire qui a un compte le fait lui-même.', 'This act is done here: a partner that has an account does it itself.')); // prettier-ignore
/**
 * Nor does anybody but whoever leads or answers for the case tell, for a partner that takes part, of what ends something (ADR 0023): that
 * one says it itself.
 */
const theirsFindings = (act: ActDefinition, { actor, recordedBy }: Command, before: CaseView, { today }: Context): Finding[] =>
  act.settledBy !== undefined &&
  recordedBy !== null &&
  actor.organisation !== null &&
  actor.organisation !== recordedBy.organisation &&
  CASE_WORKERS.includes(actor.role) &&
  takesPart(before, actor.organisation, today) &&
  !hasTheWord(before, recordedBy.organisation)
    ? [THEIRS_ALONE]
    : [];
/** With the mark of what a bystander tells. Whoever opens a case is nobody's bystander. */
const marked = <E extends { readonly type: string; readonly data: Record<string, unknown> }>(
  e: E,
  act: ActDefinition | undefined,
  { actor: by, recordedBy, occurredOn: on }: Command,
  before: CaseView,
  { today }: Context,
): E =>
  act?.settledBy &&
  before.openedOn !== undefined &&
  !hasTheWord(before, (recordedBy ?? by).organisation) &&
  isBystander(act, before.settled ?? before, { by, recordedBy, on, data: e.data as Record<string, never> })
    ? { ...e, data: { ...e.data, toConfirmSince: today } }
    : e;
/** Nobody acts, or is said to have acted, for an organisation that the directory does not know in that role. */
const partyFindings = ({ actor }: Command, { directory }: Context): Finding[] =>
  actor.organisation === null || directory.find(actor.organisation)?.roles.includes(actor.role)
    ? []
    : [impossible('act.actorUnknown', t('L’annuaire ne connaît pas cette organisation dans ce rôle.', 'The directory does not know that organisation in that role.'))]; // prettier-ignore

const timeFindings = (c: Command, ctx: Context): Finding[] =>
  c.occurredOn > ctx.today
    ? [
        impossible(
          'act.inFuture',
          t(
            'Un fait daté du futur n’a pas eu lieu : utiliser l’acte qui le planifie.',
            'A fact of a future day has not happened: use the act that plans it.',
          ),
        ),
      ]
    : [];
const lateFindings = (act: ActDefinition, c: Command, ctx: Context, caisse: string | undefined): Finding[] => {
  const delays = ctx.rulebook.for(caisse);
  return (act.order === 'date' || attested(c)) && ctx.today > delays.dueBy('fact.recording', c.occurredOn)
    ? [
        forbidden(
          'fact.recordedLate',
          delays.of('fact.recording', c.occurredOn).source,
          t('Fait enregistré tardivement.', 'Recorded late.'),
        ),
      ]
    : [];
};
export const deathFirst = impossible('case.deathToConfirm', t('Un décès est annoncé : le confirmer ou le démentir d’abord.', 'A death was told: confirm or deny it first.')); // prettier-ignore
/** Decisions and plans need an open case; facts are recorded afterwards too. */
export function endFindings(act: ActDefinition, v: CaseView, data: { readonly measureId?: unknown } = {}): Finding[] {
  if (v.status === 'merged')
    return [impossible('case.merged', t(`Ce dossier est réuni à un autre : y continuer (${v.mergedInto}).`, `This case was joined to another one: go on there (${v.mergedInto}).`))]; // prettier-ignore
  if (v.status === 'opened-by-mistake')
    return [impossible('case.openedByMistake', t('Ce dossier, ouvert sur la mauvaise personne, est annulé.', 'This case was opened on the wrong person, and is undone.'))]; // prettier-ignore
  if (act.afterEnd || (act.order === 'date' && act.nature === 'fact')) return [];
  // Whether she died is to be said first: nobody takes the case, opens or plans anything meanwhile.
  if (isSuspended(v)) return [deathFirst];
  if (v.status === 'deceased')
    return [
      impossible(
        'case.personDied',
        t('La personne est décédée : plus rien n’est dû.', 'The person has died: nothing is owed any more.'),
      ),
    ];
  // A measure that another partner has taken over goes on: it is decided, planned and renewed as before.
  const goesOn =
    'measureId' in act.fields &&
    v.measures.some((m) => m.takenOverBy && (data.measureId === undefined || data.measureId === m.id));
  if (v.status === 'closed' && !goesOn)
    return [impossible('case.notOpen', t('Le dossier est clos : le rouvrir d’abord.', 'The case is closed: reopen it first.'))];
  if (v.status === 'ended-by-triage')
    return [impossible('case.notOpen', t('Le tri a mis fin à ce dossier : une transmission, une orientation ou un signalement en ouvre un autre.', 'Triage ended this case: a transmission, a referral or a signal opens another one.'))]; // prettier-ignore
  return [];
}
/** What stands in the way of the values of a payload, whatever its act: an organisation, a number, a reference. */
export const valueFindings = (
  fields: Fields,
  data: Record<string, unknown>,
  who: Pick<Command, 'actor' | 'recordedBy'>,
  ctx: Pick<Context, 'directory' | 'today'>,
): Finding[] => [
  ...organisationFindings(fields, data, ctx),
  ...numberFindings(fields, data, who, ctx),
  ...opaqueFieldFindings(fields, data),
];
/** Every organisation named, in a record of a list too, is in the directory. */
export const organisationFindings = (fields: Fields, data: Record<string, unknown>, ctx: Pick<Context, 'directory'>): Finding[] =>
  Object.entries(fields).flatMap(([name, f]) => {
    const value = data[name];
    if (f.kind === 'list' && Array.isArray(value))
      return value.flatMap((item: Record<string, unknown>) => organisationFindings(f.items, item, ctx));
    return f.kind === 'ref' && f.of === 'organisation' && typeof value === 'string' && !ctx.directory.find(value)
      ? [
          impossible(
            'organisation.unknown',
            t(
              `Organisation inconnue de l’annuaire : ${value} (${name}).`,
              `Organisation not in the directory: ${value} (${name}).`,
            ),
          ),
        ]
      : [];
  });

/** Whoever came by a number alone, before that let nobody in, brings in nobody as long as its own part is not confirmed (ADR 0014). */
export function bringingInFindings(act: ActDefinition, c: Command, before: CaseView, { today }: Context): Finding[] {
  const { organisation } = c.recordedBy ?? c.actor;
  // An accord is a fact, and opens nothing by that word.
  if (act.type === 'ConsentGranted' || !hasUnconfirmedPart(before, organisation)) return [];
  return namedIn(act.fields, c.data as Record<string, unknown>).some((named) => named !== organisation && !takesPart(before, named, today))
    ? [impossible('part.unconfirmed', t('Votre participation attend d’être confirmée par qui répond du dossier : d’ici là elle n’y fait entrer personne.', 'Your part waits to be confirmed by whoever answers for the case: until then it brings in nobody.'), 'L.1110-4 CSP, convention (D)')]
    : [];
} // prettier-ignore
/** Organisations that a payload names, in a record of a list too. */
const namedIn = (fields: Fields, data: Record<string, unknown>): string[] =>
  Object.entries(fields).flatMap(([name, f]) => {
    const value = data[name];
    if (f.kind === 'list' && Array.isArray(value))
      return value.flatMap((item: Record<string, unknown>) => namedIn(f.items, item));
    return f.kind === 'ref' && f.of === 'organisation' && typeof value === 'string' ? [value] : [];
  });

/** The person's number is typed by those only who may use it, whoever acted. */
const numberFindings = (
  fields: Fields,
  data: Record<string, unknown>,
  { actor, recordedBy }: Pick<Command, 'actor' | 'recordedBy'>,
  { today }: Pick<Context, 'today'>,
): Finding[] =>
  Object.entries(fields).some(([name, f]) => f.kind === 'nir' && data[name] !== undefined)
    ? numberFindingsFor(recordedBy ?? actor, today)
    : [];
/** What stands in the way of a role that would type a NIR or an INS. */
export const numberFindingsFor = ({ role }: Pick<Party, 'role'>, on: LocalDate): Finding[] =>
  mayUseNir(role, on)
    ? []
    : [impossible('nir.notForRole', t('Ce rôle n’est pas de ceux qui peuvent utiliser le NIR ou l’INS : le laisser.', 'This role is not among those that may use the NIR or the INS: leave it out.'), 'R.115-1 CSS')]; // prettier-ignore

/** Facts of several types may be about one measure or one leave, which any of them may be the first to name. */
const SHARED: readonly RefTo[] = ['measure', 'leave'];
/**
 * What an act makes is new. An identifier that something in the case has already would write over it, or hide behind it: a consent
 * under the identifier of another one could not be withdrawn. What other cases have is no matter: an answer would tell of them.
 */
function takenFindings(
  act: ActDefinition,
  data: Record<string, unknown>,
  history: readonly Placed[],
  acts: ActRegistry,
): Finding[] {
  const made = history.flatMap((e) =>
    Object.entries((!e.corrects && acts(e.type)?.fields) || {}).flatMap(([name, f]) =>
      f.kind === 'newId' ? [{ id: e.data[name], of: f.of, type: e.type }] : [],
    ),
  );
  const taken = Object.entries(act.fields).some(([name, f]) => {
    if (f.kind !== 'newId') return false;
    return made.some(
      (m) => m.id === data[name] && (m.of !== f.of || !SHARED.includes(f.of) || (f.of === 'leave' && m.type === act.type)),
    );
  });
  return taken
    ? [impossible('id.taken', t('Cet identifiant désigne déjà autre chose : le laisser, ou en choisir un nouveau.', 'This identifier names something else already: leave it out, or choose a new one.'))]
    : []; // prettier-ignore
}

/** Without what the program alone fills in. */
const givenOf = ({ fields }: ActDefinition, data: Command['data']): Command['data'] =>
  Object.fromEntries(Object.entries(data).filter(([name]) => fields[name]?.byProgram === undefined));

/** Identifiers that the caller left out derive from the command, so that a retry makes the same thing; what is `known` keeps its own. */
function filled(
  act: ActDefinition,
  data: Record<string, unknown>,
  ctx: Context,
  known: string | undefined,
): Record<string, never> {
  const ids = Object.entries(act.fields).flatMap(([name, f]) =>
    f.kind === 'newId' ? [[name, known ?? data[name] ?? ctx.newId(`${act.type}.${name}`)]] : [],
  );
  return { ...data, ...Object.fromEntries(ids) } as Record<string, never>;
}

const draft = (
  e: { type: string; data: Record<string, unknown> },
  index: number,
  schemaVersion: number,
  c: CaseCommand,
  ctx: Context,
): DomainEvent => ({
  id: ctx.newId(`event.${index}.${e.type}`),
  type: e.type,
  schemaVersion,
  data: e.data,
  personId: c.personId,
  actor: c.actor,
  recordedBy: c.recordedBy,
  evidence: c.evidence,
  occurredOn: c.occurredOn,
  recordedAt: ctx.now,
  commandId: ctx.commandId,
  causationId: c.causationId ?? null,
  correlationId: c.correlationId,
  source: c.source,
  legalBasis: null,
  consentId: typeof e.data['consentId'] === 'string' ? e.data['consentId'] : null,
  irregularities: [],
  corrects: null,
});
const unique = <T extends { code: string }>(all: readonly T[]): T[] =>
  all.filter((x, i) => all.findIndex((y) => y.code === x.code) === i);
