import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type PoolConfig } from 'pg';
import { Piscina } from 'piscina';
import { UnknownEvent } from '../event-store/codec.js';
import { type Helpers, type Progress, type Share } from '../read-models/fill.js';
import { type Keyring } from './keyring.js';

/** Where a thread finds the log, and what opens it. */
export interface LogPlace {
  readonly app: PoolConfig;
  readonly eventStoreUrl: string | undefined;
  readonly keyring: Pick<Keyring, 'master' | 'index' | 'ids'>;
}
/** What a thread is given: it arrives as a copy, without functions, and with bytes for Buffers. */
export interface Errand {
  readonly place: LogPlace;
  readonly share: Share;
}
/** What it tells on the way. */
export interface Report {
  readonly part: string;
  readonly done: Parameters<Progress>;
}
export const nameOf = ({ schema, part }: Share): string => `${schema} ${part.join()}`;
/** An error that crosses over loses its class, and this one is known by that. */
export type Ending = { readonly unknownEvent: ConstructorParameters<typeof UnknownEvent> } | undefined;

/** More than these would wait for the database, and each holds a copy of the program. */
const MOST = 8;
/** A thread takes some seconds of a processor to get up to speed, as much as so many events here. */
const WORTH_IT = 100_000;
/** Threads that have nothing to do stay for so many milliseconds: a rebuild that failed is begun again. */
const STAY = 60_000;

export interface RebuildHelpers extends Helpers {
  close(): Promise<void>;
}

/** One thread for each core, where there are several. They give way to whoever serves meanwhile. */
export function rebuildHelpers(place: LogPlace, from = WORTH_IT): RebuildHelpers {
  const count = Math.min(MOST, availableParallelism());
  let threads: Piscina | undefined;
  return {
    count,
    from,
    fill: (...share) => fillInThread((threads ??= startThreads(count)), place, ...share),
    close: async () => threads?.destroy(),
  };
}

const startThreads = (count: number): Piscina =>
  new Piscina({
    filename: join(__dirname, 'rebuild-thread.js'),
    minThreads: 0,
    maxThreads: count,
    idleTimeout: STAY,
    niceIncrement: 10,
    recordTiming: false,
  });

async function fillInThread(
  threads: Piscina,
  { app: { types: _functions, ...app }, eventStoreUrl, keyring: { master, index, ids } }: LogPlace,
  share: Share,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  // Of the keys, those that open the log and no others.
  const errand: Errand = { place: { app, eventStoreUrl, keyring: { master, index, ids } }, share };
  const told = ({ part, done }: Report): unknown => part === nameOf(share) && progress(...done);
  threads.on('message', told);
  try {
    const ending = (await threads.run(errand, { name: 'fillShare', signal })) as Ending;
    if (ending) throw new UnknownEvent(...ending.unknownEvent);
  } finally {
    threads.off('message', told);
  }
}
