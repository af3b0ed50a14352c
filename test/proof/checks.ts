import { partnerEvents, partnerView, whoseMoveOf } from '../../libs/access/visible.js';
import { definitionOf } from '../../libs/domain/measures/index.js';
import { callAhead, cameBack, needAhead } from '../../libs/domain/case/accountable.js';
import { isSuspended } from '../../libs/domain/case/deaths.js';
import { knownOn } from '../../libs/domain/case/derive.js';
import { isOpen } from '../../libs/domain/case/measure-status.js';
import { successorOf, takesPart } from '../../libs/domain/case/taking-part.js';
import { type CaseView, type Missed, OVER, senderOf } from '../../libs/domain/case/view.js';
import { maySee } from '../../libs/domain/confidentiality/redact.js';
import { addDays } from '../../libs/domain/kernel/local-date.js';
import { CASE_WORKERS, type Role } from '../../libs/domain/kernel/roles.js';
import { ruleOf } from '../../libs/domain/rules/index.js';
import { current, isClockOf, type Obligation, obligations } from '../../libs/domain/rules/obligations.js';
import { awaitsAnswer, hasNoSpst, isWith } from '../../libs/domain/rules/waiting.js';
import { linesOf } from '../../libs/read-models/lines.js';
import { worklistsOf } from '../../libs/read-models/partners/index.js';
import { type Line } from '../../libs/read-models/partners/worklist.js';
import { directory, ORGANISATIONS, party } from '../support/story.js';
import { ANYTHING, type Deed, deedsOf } from './deeds.js';
import { after, CASE, DELAYS, escalatesOn, look, type Product, type Seen } from './world.js';

/** What is promised and does not hold in a state. */
export interface Gap {
  /** The same for the same fault, wherever it is found. */
  readonly code: string;
  readonly what: string;
}
/** Somebody has to move: under triage, supported, or closed with its call or its reopening ahead. */
export const isUnderWay = (v: CaseView): boolean =>
  v.status === 'signal' || v.status === 'supported' || callAhead(v) || needAhead(v);
export const dutiesToday = ({ owed, today }: Seen): Obligation[] => current(owed, today).filter((o) => o.nature === 'duty');

/** What partners are served: the table says where to look, the line is worked out anew when it is read. */
class Lists {
  readonly rows: ReturnType<Product['rows']>;
  readonly #sights = new Map<string, { readonly seen: CaseView; readonly lines: readonly Line[] }>();
  constructor(
    product: Product,
    private readonly s: Seen,
  ) {
    this.rows = product.rows(s.events).filter((r) => r.validFrom <= s.today && s.today < r.validTo);
  }
  /** The roles in which the people of an organisation find it. */
  rolesWith(organisation: string, rule: string, subject: string): Role[] {
    return this.rows
      .filter((r) => r.organisation === organisation && r.rule === rule && r.subject === subject)
      .filter(({ role }) => directory.find(organisation)?.roles.includes(role))
      .filter(({ role }) => this.sight(organisation, role).lines.some((l) => (l.rule ?? '') === rule && l.subject === subject))
      .map(({ role }) => role);
  }
  sight(organisation: string, role: Role): { readonly seen: CaseView; readonly lines: readonly Line[] } {
    const known = this.#sights.get(`${organisation} ${role}`);
    if (known) return known;
    const { events, view, today } = this.s;
    const visible = partnerEvents(events, view, { organisation, role }, today) ?? [];
    const seen = partnerView(CASE, visible, today);
    const owed = current(obligations(seen, DELAYS, knownOn(visible), view), today);
    const whose = whoseMoveOf(view, seen, organisation);
    const made = { seen, lines: worklistsOf(role).flatMap((list) => linesOf(list, seen, whose, organisation, owed)) };
    this.#sights.set(`${organisation} ${role}`, made);
    return made;
  }
}

