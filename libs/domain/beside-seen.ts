import { conventionOf, isParty } from './convention/standing.js';
import { forumOf, sitsIn } from './forum/forum.js';
import { meetingOf } from './forum/meeting.js';
import { groupActionOf, takesPartIn } from './group/planned.js';
import { type Family, type PastAside } from './kernel/aside.js';
import { type Party } from './kernel/roles.js';

/** The history of a stream beside the cases; empty when there is none. */
export type Past = (family: Exclude<Family, 'satisfaction'>, id: string) => readonly PastAside[];
type Seen = (history: readonly PastAside[], by: Party, past: Past) => boolean;

const byAll: Seen = () => true;
const byTheOperator: Seen = (_, { role }) => role === 'OPERATOR';

/**
 * For whom what is recorded beside the cases exists. To anybody else it is as if it had never been: no answer is another one for its id than
 * for any other (ADR 0018).
 */
const SEEN: Readonly<Record<Exclude<Family, 'satisfaction'>, Seen>> = {
  organisation: byAll,
  resource: byAll,
  config: byAll,
  mandate: byTheOperator,
  convention: (history, by, past) => {
    const convention = conventionOf(history);
    return byTheOperator(history, by, past) || (convention !== undefined && isParty(convention, by.organisation));
  },
  group: (history, { organisation }) => {
    const group = groupActionOf(history);
    return group !== undefined && takesPartIn(group, organisation);
  },
  forum: (history, by, past) => {
    const forum = forumOf(history);
    return byTheOperator(history, by, past) || (forum !== undefined && sitsIn(forum, by.organisation));
  },
  meeting: (history, { organisation }, past) => {
    const meeting = meetingOf(history);
    const forum = meeting && forumOf(past('forum', meeting.forumId));
    return forum !== undefined && sitsIn(forum, organisation);
  },
};

/** What there is of it for somebody. */
export const pastFor =
  (past: Past, by: Party): Past =>
  (family, id) => {
    const history = past(family, id);
    return history.length > 0 && SEEN[family](history, by, past) ? history : [];
  };
