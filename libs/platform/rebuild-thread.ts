import { parentPort } from 'node:worker_threads';
import { UnknownEvent } from '../event-store/codec.js';
import { fillPart, type Progress } from '../read-models/fill.js';
import { WORKLISTS } from '../read-models/partners/index.js';
import { viewsDataSource } from '../read-models/tables.js';
import { poolSettings } from './database.js';
import { type Ending, type Errand, nameOf, type Report } from './rebuild-helpers.js';
import { openReading } from './wiring.js';

/** One part of the cases, in a thread of its own. */
export async function fillShare({ place, share }: Errand): Promise<Ending> {
  const app = { ...place.app, ...(poolSettings.types && { types: poolSettings.types }) };
  const { master, index, ids } = place.keyring;
  const keyring = { master: asBuffers(master), index: asBuffers(index), ids: Buffer.from(ids) };
  const { log, close } = openReading({ ...place, app, keyring });
  const tables = await viewsDataSource({ ...app, max: 2 }, share.schema).initialize();
  try {
    await log.rulebook.catchUp();
    const views = share.views && WORKLISTS.filter(({ name }) => share.views!.includes(name));
    const tell = (report: Report) => parentPort!.postMessage(report);
    const progress: Progress = (...done) => tell({ part: nameOf(share), done });
    await fillPart(tables, share, { log, ...(views && { views }), progress });
    return undefined;
  } catch (error) {
    if (!(error instanceof UnknownEvent)) throw error;
    return { unknownEvent: [error.type, error.schemaVersion, error.known] };
  } finally {
    await tables.destroy();
    await close();
  }
}

const asBuffers = (keys: Readonly<Record<number, Uint8Array>>): Record<number, Buffer> =>
  Object.fromEntries(Object.entries(keys).map(([version, key]) => [version, Buffer.from(key)]));
