import { type Zone } from '../kernel/fields.js';
import { earliest, latest, type LocalDate, within } from '../kernel/local-date.js';
import { CASE_WORKERS, type OrganisationId, type Party, type Role, sameInstitution, SPST_ROLES } from '../kernel/roles.js';
import { type AccordMark, type CaseView, type Confirmation, type Consent } from './view.js';

/**
 * What an accord opens, and to whom: the one place that says so (ADR 0016). An accord is a fact, whoever tells of it. Told by the very
 * organisation that it would open to, it opens nothing before somebody else stands behind it: the person, a signed form, or whoever told
 * the facts.
 */

/** Whoever is let in. A partner who is not known yet has no organisation. */
export interface Recipient {
  readonly organisation: OrganisationId | null;
  readonly role: Role;
}

export const addressedTo = (c: Consent, { organisation, role }: Recipient): boolean =>
  (c.recipient === undefined || c.recipient === organisation) &&
  (c.recipientRole === undefined || c.recipientRole === role) &&
  (c.recipient !== undefined || c.recipientRole !== undefined);

/** Told by the organisation itself, or by one whose own part is not confirmed: that word alone opens nothing to it. An accord for a role is so for whoever told of it, and for nobody else. */
const isOwnWord = (c: Consent, organisation: OrganisationId | null): boolean =>
  c.partUnconfirmed === true || (organisation !== null && c.toldBy.organisation === organisation);

/**
 * Since when somebody else stands behind an accord; undefined when nobody does. Without a zone: behind any of it. Of a zone: behind all of it,
 * whoever tells of it; or behind what one source tells of it, where only that one lets its own facts go.
 */
export const vouchedFrom = (
  c: Consent,
  organisation: OrganisationId | null,
  zone?: Zone,
  source?: Source,
): LocalDate | undefined =>
  isOwnWord(c, organisation)
    ? earliest(
        ...c.confirmations
          .filter(
            (k) => zone === undefined || (k.zones.includes(zone) && (k.means !== 'source' || (source && isSame(k.by, source)))),
          )
          .map((k) => k.on),
      )
    : c.from;
const isSame = (a: Source, b: Source): boolean => a.organisation === b.organisation && a.role === b.role;
/** Since when it opens, or has once opened, something to an organisation. */
export const openedFrom = (c: Consent, organisation: OrganisationId | null): LocalDate | undefined =>
  vouchedFrom(c, organisation) ?? c.shut?.from;
/** The first day on which it opens nothing to an organisation any more: withdrawn, past its last day, or disputed. */
export const endOf = (c: Consent | undefined, organisation: OrganisationId | null): LocalDate | undefined =>
  c && (c.withdrawnOn ?? c.lapsedOn ?? (isOwnWord(c, organisation) ? c.shut?.on : undefined));

/** Whether an accord opens a zone to somebody on a day: all of it, or what one source tells of it; without a zone, anything at all. */
export function accordOpens(c: Consent, to: Recipient, on: LocalDate, zone?: Zone, source?: Source): boolean {
  const from = vouchedFrom(c, to.organisation, zone, source);
  return (
    (zone === undefined || c.zones.includes(zone)) &&
    addressedTo(c, to) &&
    within(on, c.from, c.to) &&
    (c.withdrawnOn === undefined || on < c.withdrawnOn) &&
    from !== undefined &&
    from <= on
  );
}

/**
 * Whose word a fact is, so that it may be let go by that one alone: whoever did it, where such partners have accounts, though another one
 * recorded it; else whoever recorded it.
 */
export const sourceOf = ({ by, recordedBy }: { readonly by: Party; readonly recordedBy: Party | null }): Party =>
  by.organisation !== null && CASE_WORKERS.includes(by.role) ? by : (recordedBy ?? by);
export type Source = Pick<Party, 'organisation' | 'role'>;

/** It opens to whoever told of it, or might: an accord for a role does so where that organisation has the role. */
export const mayBeOwnWord = ({ recipient, toldBy, partUnconfirmed }: Consent): boolean =>
  partUnconfirmed === true || recipient === undefined || recipient === toldBy.organisation;
