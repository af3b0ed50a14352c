import { type CaseView, type Missed } from '../case/view.js';
import { addDays, inFrench, type LocalDate } from '../kernel/local-date.js';
import { type OrganisationId } from '../kernel/roles.js';
import { type Text, t } from '../kernel/text.js';
import { countInWords, type Delays, type Rulebook } from './delays.js';
import { escalationToHandle } from './duties/escalation-to-handle.js';
import { ruleOf } from './index.js';
import { type Obligation } from './obligations.js';
import { type DutyRule } from './rule.js';

export interface Told {
  /** The case, as whoever reads it may see it. */
  readonly seen: CaseView;
  readonly rulebook: Rulebook;
  readonly nameOf: (organisation: OrganisationId) => string;
  readonly today: LocalDate;
}

/** What, by when, whose, how late and why: a few short sentences. */
export function explain(o: Obligation, told: Told): Text {
  const rule = ruleOf(o.rule)!;
  const { since, due, until, article } = o;
  switch (rule.nature) {
    case 'duty':
      return dutyInWords(rule, o, told);
    case 'opportunity':
      return sentences(
        said(rule.label, day(' depuis le ', ' since ', since), day(', jusqu’au ', ', until ', until), t(' ; personne n’y est tenu', '; nobody owes it')),
        source(article),
      ); // prettier-ignore
    case 'horizon':
      return sentences(
        due === undefined ? said(rule.label, t(' : date inconnue', ': day unknown')) : said(rule.label, day(' : le ', ': ', due), due < told.today ? t(', passé', ', past') : NOTHING),
        source(article),
      ); // prettier-ignore
    case 'alert':
      return sentences(said(rule.label, counted(o.count), day(', depuis le ', ', since ', since)), source(article));
    default:
      return rule satisfies never;
  }
}

/** What a case says that is in a list because it is held, and for nothing else. */
export const heldSince = (since: LocalDate): Text => sentences(day('Dossier en charge depuis le ', 'Case in hand since ', since));

/** The missed duty that an escalation is about, as far as it is visible. */
export const escalatedBy = ({ rule, subject }: Pick<Obligation, 'rule' | 'subject'>, seen: CaseView): Missed | undefined =>
  rule === escalationToHandle.code ? seen.missed.find(({ eventId }) => eventId === subject) : undefined;

function dutyInWords(rule: DutyRule, o: Obligation, { seen, rulebook, nameOf, today }: Told): Text {
  const delays = rulebook.for(seen.caisse);
  const name = nameOf(o.organisation);
  const missed = escalatedBy(o, seen);
  const what = missed?.rule === undefined ? undefined : ruleOf(missed.rule)?.label;
  const lateFrom = o.graceUntil && addDays(o.graceUntil, 1);
  return sentences(
    said(rule.label, day(', au plus tard le ', ', by ', o.due), t(` (${name}`, ` (${name}`), day(', depuis le ', ', since ', o.since), t(')', ')')),
    what && missed?.owner ? said(t(`« ${what.fr} » : ${nameOf(missed.owner)}`, `"${what.en}": ${nameOf(missed.owner)}`), day(', pour le ', ', by ', missed.dueOn)) : NOTHING,
    said(day('Son échéance, le ', 'It had been due on ', o.past), o.past ? t(', était passée quand le dossier a été connu ici', ', before the case was known here') : NOTHING),
    lateFrom !== undefined && lateFrom <= today ? said(day('En retard depuis le ', 'Overdue since ', lateFrom), ESCALATED[o.step]) : NOTHING,
    delayInWords(rule, delays, o),
    source(o.article, delays.of(rule.delay, o.since).source),
  ); // prettier-ignore
}
const ESCALATED: Readonly<Record<Obligation['step'], Text>> = {
  0: t('', ''),
  1: t(' ; son destinataire en est averti', '; its owner was told'),
  2: t(' ; son organisation en est avertie', '; its organisation was told'),
  3: t(' ; le coordinateur du dossier en est averti', '; the coordinator of the case was told'),
};
/** Where both are one, or the day was fixed, the duty has a day of its own, and the delay begins with it. */
function delayInWords({ delay, grace }: DutyRule, delays: Delays, { since: on, fixed, past }: Obligation): Text {
  const counted = delay === grace || (fixed && !past) ? NOTHING : countInWords(delays.of(delay, on));
  const then = counted === NOTHING ? NOTHING : t(', puis ', ', then ');
  const more = grace ? said(then, t('une tolérance de ', 'a grace of '), countInWords(delays.of(grace, on))) : NOTHING;
  return said(t('Délai : ', 'Delay: '), counted, more);
}

const NOTHING = t('', '');
const counted = (count: number | undefined): Text => (count === undefined ? NOTHING : t(` : ${count}`, `: ${count}`));
const said = (...parts: readonly Text[]): Text => t(parts.map((p) => p.fr).join(''), parts.map((p) => p.en).join(''));
const sentences = (...all: readonly Text[]): Text => {
  const whole = all.filter(({ fr }) => fr !== '');
  return t(whole.map((s) => `${s.fr}.`).join(' '), whole.map((s) => `${s.en}.`).join(' '));
};
const day = (fr: string, en: string, on: LocalDate | undefined): Text =>
  on === undefined ? NOTHING : t(fr + inFrench(on), en + on);
/** Each once, without the marks of practice (S) and convention (D), which are for the documentation. */
const source = (...names: readonly string[]): Text => {
  const plain = names.map((name) => name.replaceAll(/ \([DS]\)/g, ''));
  const list = plain.filter((name, i) => !plain.some((other, j) => i !== j && other.includes(name) && (other !== name || j < i)));
  return t(`Source : ${list.join(' ; ')}`, `Source: ${list.join('; ')}`);
};
