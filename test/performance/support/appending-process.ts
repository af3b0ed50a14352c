import { load } from '../benchmark.js';
import { openLog } from './log.js';
import { type Place } from './server.js';
import { sealedEvents, writer } from './writers.js';

type Message = { readonly place: Place } | { readonly callers: number; readonly milliseconds: number };
let write: (caller: number) => Promise<number>;

/** Told a database, it connects; told how long, it appends, and answers with events a second. */
process.on('message', (message: Message) => {
  void answer(message).then((speed) => process.send!(speed));
});
process.on('disconnect', () => process.exit());

async function answer(message: Message): Promise<number> {
  if ('callers' in message) return load(message.callers, message.milliseconds, write);
  const log = openLog(message.place);
  write = writer((stream, revision, events) => log.store.append(stream, revision, events), await sealedEvents(log));
  return 0;
}
