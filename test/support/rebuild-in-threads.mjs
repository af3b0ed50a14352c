// Rebuilds the views of one database by threads, as the compiled program does for a long log.
// stdin: { app, keyring: { master, index, ids } (base64), brokenOff }; stdout: { done, total, threads } or { error }
import { text } from 'node:stream/consumers';
import { createRequire } from 'node:module';

const dist = createRequire(new URL('../../dist/libs/', import.meta.url));
const { rebuildHelpers } = dist('./platform/rebuild-helpers.js');
const { openReading } = dist('./platform/wiring.js');
const { rebuild } = dist('./read-models/rebuild.js');

const { app, keyring, brokenOff } = JSON.parse(await text(process.stdin));
const buffers = (keys) => Object.fromEntries(Object.entries(keys).map(([version, key]) => [version, Buffer.from(key, 'base64')]));
const place = {
  app,
  eventStoreUrl: undefined,
  keyring: { master: buffers(keyring.master), index: buffers(keyring.index), ids: Buffer.from(keyring.ids, 'base64') },
};
const { log, close } = openReading(place);
const helpers = rebuildHelpers(place, 0);
let threads = 0;
const counted = { ...helpers, count: 2, fill: (...share) => (threads++, helpers.fill(...share)) };
let last = [];
const stopping = new AbortController();
const progress = (...step) => {
  last = step;
  if (brokenOff) stopping.abort();
};
try {
  await rebuild({ log, database: app, helpers: counted, progress, signal: stopping.signal });
  process.stdout.write(JSON.stringify({ done: last[0], total: last[1], threads }));
} catch (error) {
  process.stdout.write(JSON.stringify({ error: `${error.constructor.name}: ${error.message}`, threads }));
} finally {
  await helpers.close();
  await close();
}
