import { setTimeout as sleep } from 'node:timers/promises';
import { Busy } from './messages.js';
import { Turns } from './turns.js';

it('acts on one stream come one after the other, in their order, whatever becomes of the one before', async () => {
  const turns = new Turns();
  const seen: string[] = [];
  const act =
    (name: string, fails = false) =>
    async () => {
      seen.push(`${name} begins`);
      await sleep(5);
      seen.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    };
  const all = await Promise.allSettled([turns.take('a', act('1')), turns.take('a', act('2', true)), turns.take('a', act('3'))]);
  expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(seen).toEqual(['1 begins', '1 ends', '2 begins', '2 ends', '3 begins', '3 ends']);
});
it('acts on others do not wait', async () => {
  const turns = new Turns();
  let release = (): void => undefined;
  const held = turns.take('a', () => new Promise<void>((resolve) => (release = resolve)));
  expect(await turns.take('b', () => Promise.resolve('done'))).toBe('done');
  release();
  await held;
});
it('whoever waits too long is told so at that moment, and is never begun; the next one is', async () => {
  const turns = new Turns(20);
  let release = (): void => undefined;
  const held = turns.take('a', () => new Promise<void>((resolve) => (release = resolve)));
  let begun = false;
  const late = turns.take('a', () => Promise.resolve((begun = true)));
  await expect(late).rejects.toThrow(Busy);
  release();
  await held;
  expect(await turns.take('a', () => Promise.resolve('next'))).toBe('next');
  expect(begun).toBe(false);
});
