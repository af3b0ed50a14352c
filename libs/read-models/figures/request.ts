import { Column, Entity, Index } from 'typeorm';
import { successorOf } from '../../domain/case/taking-part.js';
import { type CaseView, type Handover, type Handshake, type Measure, type Participation } from '../../domain/case/view.js';
import { type Zone } from '../../domain/kernel/fields.js';
import { earliest, type LocalDate } from '../../domain/kernel/local-date.js';
import { CASE_WORKERS, type OrganisationId, type Role } from '../../domain/kernel/roles.js';
import { type Text, t } from '../../domain/kernel/text.js';
import { definitionOf } from '../../domain/measures/index.js';
import { figure, FigureRow } from './figure.js';

const COORDINATION = ['coordination'] as const;
const DECISION = ['measure', 'decision'] as const;
/** Whether another partner of the same role can be asked as well, and whether another role can take the person up. */
interface Elsewhere {
  readonly like: boolean;
  readonly standIns: boolean;
}
const ANYWHERE: Elsewhere = { like: true, standIns: true };
/** An SPST is the employer's: no other one can be told in its place. */
const NOT_ITS_LIKE: Elsewhere = { like: false, standIns: true };
/** A part passes to its like only. */
const ITS_LIKE: Elsewhere = { like: true, standIns: false };
/** The law names who answers. */
const NOWHERE: Elsewhere = { like: false, standIns: false };
/** What a partner may be asked, the zones that its answer tells of, and where else one may go. */
export const REQUEST_KINDS = {
  'transmission-receipt': {
    label: t('Accusé de réception d’une transmission', 'Receipt of a transmission'),
    zones: COORDINATION,
    elsewhere: NOT_ITS_LIKE,
  },
  'transmission-answer': {
    label: t('Tri d’une transmission', 'Triage of a transmission'),
    zones: COORDINATION,
    elsewhere: NOT_ITS_LIKE,
  },
  'referral-receipt': {
    label: t('Accusé de réception d’une orientation', 'Receipt of a referral'),
    zones: COORDINATION,
    elsewhere: ANYWHERE,
  },
  'referral-answer': { label: t('Réponse à une orientation', 'Answer to a referral'), zones: COORDINATION, elsewhere: ANYWHERE },
  handover: { label: t('Réponse à un passage de relais', 'Answer to a hand-over'), zones: COORDINATION, elsewhere: ANYWHERE },
  transfer: { label: t('Réponse à un transfert de dossier', 'Answer to a transfer'), zones: COORDINATION, elsewhere: ITS_LIKE },
  opinion: { label: t('Avis sur une mesure', 'Opinion on a measure'), zones: DECISION, elsewhere: NOWHERE },
  decision: { label: t('Décision sur une mesure', 'Decision on a measure'), zones: DECISION, elsewhere: NOWHERE },
} as const satisfies Record<string, { readonly label: Text; readonly zones: readonly Zone[]; readonly elsewhere: Elsewhere }>;
export type RequestKind = keyof typeof REQUEST_KINDS;

/** Something that one organisation asked of another one. */
@Entity({ name: 'request' })
@Index(['sender', 'askedOn'])
@Index(['asked', 'askedOn'])
export class RequestRow extends FigureRow {
  @Column('text')
  kind: RequestKind;

  @Column('text')
  sender: OrganisationId;

  /** The days on which the sender takes part in the case: on others nothing of it is the sender's to know. */
  @Column({ type: 'datemultirange', name: 'sender_there' })
  senderThere: string;

  @Column('text')
  asked: OrganisationId;

  @Column({ type: 'text', name: 'asked_role' })
  askedRole: Role;

  @Column({ type: 'date', name: 'asked_on' })
  askedOn: LocalDate;

  @Column({ type: 'date', name: 'answered_on', nullable: true })
  answeredOn: LocalDate | null;

  /** First day on which nobody awaits an answer any more although none came: taken back, or settled without it. May lie ahead. */
  @Column({ type: 'date', name: 'ended_on', nullable: true })
  endedOn: LocalDate | null;
}

interface Asked {
  readonly kind: RequestKind;
  readonly sender: OrganisationId | null | undefined;
  readonly to: { readonly organisation: OrganisationId | null | undefined; readonly role: Role };
  readonly on: LocalDate | undefined;
  readonly answered: LocalDate | undefined;
  readonly ended: LocalDate | undefined;
}

