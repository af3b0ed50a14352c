import { Presets, SingleBar } from 'cli-progress';

/** On a terminal a bar; elsewhere a line now and then. */
export const progressBar = (what: string, unit: string): SingleBar =>
  new SingleBar(
    { format: `${what} [{bar}] {value}/{total} ${unit} · {duration_formatted} · reste {eta_formatted}`, noTTYOutput: true, notTTYSchedule: 5_000, hideCursor: true, emptyOnZero: true, stream: process.stderr },
    Presets.shades_classic,
  ); // prettier-ignore

/** Shows how far `work` has come, and leaves nothing moving behind it. */
export async function withProgress<T>(
  what: string,
  unit: string,
  work: (progress: (done: number, total: number) => void) => Promise<T>,
): Promise<T> {
  const bar = progressBar(what, unit);
  bar.start(0, 0);
  try {
    return await work((done, total) => {
      bar.setTotal(total);
      bar.update(done);
    });
  } finally {
    bar.stop();
  }
}