/** In the same house under another title: what one of them tells of, it may tell for itself. */
const sameHouse = (a: Role, b: Role): boolean => a === b || (SPST_ROLES.includes(a) && SPST_ROLES.includes(b));
/** Told by one of those that it opens to, as far as the case knows. */
export const isSelfTold = ({ recipient, recipientRole, toldBy, partUnconfirmed }: Consent): boolean =>
  partUnconfirmed === true ||
  (recipient !== undefined
    ? recipient === toldBy.organisation
    : recipientRole !== undefined && sameHouse(recipientRole, toldBy.role));
/** Given, and neither withdrawn nor past its last day. */
export const isGiven = (c: Consent): boolean => c.withdrawnOn === undefined && c.lapsedOn === undefined;
/** Those of which it told, and what it told of them nobody stands behind yet. */
export const zonesToVouchFor = (v: Pick<CaseView, 'tellers'>, c: Consent, by: Recipient): Zone[] =>
  c.disputedOn === undefined && c.toldBy.organisation !== by.organisation
    ? zonesKnownTo(v, c, by).filter((zone) => vouchedFrom(c, c.toldBy.organisation, zone, by) === undefined)
    : [];

/**
 * Who looks after an accord that an organisation told for itself: the accountable partner; the caisse when that is the very one. The
 * caisse's own, while it answers for the case, nobody does.
 */
export function overseerOf(v: Pick<CaseView, 'accountable' | 'caisse'>, { toldBy }: Consent): { organisation: OrganisationId; role: Role } | undefined {
  const { accountable, caisse } = v;
  if (accountable && accountable.organisation !== toldBy.organisation)
    return { organisation: accountable.organisation, role: accountable.role };
  return accountable && caisse !== undefined && caisse !== toldBy.organisation ? { organisation: caisse, role: 'CPAM' } : undefined;
} // prettier-ignore

/**
 * The zones of an accord of which somebody told facts, in its role: of the others it knows nothing, and confirms nothing. A colleague in
 * another role is somebody else.
 */
export const zonesKnownTo = (v: Pick<CaseView, 'tellers'>, c: Consent, { organisation, role }: Recipient): Zone[] => {
  const teller = v.tellers.find((t) => t.organisation === organisation && t.role === role);
  return c.zones.filter((zone) => teller?.zones.includes(zone));
};

/** The person was asked the same: to let the same house know, whichever of its roles was named, for the same purpose. */
export const isSameAsked = (a: Consent, b: Consent): boolean =>
  a.purpose === b.purpose &&
  (a.recipient !== undefined ? a.recipient === b.recipient : b.recipient === undefined && a.recipientRole === b.recipientRole);

/**
 * A withdrawal ends what the person had agreed to, however often and by whomever that was told: no other telling of it keeps a door open
 * (art. 7(3) RGPD). What she agrees to afterwards stands.
 */
function settleWithdrawals(v: CaseView): void {
  for (const { consentId, revision, ...withdrawal } of v.withdrawals) {
    const named = v.consents.find((c) => c.id === consentId);
    if (!named) continue;
    const { on } = withdrawal;
    const deniedOn = earliest(...v.denials.flatMap((d) => (d.consentId === consentId && d.on >= on ? [d.on] : [])));
    named.withdrawal ??= { ...withdrawal, ...(deniedOn && { deniedOn }) };
    for (const c of v.consents)
      // What was given by then is over, though it were to begin later; and so is what begins before, whenever it is told.
      if (c === named || (isSameAsked(c, named) && isBefore(earliest(c.from, c.givenOn)!, c.revision!, on, revision)))
        c.withdrawnOn = earliest(c.withdrawnOn, on)!;
  }
  v.withdrawals = [];
  v.denials = [];
}
/** By the days, and within one day by the order of the log. */
const isBefore = (a: LocalDate, told: number, b: LocalDate, revision: number): boolean => a < b || (a === b && told < revision);

