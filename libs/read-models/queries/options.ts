import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { type Caller } from '../../access/authentication/caller.js';
import { seesZone } from '../../access/visible.js';
import { type ActDefinition, type Context } from '../../domain/case/act.js';
import { caseActs } from '../../domain/case/acts.js';
import { obstacles } from '../../domain/case/obstacles.js';
import { partEnded } from '../../domain/case/part-ended.js';
import { type CaseView, type Measure, measureOf } from '../../domain/case/view.js';
import { type Finding } from '../../domain/kernel/errors.js';
import { type Zone } from '../../domain/kernel/fields.js';
import { type Party } from '../../domain/kernel/roles.js';
import { type Text } from '../../domain/kernel/text.js';
import { MEASURES } from '../../domain/measures/index.js';
import { type MeasureDefinition, measureFindings, rulesOf, type Stage, zonesOf } from '../../domain/measures/measure.js';
import { ReadModelParts } from '../parts.js';
import { answering, asOf, otherCases, seenCase, type SeenCase } from './cases.js';
import { type Answer, GetOptions } from './messages.js';

interface Lack {
  readonly code: string;
  readonly article: string;
  readonly detail: Text;
}
interface Verdict {
  /** As far as the caller can see. */
  readonly possible: boolean;
  readonly lacks: readonly Lack[];
}
interface RulesVerdict extends Verdict {
  /** Articles of the conditions that rest on what the caller may not see, met or not. */
  readonly notVisible: readonly string[];
}
type Sees = (zone: Zone) => boolean;
/** Stages that somebody decides or plans; the others are facts, which are recorded whatever a rule says. */
const STAGES = ['approve', 'plan'] as const satisfies readonly Stage[];

/**
 * Worked out on what the caller sees of the case, so the answer can't tell of anything else. A condition that rests on what is hidden
 * is named as one that can't be told; whether it is met shows only when the act is tried.
 */
@QueryHandler(GetOptions)
export class GetOptionsHandler implements IQueryHandler<GetOptions, Answer> {
  constructor(private readonly parts: ReadModelParts) {}

  execute({ caseId, caller, options }: GetOptions): Promise<Answer> {
    const { parts } = this;
    return answering(parts, options.after, async (db) => {
      const today = parts.clock.today();
      const found = await seenCase(db, caseId, caller, today);
      const ctx: Context = {
        now: parts.clock.now(),
        today,
        commandId: caseId,
        newId: (label) => label,
        directory: parts.directory,
        rulebook: parts.rulebook,
        earlier: await otherCases(db, found.full, caller, today),
      };
      return {
        body: { caseId, ...optionsOf(found, caller, ctx), asOf: asOf(parts, [found]) },
      };
    });
  }
}

export const optionsOf = (
  { full, seen, visible, live }: SeenCase,
  caller: Caller,
  ctx: Context,
): { acts: object[]; measures: object[] } => ({
  acts: actsFor(seen, caller, ctx, live ? [] : [partEnded(visible)]),
  measures: live ? measuresFor(seen, ctx, seesZone(full, caller, ctx.today)) : [],
});

/** @param over why nothing can be done here any more, if so */
const actsFor = (view: CaseView, caller: Caller, ctx: Context, over: readonly Finding[]): object[] =>
  caseActs()
    .filter((act) => act.command !== null && (act.by.includes(caller.role) || act.recorders.includes(caller.role)))
    .map((act) => {
      const own = act.by.includes(caller.role);
      const { command, label, source, guarded } = act;
      const as = own ? { onBehalfOf: [] } : { onBehalfOf: act.by };
      return {
        command,
        label,
        article: source,
        guarded,
        ...as,
        ...verdict(over.length > 0 ? over : actFindings(act, view, caller, own, ctx)),
      };
    });

/** What a recorder may enter is judged as if for the first role that it may speak for. */
function actFindings(
  act: ActDefinition,
  view: CaseView,
  { organisation, role, person }: Caller,
  own: boolean,
  ctx: Context,
): readonly Finding[] {
  const actor: Party = own ? { organisation, role, person } : { organisation: null, role: act.by[0] ?? role, person: null };
  return obstacles(act, view, actor, ctx);
}

/** For each measure: what stands in the way of asking for it today, and of the next stages of those that the case has. */
const measuresFor = (view: CaseView, ctx: Context, sees: Sees): object[] =>
  Object.values(MEASURES).map((definition) => {
    const { type, label, article } = definition;
    const asked = tentative(definition, view, ctx);
    const told = (stage: Stage, of: { measure: Measure; view: CaseView }) => rulesVerdict(definition, stage, of, ctx, sees);
    return {
      type,
      label,
      article,
      request: told('request', asked),
      ...Object.fromEntries(STAGES.map((stage) => [stage, told(stage, asked)])),
      existing: view.measures
        .filter((m) => m.type === type)
        .map((measure) => ({
          measureId: measure.id,
          status: measure.status,
          ...Object.fromEntries(STAGES.map((stage) => [stage, told(stage, { measure, view })])),
        })),
    };
  });

/** A measure asked for today, of which nothing else is known yet. */
function tentative({ type }: MeasureDefinition, seen: CaseView, { today }: Context): { measure: Measure; view: CaseView } {
  const view = { ...seen, measures: [...seen.measures] };
  const measure = measureOf(view, 'tentative');
  return { measure: Object.assign(measure, { type, requestedOn: today, status: 'requested' }), view };
}

function rulesVerdict(
  definition: MeasureDefinition,
  stage: Stage,
  { measure, view }: { measure: Measure; view: CaseView },
  { earlier, today: on }: Context,
  sees: Sees,
): RulesVerdict {
  const found = measureFindings(definition, stage, { measure, view, earlier, on });
  const hidden = rulesOf(definition, stage, on).filter((rule) => !zonesOf(rule).every(sees));
  return {
    ...verdict(found.filter(({ zones = [] }) => zones.every(sees))),
    notVisible: [...new Set(hidden.map(({ article }) => article))],
  };
}

function verdict(found: readonly Finding[]): Verdict {
  const lacks = found.map(({ code, article, message }) => ({ code, article, detail: message }));
  return { possible: lacks.length === 0, lacks };
}
