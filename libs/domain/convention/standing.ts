import { addDays, daysBetween, earliest, latest, type LocalDate, within } from '../kernel/local-date.js';
import { type OrganisationId, type Party } from '../kernel/roles.js';

/** How long before its last day a convention that says nothing of it is flagged. */
const NOTICE_DAYS = 90;
/** Convention (D): how many proposals of one organisation may wait for a signature at once; nobody's list is flooded. */
export const MOST_PROPOSALS = 20;

export interface Signature {
  readonly organisation: OrganisationId;
  /** The last day for which it has signed: each says for itself until when. */
  readonly to: LocalDate;
  /** Why it withdrew. */
  readonly endedFor?: string;
}
/** What was proposed, signed, renewed and ended amounts to. It binds those only who signed it, and once two have. */
export interface Convention {
  readonly conventionId: string;
  readonly title: string;
  readonly parties: readonly { readonly organisation: OrganisationId; readonly tasks: string }[];
  readonly territory: string;
  readonly publics: readonly string[];
  readonly from: LocalDate;
  /** Its last day: as it was proposed; as it binds somebody, where it is told of somebody. */
  readonly to: LocalDate;
  readonly noticeDays?: number;
  readonly proposedBy: OrganisationId | null;
  readonly proposedOn: LocalDate;
  readonly signatures: readonly Signature[];
  /** Parties that would not sign. */
  readonly declined: readonly OrganisationId[];
}
/** A convention as it binds somebody. */
export interface Binding extends Convention {
  /** Why it ended, where it was ended: by the one that it binds, or by so many that nobody else is left. */
  readonly endedFor?: string;
}

/** An event of its stream. */
interface Told {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly actor: Party;
  readonly occurredOn: LocalDate;
}
/** For whom an event speaks: before parties signed for themselves, for all; told by the operator, for those whose signature it holds. */
function speaksFor({ data, actor }: Told, all: readonly OrganisationId[]): readonly OrganisationId[] {
  if (data['signed'] === 'before') return all;
  const held = data['signedBy'] as readonly { readonly organisation: OrganisationId }[] | undefined;
  const signers = held ? held.map((s) => s.organisation) : [actor.organisation];
  return all.filter((organisation) => signers.includes(organisation));
}
/** Undefined as long as nobody has proposed it. */
export const conventionOf = (history: readonly Told[]): Convention | undefined =>
  history.reduce<Convention | undefined>((c, event) => {
    const { type, data, actor, occurredOn } = event;
    if (type === 'ConventionSigned') {
      const { signed: _, signedBy: __, ...said } = data;
      const proposed = said as unknown as Convention;
      const signers = speaksFor(event, proposed.parties.map((p) => p.organisation)); // prettier-ignore
      const signatures = signers.map((organisation) => ({ organisation, to: proposed.to }));
      return { ...proposed, proposedBy: actor.organisation, proposedOn: occurredOn, signatures, declined: [] };
    }
    if (!c) return c;
    const named = c.parties.map((p) => p.organisation);
    if (type === 'ConventionCountersigned') {
      const signers = speaksFor(event, named).filter((organisation) => !signatureOf(c, organisation));
      return { ...c, signatures: [...c.signatures, ...signers.map((organisation) => ({ organisation, to: c.to }))] };
    }
    if (type === 'ConventionRenewed') {
      const signers = speaksFor(event, named);
      const to = data['to'] as LocalDate;
      return { ...c, signatures: c.signatures.map((s) => (signers.includes(s.organisation) ? { ...s, to } : s)) };
    }
    if (type === 'ConventionEnded') {
      const leaving = actor.role === 'OPERATOR' ? named : speaksFor(event, named);
      const [on, endedFor] = [data['on'] as LocalDate, data['motive'] as string];
      return {
        ...c,
        signatures: c.signatures.map((s) =>
          leaving.includes(s.organisation) && s.endedFor === undefined ? { ...s, to: earliest(s.to, on)!, endedFor } : s,
        ),
        declined: [...c.declined, ...leaving.filter((organisation) => !signatureOf(c, organisation))],
      };
    }
    return c;
  }, undefined);

/** It is named in it, signed or not: a proposal is there for it to sign. */
export const isParty = (c: Pick<Convention, 'parties'>, organisation: OrganisationId | null): boolean =>
  c.parties.some((p) => p.organisation === organisation);
export const signatureOf = (c: Convention, organisation: OrganisationId | null): Signature | undefined =>
  c.signatures.find((s) => s.organisation === organisation);
const staying = (c: Convention): readonly Signature[] => c.signatures.filter((s) => s.endedFor === undefined);

/** As it binds two to each other; undefined unless both signed. */
export function between(c: Convention, one: OrganisationId | null, other: OrganisationId): Convention | undefined {
  const [a, b] = [signatureOf(c, one), signatureOf(c, other)];
  return a && b && a !== b ? { ...c, to: earliest(a.to, b.to)! } : undefined;
}
/** As it binds one to whoever else signed; undefined unless it signed, and somebody else did. */
export function asBinds(c: Convention, organisation: OrganisationId | null): Binding | undefined {
  const own = signatureOf(c, organisation);
  const others = c.signatures.filter((s) => s !== own);
  if (!own || others.length === 0) return undefined;
  const nobodyElse = others.every((s) => s.endedFor !== undefined);
  const endedFor = own.endedFor ?? (nobodyElse ? others.at(-1)!.endedFor : undefined);
  return { ...c, to: earliest(own.to, latest(...others.map((s) => s.to)))!, ...(endedFor !== undefined && { endedFor }) };
}
/** As whoever keeps them sees it: as it binds those two that it binds longest. */
export function asKept(c: Convention): Binding | undefined {
  const longest = [...c.signatures].sort((a, b) => (a.to < b.to ? 1 : -1))[0];
  const bound = longest && asBinds(c, longest.organisation);
  if (!bound) return undefined;
  const { endedFor: _, ...standing } = bound;
  return staying(c).length < 2 ? bound : standing;
}

/** Those that may sign it still. */
export const toSign = (c: Convention, today: LocalDate): readonly OrganisationId[] =>
  staying(c).length === 0 || today > c.to
    ? []
    : c.parties.map((p) => p.organisation).filter((o) => !signatureOf(c, o) && !c.declined.includes(o));
export type ProposalStatus = 'to-sign' | 'waiting';
/** What a convention that does not bind somebody is to it: to sign, or signed and waiting for somebody else; undefined when over. */
export function proposalTo(c: Convention, organisation: OrganisationId, today: LocalDate): ProposalStatus | undefined {
  const open = toSign(c, today);
  if (open.includes(organisation)) return 'to-sign';
  const own = signatureOf(c, organisation);
  return own && own.endedFor === undefined && c.signatures.length === 1 && open.length > 0 ? 'waiting' : undefined;
}

export const standsOn = (c: Convention, on: LocalDate): boolean => within(on, c.from, c.to);
/** The day from which its end is to be seen coming. */
export const noticeFrom = (c: Convention): LocalDate => addDays(c.to, -(c.noticeDays ?? NOTICE_DAYS));

export type Standing = 'to-come' | 'standing' | 'ends-soon' | 'ended';
export const standingOn = (c: Convention, on: LocalDate): Standing => {
  if (on > c.to) return 'ended';
  if (on < c.from) return 'to-come';
  return on < noticeFrom(c) ? 'standing' : 'ends-soon';
};
/** Days until its last one, which counts; 0 once that is past. */
export const daysLeft = (c: Convention, on: LocalDate): number => Math.max(0, daysBetween(on, c.to) + 1);
