import { maySee } from '../confidentiality/redact.js';
import { type Finding } from '../kernel/errors.js';
import { type Zone } from '../kernel/fields.js';
import { type Party } from '../kernel/roles.js';
import { type Context } from './act.js';
import { takesPart } from './taking-part.js';

/**
 * A cap across cases is decided on all the cases of the person, and what comes of it is told by what the caller knows of them. What rests
 * on cases in which it takes no part, or of which it may not see what the rule looked at, is marked as hidden, and told without its name;
 * and nothing that it doesn't know of makes an act regular, since that would tell of it too.
 * @param judge what the rules say with these cases of the person known beside this one
 */
export function judgedAcross(ctx: Context, caller: Party, judge: (ctx: Context) => readonly Finding[]): readonly Finding[] {
  const found = judge(ctx);
  if (ctx.earlier.length === 0) return found;
  const here = judge({ ...ctx, earlier: [] });
  const known = (zones: readonly Zone[]): readonly Finding[] =>
    judge({ ...ctx, earlier: ctx.earlier.filter((v) => isKnown(v, caller, zones, ctx)) });
  return [
    ...found.map((f): Finding => (isIn(here, f) ? f : { ...f, elsewhere: isIn(known(f.zones ?? []), f) ? 'known' : 'hidden' })),
    ...known([]).filter((f) => !isIn(found, f)),
  ];
}
const isKnown = (v: Context['earlier'][number], { organisation, role }: Party, zones: readonly Zone[], { today }: Context) =>
  organisation !== null &&
  takesPart(v, organisation, today) &&
  zones.every((zone) => maySee({ organisation, role }, zone, v, false, today));
const isIn = (all: readonly Finding[], { code, message }: Finding): boolean =>
  all.some((f) => f.code === code && f.message.fr === message.fr);