/** The house that an accord may open to by its own word. */
const houseOf = ({ recipient, toldBy }: Consent): OrganisationId | null => recipient ?? toldBy.organisation;
/** Another telling by the same house, for itself, under whichever of its names and for whatever purpose: a form for another one is no answer. */
const isToldAgain = (a: Consent, b: Consent): boolean =>
  a !== b && a.toldBy.organisation === b.toldBy.organisation && houseOf(a) === houseOf(b);
/** Another accord that might let the same house in, whoever told it. */
const isForHouse = (a: Consent, b: Consent): boolean =>
  houseOf(a) === houseOf(b) ||
  (a.recipient === undefined &&
    a.recipientRole !== undefined &&
    sameInstitution(a.recipientRole, b.recipientRole ?? b.toldBy.role));

/**
 * Since when an accord that an organisation tells for itself waits for the person's own word: what it told before is doubted, or she has
 * withdrawn what let it in. A new form settles neither; the person does.
 */
function doubtedBefore(v: CaseView, c: Consent, withdrawals: CaseView['withdrawals']): LocalDate | undefined {
  if (!mayBeOwnWord(c) || c.confirmations.some((k) => k.means === 'before')) return undefined;
  const named = (id: string, is: (o: Consent) => boolean): boolean => v.consents.some((o) => o.id === id && is(o));
  const marks = v.accordMarks.filter(
    (m) =>
      m.revision < c.revision! &&
      ((m.kind === 'person' && named(m.consentId, (o) => o !== c && isForHouse(o, c))) ||
        (isDoubt(m) && named(m.consentId, (o) => isToldAgain(o, c) && mayBeOwnWord(o)))),
  );
  const ended = withdrawals.filter(
    (w) =>
      named(w.consentId, (o) => o !== c && isForHouse(o, c)) &&
      (w.revision < c.revision! || !isBefore(earliest(c.from, c.givenOn)!, c.revision!, w.on, w.revision)),
  );
  const last = [...marks, ...ended].reduce<AccordMark | Withdrawn | undefined>(
    (a, b) => (a && a.revision > b.revision ? a : b),
    undefined,
  );
  return last && !('kind' in last && last.kind === 'person') ? latest(last.on, c.givenOn) : undefined;
}
type Withdrawn = CaseView['withdrawals'][number];
const isDoubt = ({ kind }: AccordMark): boolean => kind === 'disputed' || kind === 'missing';

/** The form was kept with an accord told before: what it opened it opened then. */
const isFormOfAnother = (v: CaseView, c: Consent): boolean =>
  c.confirmations.some((k) => k.means === 'form') &&
  v.consents.some((o) => o.formHash === c.formHash && o.revision! < c.revision!);

/** Puts what was told of each accord since, in the order of the log, beside it. */
export function settleAccords(v: CaseView): void {
  const { withdrawals } = v;
  settleWithdrawals(v);
  for (const c of v.consents) {
    const doubted = doubtedBefore(v, c, withdrawals);
    if (doubted !== undefined) c.disputedOn = doubted;
    const confirmed: Confirmation[] = doubted === undefined && !isFormOfAnother(v, c) ? [...c.confirmations] : [];
    for (const mark of v.accordMarks.filter((m) => m.consentId === c.id)) {
      const { on, by } = mark;
      if (mark.kind === 'person') {
        delete c.disputedOn;
        delete c.shut;
        confirmed.push({ on, by, means: mark.means ?? 'code', zones: c.zones });
      } else if (mark.kind === 'source') {
        if (c.disputedOn === undefined) confirmed.push({ on, by, means: 'source', zones: mark.zones ?? [] });
      } else {
        if (mark.kind !== 'disputed') c.formControl = { on, outcome: mark.kind };
        if (mark.kind === 'shown') continue;
        c.disputedOn ??= on;
        const from = earliest(...confirmed.map((k) => k.on));
        if (from !== undefined) c.shut = { from, on };
        confirmed.length = 0;
      }
    }
    c.confirmations = confirmed;
    const on = earliest(...confirmed.map((k) => k.on));
    if (on !== undefined) c.confirmedOn = on;
  }
  for (const c of v.consents) delete c.revision;
}
