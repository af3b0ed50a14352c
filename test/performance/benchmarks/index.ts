import { type Benchmark } from '../benchmark.js';
import { append } from './append.js';
import { batches } from './batches.js';
import { growth } from './growth.js';
import { processes } from './processes.js';
import { reads } from './reads.js';
import { rebuild } from './rebuild.js';
import { staleCallers } from './stale-callers.js';
import { watch } from './watch.js';

/** A new one: its file, and its place here. The last one, because it appends to the largest log, is `growth`. */
export const BENCHMARKS: readonly Benchmark[] = [append, batches, processes, staleCallers, reads, rebuild, watch, growth];
