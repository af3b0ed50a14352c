import { type LocalDate } from '../kernel/local-date.js';
import { type OrganisationId, type Role } from '../kernel/roles.js';

/** What was planned, moved, held and cancelled amounts to. */
export interface GroupAction {
  readonly groupId: string;
  readonly theme: string;
  readonly organiser: OrganisationId | null;
  readonly partners: readonly Role[];
  readonly organisations: readonly OrganisationId[];
  readonly seats: number;
  /** By their days. */
  readonly sessions: readonly Session[];
  readonly cancelledFor?: string;
}
export interface Session {
  readonly date: LocalDate;
  /** How many came, once it was held. Who they were is in their cases. */
  readonly attendance?: number;
}
interface Past {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly actor: { readonly organisation: OrganisationId | null };
}
type Days = { readonly date: LocalDate; readonly more?: readonly { readonly date: LocalDate }[] };
type Planned = Days &
  Pick<GroupAction, 'groupId' | 'theme' | 'partners' | 'seats'> & {
    readonly organisations?: readonly { readonly organisation: OrganisationId }[];
  };
export const sessionsOf = ({ date, more = [] }: Days): Session[] =>
  [...new Set([date, ...more.map((m) => m.date)])].sort().map((day) => ({ date: day }));

/** The one that an attendance without a day is about: the first that was not held. */
export const nextSession = (g: Pick<GroupAction, 'sessions'>): LocalDate | undefined =>
  g.sessions.find((s) => s.attendance === undefined)?.date;

/** Undefined as long as nobody has planned it. */
export const groupActionOf = (history: readonly Past[]): GroupAction | undefined =>
  history.reduce<GroupAction | undefined>((g, { type, data, actor }) => {
    if (type === 'GroupActionPlanned') {
      const planned = data as unknown as Planned;
      const { groupId, theme, partners, seats, organisations = [] } = planned;
      return { groupId, theme, organiser: actor.organisation, partners, organisations: organisations.map((o) => o.organisation), seats, sessions: sessionsOf(planned) }; // prettier-ignore
    }
    if (!g) return g;
    if (type === 'GroupActionMoved') {
      const held = g.sessions.filter((s) => s.attendance !== undefined);
      return { ...g, sessions: [...held, ...sessionsOf(data as unknown as Days)].sort((a, b) => (a.date < b.date ? -1 : 1)) };
    }
    if (type === 'GroupActionCancelled') return { ...g, cancelledFor: data['motive'] as string };
    const day = (data['date'] as LocalDate | undefined) ?? nextSession(g);
    return { ...g, sessions: g.sessions.map((s) => (s.date === day ? { ...s, attendance: data['attendance'] as number } : s)) };
  }, undefined);

export const takesPartIn = (g: GroupAction, organisation: OrganisationId | null): boolean =>
  organisation !== null && (g.organiser === organisation || g.organisations.includes(organisation));
