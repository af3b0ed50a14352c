import { Presets, SingleBar } from 'cli-progress';

/** On a terminal a bar; elsewhere a line now and then. */
export const progressBar = (what: string, unit: string): SingleBar =>
  new SingleBar(
    { format: `${what} [{bar}] {value}/{total} ${unit} · {duration_formatted} · reste {eta_formatted}`, noTTYOutput: true, notTTYSchedule: 5_000, hideCursor: true, stream: process.stderr },
    Presets.shades_classic,
  ); // prettier-ignore