export const requests = figure(RequestRow, (v) =>
  [
    ...v.handshakes.flatMap((h) => ofHandshake(v, h)),
    ...v.handovers.flatMap((o) => ofOffer(v, 'handover', o)),
    ...v.transfers.flatMap((o) => ofOffer(v, 'transfer', o)),
    ...v.measures.flatMap((m) => ofMeasure(v, m)),
  ].flatMap(({ kind, sender, to: { organisation, role }, on, answered, ended }) =>
    // Nobody is silent who has no account to answer in.
    sender && organisation && on !== undefined && CASE_WORKERS.includes(role)
      ? [
          {
            kind,
            sender,
            senderThere: daysOf(v, sender),
            // Whoever has its part now owes the answer.
            asked: answered === undefined ? successorOf(v, organisation, on) : organisation,
            askedRole: role,
            askedOn: on,
            answeredOn: answered ?? null,
            endedOn: answered === undefined ? (ended ?? null) : null,
          },
        ]
      : [],
  ),
);

/** An answer is a receipt too, whether or not that was acknowledged. */
function ofHandshake(v: CaseView, h: Handshake): Asked[] {
  const revoked = h.answer?.kind === 'revoked' ? h.answer.on : undefined;
  const answer = earliest(revoked === undefined ? h.answer?.on : undefined, h.triage?.on);
  const receipt = earliest(h.receivedOn, answer);
  const way = wayIn(v, 'received', h.to.organisation, h.sentOn);
  const asked = (kind: RequestKind, answered: LocalDate | undefined): Asked[] =>
    answered === undefined && !way
      ? []
      : [{ kind, sender: h.from.organisation, to: h.to, on: h.sentOn, answered, ended: earliest(revoked, way?.to, overOn(v)) }];
  return [...asked(`${h.kind}-receipt`, receipt), ...asked(`${h.kind}-answer`, answer)];
}

function ofOffer(v: CaseView, kind: 'handover' | 'transfer', o: Handover): Asked[] {
  const withdrawn = o.answer?.kind === 'withdrawn' ? o.answer.on : undefined;
  const answered = withdrawn === undefined ? o.answer?.on : undefined;
  const way = wayIn(v, 'asked', o.to, o.proposedOn);
  if (answered === undefined && !way) return [];
  // A lead that went elsewhere is no longer its sender's to give.
  const given =
    kind === 'handover' ? v.leads.find((l) => l.from > o.proposedOn && l.organisation !== o.from.organisation)?.from : undefined;
  const ended = earliest(withdrawn, way?.to, given, overOn(v));
  return [{ kind, sender: o.from.organisation, to: { organisation: o.to, role: o.toRole }, on: o.proposedOn, answered, ended }];
}

function ofMeasure(v: CaseView, m: Measure): Asked[] {
  const decision = earliest(...m.decisions.map((d) => d.on));
  const begun = earliest(m.startedOn, m.interruptedOn, m.closed?.on, m.takenOverBy ? v.diedOn : overOn(v));
  const decidedBy = definitionOf(m)?.decidedBy;
  const common = { sender: m.requestedVia?.organisation, on: m.requestedOn };
  return [
    ...m.asked.map((to): Asked => {
      const answered = earliest(...m.opinions.filter(({ role }) => role === to.role).map(({ on }) => on));
      return { kind: 'opinion', ...common, to, answered, ended: earliest(decision, begun) };
    }),
    ...(decidedBy
      ? [{ kind: 'decision', ...common, to: { organisation: m.decider, role: decidedBy }, answered: decision, ended: begun } as const] // prettier-ignore
      : []),
  ];
}

/** How long whoever was asked could see it; nothing when it never could, for want of the person's accord. Passing it on ends no wait. */
function wayIn(
  v: CaseView,
  basis: Participation['basis'],
  organisation: OrganisationId | null,
  on: LocalDate,
): { readonly to: LocalDate | undefined } | undefined {
  const part = v.participations.find((p) => p.basis === basis && p.organisation === organisation && p.from === on);
  if (!part || organisation === null || part.to === on) return undefined;
  return { to: successorOf(v, organisation, on) === organisation ? part.to : undefined };
}
const overOn = (v: CaseView): LocalDate | undefined => earliest(v.diedOn, v.support?.closedOn);

const daysOf = (v: CaseView, organisation: OrganisationId): string => {
  const parts = v.participations.filter((p) => p.organisation === organisation && (p.to === undefined || p.from < p.to));
  return `{${parts.map(({ from, to = '' }) => `[${from},${to})`).join()}}`;
};
