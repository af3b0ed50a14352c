import { Story, uuidOf } from '../../../test/support/story.js';
import { CPAM } from '../../../test/support/story.js';
import { type DomainEvent } from './event.js';
import { joinedTo } from './joined.js';

/** A case of two events, in which another one may come. */
const aCase = (name: string): DomainEvent[] => {
  const story = new Story();
  story.does('record-signal', { origin: 'cpam' }, { by: CPAM, on: '2023-04-03', key: name });
  return story.events;
};
const mark = (type: string, of: string, events: readonly DomainEvent[] = [], id = `${type} ${of}`): DomainEvent => ({
  ...aCase('mark')[0]!, id: uuidOf(id), type, data: { caseId: uuidOf(of), events: events.map((e) => ({ id: e.id })) },
}); // prettier-ignore
const ids = (events: readonly DomainEvent[]): string[] => events.map(({ id }) => id);

it('keeps all of a case that was joined, parted, and joined the other way round', () => {
  const [a, b] = [aCase('a'), aCase('b')];
  const past = [...a, mark('CaseAbsorbed', 'b', b), ...b, mark('CaseAbsorptionUndone', 'b')];
  const now = [...b, mark('CaseAbsorbed', 'a', past), ...past.filter((e) => !ids(b).includes(e.id))];
  const { live, cameWith } = joinedTo(now);
  expect(ids([...a, ...b]).every((id) => live.has(id))).toBe(true);
  expect(ids(b).some((id) => cameWith.has(id))).toBe(false);
});

it('counts what comes back with a case, and nothing twice', () => {
  const [a, b] = [aCase('a'), aCase('b')];
  const parted = [...a, mark('CaseAbsorbed', 'b', b), ...b, mark('CaseAbsorptionUndone', 'b')];
  expect(ids(b).some((id) => joinedTo(parted).live.has(id))).toBe(false);
  const again = [...parted, mark('CaseAbsorbed', 'b', b, 'once more')];
  expect(ids(b).every((id) => joinedTo(again).live.has(id))).toBe(true);
});

it('looks once at each case in a chain, however deep', () => {
  let chain = aCase('0');
  for (let depth = 1; depth <= 40; depth++) {
    const next = aCase(String(depth));
    chain = [...next, mark('CaseAbsorbed', `case ${depth}`, chain), ...chain];
  }
  let looks = 0;
  const counted = chain.map((event) => ({ ...event, get type() { looks++; return event.type; } })); // prettier-ignore
  expect(joinedTo(counted).live.size).toBe(chain.length);
  // Once for each case that holds it; each case of its own at each depth would be two to the fortieth.
  expect(looks).toBeLessThan(chain.length * 40 * 10);
});
