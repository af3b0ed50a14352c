/** npm passes on a Ctrl-C that the terminal has sent already: two within this time are one. */
const ONE_GESTURE_MS = 1_000;

/** Ctrl-C or a supervisor's stop, once; a second Ctrl-C ends the process without ceremony (the next start puts things in order). */
export function untilStopped(): { readonly signal: Promise<void>; readonly yet: boolean } {
  let asked: number | undefined;
  const signal = new Promise<void>((resolve) => {
    const stop = (): void => {
      if (asked !== undefined && Date.now() - asked > ONE_GESTURE_MS) process.exit(130);
      asked ??= Date.now();
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
  return {
    signal,
    get yet() {
      return asked !== undefined;
    },
  };
}