/** Everything that does not hold in a state. */
export function gapsIn(product: Product, s: Seen): Gap[] {
  const { view: v, owed, today } = s;
  const gaps: Gap[] = [];
  const gap = (code: string, what: string): void => void gaps.push({ code, what });
  const lists = new Lists(product, s);
  const { accountable } = v;

  if (s.events.at(-1)?.source === 'watch' && product.missed(v, s.knownOn, today).length > 0)
    gap('watch.endless', 'La veille a tout dit, et aurait encore à dire.');
  if (!isUnderWay(v)) {
    if (accountable) gap('over.accountable', `Dossier terminé (${v.status}), mais ${accountable.organisation} en répond.`);
    if (v.status !== 'closed') {
      for (const o of owed) gap('over.owed', `Dossier terminé (${v.status}), mais ${o.organisation} doit « ${o.rule} ».`);
      for (const r of lists.rows) if (r.rule !== '') gap('over.listed', `Dossier terminé (${v.status}), mais « ${r.rule} » est dans la liste de ${r.organisation}.`); // prettier-ignore
    }
  } else if (!accountable) gap('accountable.none', 'Dossier ouvert dont personne ne répond.');
  else {
    const { organisation, reason } = accountable;
    const who = `${organisation} (${reason})`;
    if (!takesPart(v, organisation, today)) gap('accountable.outside', `${who} répond du dossier et n’y participe pas.`);
    if (lists.rolesWith(organisation, '', v.caseId).length === 0)
      gap('accountable.unlisted', `${who} répond du dossier et ne l’a pas dans sa liste.`);
    if (!dutiesToday(s).some((o) => o.organisation === organisation && o.due !== undefined))
      gap(`accountable.noClock.${reason}`, `${who} répond du dossier et rien ne lui est échu : aucun délai ne court.`);
    const others = candidates(v).filter((o) => o !== organisation && takesPart(v, o, today));
    if (reason === 'caisse' ? organisation !== v.caisse || others.length > 0 : !candidates(v).includes(organisation))
      gap('accountable.default', `${who} répond du dossier par défaut, alors que la décision 14 désigne ${others.join(', ') || 'la caisse'}.`); // prettier-ignore
    for (const { id, roles } of ORGANISATIONS)
      if (id !== organisation && takesPart(v, id, today))
        for (const role of roles.filter((r) => CASE_WORKERS.includes(r)).slice(0, 1))
          if (whoseMoveOf(v, lists.sight(id, role).seen, id)?.organisation === id) gap('accountable.two', `${id} (${role}) croit aussi répondre du dossier.`); // prettier-ignore
    gaps.push(...unowed(product, s));
  }
  if (!OVER.includes(v.status)) for (const o of dutiesToday(s)) gaps.push(...gapsOf(product, s, o, lists));
  gaps.push(...untold(product, s));
  return gaps;
}

/** What has come to the coordinator by the delays, and the watch would not tell. */
function untold(product: Product, s: Seen): Gap[] {
  const late = dutiesToday(s).filter((o) => (escalatesOn(s, o) ?? addDays(s.today, 1)) <= s.today);
  const told = late.length > 0 ? product.missed(s.view, s.knownOn, s.today) : [];
  return late
    .filter((o) => !told.some(({ data }) => data['step'] === 3 && isClockOf(data as Partial<Missed>, o)))
    .map((o) => ({ code: `duty.untold.${o.rule}`, what: `${o.organisation} (${o.role}) ne fait pas « ${o.rule} », et la veille ne le dit pas au coordinateur.` })); // prettier-ignore
}

/** Whom decision 14 knows, but for the caisse: the lead, holders of what waits, senders to whom it came back, whoever closed. */
function candidates(v: CaseView): string[] {
  if (v.status === 'closed') return v.support?.closedBy?.organisation ? [successorOf(v, v.support.closedBy.organisation, v.support.closedOn!)] : []; // prettier-ignore
  if (v.lead) return [v.lead.organisation];
  const goesOn = (x: { triage?: { outcome: string } }): boolean => !x.triage || ['accompanied', 'passed-on'].includes(x.triage.outcome); // prettier-ignore
  const found = [
    ...v.handshakes.filter((h) => h.effective && goesOn(h) && (!h.answer || h.answer.kind === 'accepted')).map((h) => ({ ...h.to, on: h.sentOn })),
    ...v.handshakes.filter(cameBack).map((h) => ({ ...senderOf(h), on: h.sentOn })),
    ...v.handshakes.filter(hasNoSpst).map((h) => ({ organisation: v.caisse ?? null, role: 'CPAM' as const, on: h.sentOn })),
    ...v.signals.filter(goesOn).map((s) => ({ ...s.holder, on: s.on })),
  ]; // prettier-ignore
  return found.flatMap(({ organisation, role, on }) =>
    organisation && CASE_WORKERS.includes(role) ? [successorOf(v, organisation, on)] : [],
  );
}

