import { type Text, t } from '../../domain/kernel/text.js';

/** Why an import ends before its file does. */
export const INTERRUPTIONS = {
  stopping: t(
    'Le service s’arrête. Renvoyer le même fichier : ce qui est pris ne l’est pas deux fois.',
    'The service is stopping. Send the same file again: what was taken is not taken twice.',
  ),
  idle: t(
    'Rien n’est plus venu, et le fichier n’est pas fini. Renvoyer le même fichier : ce qui est pris ne l’est pas deux fois.',
    'Nothing came any more, and the file is not at its end. Send the same file again: what was taken is not taken twice.',
  ),
} as const satisfies Record<string, Text>;
export type Interruption = keyof typeof INTERRUPTIONS;

/** The import ends here, by no fault of the file. */
export class Interrupted extends Error {
  constructor(readonly reason: Interruption) {
    super(INTERRUPTIONS[reason].en);
  }
}

interface Heeded {
  readonly stop: AbortSignal | undefined;
  /** Milliseconds. */
  readonly patience: number | undefined;
}
/**
 * What comes from the source, until told to stop, or until nothing has come for that long while it was waited for. Leaves the source open.
 * @throws Interrupted
 */
export async function* heeding<T>(source: AsyncIterable<T>, heeded: Heeded): AsyncGenerator<T> {
  const items = source[Symbol.asyncIterator]();
  for (;;) {
    const { value, done } = await unlessInterrupted(items.next(), heeded);
    if (done) return;
    yield value;
  }
}

async function unlessInterrupted<T>(next: Promise<T>, { stop, patience }: Heeded): Promise<T> {
  let interrupt = (_reason: Interruption): void => undefined;
  const interrupted = new Promise<never>((_, reject) => (interrupt = (reason) => reject(new Interrupted(reason))));
  const onStop = (): void => interrupt('stopping');
  const timer = patience === undefined ? undefined : setTimeout(() => interrupt('idle'), patience);
  stop?.addEventListener('abort', onStop);
  if (stop?.aborted) onStop();
  try {
    return await Promise.race([next, interrupted]);
  } finally {
    clearTimeout(timer);
    stop?.removeEventListener('abort', onStop);
  }
}
