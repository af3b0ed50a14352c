export type StopSignal = 'SIGINT' | 'SIGTERM';
/** npm passes on a Ctrl-C that the terminal has sent already: two within this time are one. */
const ONE_GESTURE_MS = 1_000;

/** Ctrl-C or a supervisor's stop, once; a second Ctrl-C ends the process without ceremony (the next start puts things in order). */
export function untilStopped(): { readonly signal: Promise<StopSignal>; readonly yet: boolean } {
  let asked: number | undefined;
  const signal = new Promise<StopSignal>((resolve) => {
    const stop = (name: StopSignal): void => {
      if (asked !== undefined && Date.now() - asked > ONE_GESTURE_MS) process.exit(130);
      asked ??= Date.now();
      resolve(name);
    };
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop(name));
  });
  return {
    signal,
    get yet() {
      return asked !== undefined;
    },
  };
}