/** What waits for somebody, and nobody owes. */
function unowed(product: Product, { view: v, owed }: Seen): Gap[] {
  const duties = owed.filter((o) => o.nature === 'duty');
  const about = (subject: string): boolean => duties.some((o) => o.subject === subject);
  const delays = DELAYS.for(v.caisse);
  // While a death is told, everything but the duty to say whether it is so is suspended.
  if (isSuspended(v)) return [];
  return [
    ...product.rules
      .filter((rule) => rule.nature === 'duty' && rule.code !== 'escalation-to-handle' && (v.status !== 'closed' || rule.afterClosure))
      .flatMap((rule) => rule.find(v, delays).map(({ subject }) => ({ rule: rule.code, subject })))
      .filter(({ rule, subject }) => !duties.some((o) => o.rule === rule && o.subject === subject))
      .map(({ rule }) => ({ code: `duty.nobody.${rule}`, what: `« ${rule} » : personne ne le doit.` })),
    ...v.handshakes
      .filter((h) => (isWith(h, h.kind) || (!h.to.organisation && awaitsAnswer(h))) && !v.lead && !about(h.id))
      .map(() => ({ code: 'handshake.nobody', what: 'Une transmission ou une orientation attend sa réponse, et personne ne la doit.' })),
    ...v.measures
      .filter((m) => isOpen(m) && v.status !== 'closed' && !about(m.id) && !(m.status === 'running' && definitionOf(m)?.reviewed === false))
      .map((m) => ({ code: `measure.nobody.${m.status}`, what: `Mesure ${m.type} (${m.status}) : personne ne doit rien.` })),
  ]; // prettier-ignore
}

/** What is wrong with one duty. */
function gapsOf(product: Product, s: Seen, o: Obligation, lists: Lists): Gap[] {
  const { view: v, today } = s;
  const who = `${o.organisation} (${o.role}) doit « ${o.rule} »`;
  const found = (code: string, what: string): Gap[] => [{ code: `${code}.${o.rule}`, what: `${who} ${what}` }];
  if (dutiesToday(s).some((x) => x !== o && isClockOf({ ...x }, o)))
    return found('duty.twice', 'et un autre aussi : c’est la même horloge.');
  if (o.due === undefined || o.graceUntil === undefined) return found('duty.noDate', 'sans échéance.');
  if (!takesPart(v, o.organisation, today)) return found('duty.outside', 'et ne participe pas au dossier.');
  const roles = lists.rolesWith(o.organisation, o.rule, o.subject);
  if (roles.length === 0) return found('duty.unlisted', 'et ne l’a pas dans sa liste.');
  const escalation = s.owed.find((x) => x.rule === 'escalation-to-handle' && v.missed.some((m) => m.eventId === x.subject && isClockOf(m, o))); // prettier-ignore
  const zone = ruleOf(o.rule)?.zone ?? 'coordination';
  const others = [v.accountable, { organisation: v.caisse!, role: 'CPAM' as const }].filter((p) => p && p.organisation !== o.organisation && maySee(p, zone, v, false, today)); // prettier-ignore
  if (o.step === 3 && others.length > 0 && (!escalation || escalation.organisation === o.organisation))
    return found('duty.silent', 'et ne répond pas ; personne d’autre n’a à relancer.');
  if (!resolution(product, s, o, roles)) return found('duty.unresolvable', 'et n’a aucune commande pour le faire.');
  return [];
}

/** A deed of its owner after which the duty is gone, or its clock runs anew. */
export function resolution(product: Product, s: Seen, o: Obligation, roles: readonly Role[]): Deed | undefined {
  const rule = ruleOf(o.rule);
  const commands = rule?.nature === 'duty' ? rule.resolvedBy : [];
  const cast = roles.map((role) => party(role, o.organisation));
  return deedsOf(s.view, s.today, { ...ANYTHING, commands, cast }).find((deed) => {
    const teller = deed.recordedBy ?? deed.by;
    if (teller.organisation !== o.organisation || !roles.includes(teller.role)) return false;
    const next = after(s, deed);
    return next && !dutiesToday(look(product, next)).some((x) => isClockOf({ ...x }, o) && x.organisation === o.organisation && x.due! <= o.due!); // prettier-ignore
  });
}
