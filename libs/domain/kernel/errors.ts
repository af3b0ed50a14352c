import { type Zone } from './fields.js';
import { type Text, t } from './text.js';

/**
 * What stands in the way of an act, or was irregular about a fact.
 * `impossible`: there is nothing to record (an unknown referral, one already answered): refused always.
 * `forbidden`: a rule says no. What is asked or planned is refused; what has happened is recorded with this as its irregularity.
 * `contradictory`: another fact says otherwise. Refused to whoever may see that one; whoever may not tells what it knows, and that is
 * recorded with this as its irregularity: a refusal would tell it the other fact, one try after another.
 */
export interface Finding {
  /** Stable, names the rule: `essaiEncadre.tiExcluded`. */
  readonly code: string;
  /** Where it is written: `D.622-10-1 CSS`, or `convention (D)` for a choice of this product, or `(S)` for published practice. */
  readonly article: string;
  readonly severity: 'impossible' | 'forbidden' | 'contradictory';
  /** What the rule looked at: it is told only to who may see all of these. Coordination alone when absent. */
  readonly zones?: readonly Zone[];
  readonly message: Text;
  /** See Irregularity. */
  readonly elsewhere?: Elsewhere;
}
/** Whether a rule that looks at the person's other cases found it there, and whether whoever recorded it knows them. */
export type Elsewhere = 'no' | 'known' | 'hidden';
/** Why more is not told. The article of the rule would say what the rule looks at, and often what it found there. */
const NOT_VISIBLE = { code: 'rule.notVisible', article: 'L.1110-4 CSP, convention (D)' } as const;

/** To who may not see what a rule looked at, only that a rule stands in the way. */
export const veiled = (finding: Finding, maySee: (zone: Zone) => boolean): Finding =>
  finding.elsewhere !== 'hidden' && (finding.zones ?? []).every(maySee)
    ? finding
    : {
        ...NOT_VISIBLE,
        severity: finding.severity,
        message: t(
          'Une condition que vous ne pouvez pas voir n’est pas remplie.',
          'A condition that you may not see is not met.',
        ),
      };
/** A finding as it is kept in an event: the sentence can be found again by its code. */
export interface Irregularity {
  readonly code: string;
  readonly article: string;
  /** What the rule looked at; see Finding. */
  readonly zones?: readonly Zone[];
  /** Only of rules that look at the person's other cases; those of before that was kept have none. */
  readonly elsewhere?: Elsewhere;
}
export const irregularityOf = ({ code, article, zones, elsewhere }: Finding): Irregularity => ({
  code, article, ...(zones && { zones }), ...(elsewhere && { elsewhere }),
}); // prettier-ignore
/** What rests on another case is told by its name to whoever recorded it knowing that case, and to nobody else. */
export const veiledIrregularity = (i: Irregularity, elsewhere: Elsewhere, isRecorder: boolean): Irregularity =>
  elsewhere === 'no' || (elsewhere === 'known' && isRecorder) ? i : NOT_VISIBLE;
/** Whether it keeps a fact out, told by somebody who sees these zones. */
export const barsFact = ({ severity, zones = [] }: Finding, sees: (zone: Zone) => boolean): boolean =>
  severity === 'impossible' || (severity === 'contradictory' && zones.every(sees));
/** The act is refused; nothing was written. Names every reason. */
export class Refused extends Error {
  constructor(readonly findings: readonly Finding[]) {
    super(findings.map((f) => `${f.code} (${f.article})`).join(', '));
  }
}
/**
 * Does it, and tells of a refusal only what may be seen.
 * @param onSeen the same, on nothing but what may be seen: what follows from that as well is told by its name
 * @throws Refused
 */
export function tellingOnly<T>(sees: (zone: Zone) => boolean, run: () => T, onSeen?: () => unknown): T {
  const found = refusalOf(run);
  if (!(found instanceof Refused)) return found.done;
  const known = onSeen && refusalOf(onSeen);
  const follows = ({ code, message }: Finding): boolean =>
    known instanceof Refused && known.findings.some((k) => k.code === code && k.message.fr === message.fr);
  const told = found.findings.map((f) => (follows(f) ? f : veiled(f, sees)));
  // Nor how many there are.
  throw new Refused(told.filter((f, i) => f.code !== NOT_VISIBLE.code || told.findIndex(({ code }) => code === f.code) === i));
}
function refusalOf<T>(run: () => T): Refused | { readonly done: T } {
  try {
    return { done: run() };
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}
export const forbidden = (code: string, article: string, message: Text, zones?: readonly Zone[]): Finding => ({
  code,
  article,
  severity: 'forbidden',
  message,
  ...(zones && { zones }),
});
const COHERENCE = 'cohérence du dossier (D)';
export const impossible = (code: string, message: Text, article = COHERENCE, zones?: readonly Zone[]): Finding => ({
  code,
  article,
  severity: 'impossible',
  message,
  ...(zones && { zones }),
});
/** @param zones of the other fact */
export const contradictory = (code: string, message: Text, zones: readonly Zone[]): Finding => ({
  code,
  article: COHERENCE,
  severity: 'contradictory',
  message,
  zones,
});
