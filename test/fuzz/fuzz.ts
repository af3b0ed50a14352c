import { request } from 'node:http';
import fc from 'fast-check';
import { type Asked, bodyOf, type Mutation, requests } from './mutations.js';
import { type OpenApi, type Operation, operationsOf } from './operations.js';

export interface Target {
  /** `http://127.0.0.1:3000` */
  readonly base: string;
  /** Tokens of some callers, and one that is none. */
  readonly tokens: readonly string[];
  readonly document: OpenApi;
}
export interface Failure {
  readonly status: number | string;
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly answer: string;
}
export interface Outcome {
  readonly requests: number;
  readonly byStatus: Readonly<Record<string, number>>;
  /** Operations that took one request at least. */
  readonly taken: number;
  readonly operations: number;
  readonly failures: readonly Failure[];
}
/** Requests under way at once. */
const AT_ONCE = 8;
/** Made at once: each is small, all of them are not. */
const BATCH = 500;
const PATIENCE_MS = 20_000;

/**
 * Sends requests that are nearly right. An answer of 500 and more, or none, is a failure.
 * @param seed the same seed, the same requests
 */
export async function fuzz(
  { base, tokens, document }: Target,
  count: number,
  seed: number,
  progress: (done: number) => void = () => undefined,
): Promise<Outcome> {
  const operations = operationsOf(document);
  const byStatus: Record<string, number> = {};
  const taken = new Set<Operation>();
  const failures: Failure[] = [];
  /** Identifiers that answers told: what is sent is about something. */
  const known: string[] = [];
  let done = 0;
  const ask = async (asked: Asked): Promise<void> => {
    const operation = operations[asked.operation % operations.length]!;
    const sent = requestOf(operation, asked, known, tokens);
    const { status, text } = await send(base, sent);
    byStatus[status] = (byStatus[status] ?? 0) + 1;
    if (typeof status === 'number' && status < 300) {
      taken.add(operation);
      const ids = text.match(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g) ?? [];
      known.push(...ids.slice(0, 3));
      if (known.length > 300) known.splice(0, known.length - 300);
    }
    if (typeof status !== 'number' || status >= 500)
      failures.push({ status, method: sent.method, path: sent.path, body: (sent.body ?? '').toString().slice(0, 500), answer: text.slice(0, 300) }); // prettier-ignore
    progress(++done);
  };
  for (let begun = 0; begun < count; begun += BATCH) {
    const batch = fc.sample(requests, { numRuns: Math.min(BATCH, count - begun), seed: seed + begun });
    const worker = async (): Promise<void> => {
      for (let next = batch.pop(); next; next = batch.pop()) await ask(next);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }
  return { requests: done, byStatus, taken: taken.size, operations: operations.length, failures };
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer | undefined;
}
/** The last word of a kind that sets one header, or the path. */
const last = (
  mutations: readonly Mutation[],
  kind: 'type' | 'key' | 'match' | 'language' | 'encoding' | 'path',
): { value: string } | undefined => mutations.findLast((m): m is Extract<Mutation, { value: string }> => m.kind === kind);

function requestOf(
  operation: Operation,
  { who, known: n, mutations }: Asked,
  known: readonly string[],
  tokens: readonly string[],
): Sent {
  const id = (i: number): string => known[(n + i) % Math.max(1, known.length)] ?? '5f1a4a53-2e9c-5b0e-9d5b-0c6f2f6f6a11';
  const odd = last(mutations, 'path')?.value;
  let i = 0;
  const path = operation.path.replace(/\{[^}]+\}/g, () => encodeURIComponent(odd === undefined ? id(i++) : odd.toWellFormed()));
  const query = mutations.flatMap((m) => {
    if (m.kind !== 'query') return [];
    const names = [...operation.query, 'after', 'constructor', 'x'];
    return [`${names[m.at % names.length]!}=${encodeURIComponent(m.value.toWellFormed())}`];
  });
  const body = bodyOf(withIds(operation.body, id), mutations);
  const headers: Record<string, string> = {
    authorization: `Bearer ${tokens[who % tokens.length]!}`,
    'idempotency-key': last(mutations, 'key')?.value ?? `k${who}-${n}`,
    'if-match': last(mutations, 'match')?.value ?? '*',
    'accept-language': last(mutations, 'language')?.value ?? 'fr',
    ...(body && { 'content-type': last(mutations, 'type')?.value ?? operation.type, 'content-length': String(body.length) }),
    ...(last(mutations, 'encoding') && { 'content-encoding': last(mutations, 'encoding')!.value }),
  };
  return { method: operation.method, path: query.length > 0 ? `${path}?${query.join('&')}` : path, headers, body };
}
/** Each identifier of the example stands for one that was told. */
const withIds = (example: unknown, id: (i: number) => string): unknown => {
  let i = 0;
  return example === undefined || typeof example === 'string'
    ? example
    : (JSON.parse(
        JSON.stringify(example).replace(/"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"/g, () => `"${id(i++)}"`),
      ) as unknown);
};

/** @returns what went wrong, instead of a status, where there was no answer */
function send(base: string, { method, path, headers, body }: Sent): Promise<{ status: number | string; text: string }> {
  return new Promise((resolve) => {
    const fail = (error: Error): void => resolve({ status: error.message, text: '' });
    let call: ReturnType<typeof request>;
    try {
      call = request(base + path, { method, headers, signal: AbortSignal.timeout(PATIENCE_MS) }, (answer) => {
        let text = '';
        const end = (): void => resolve({ status: answer.statusCode!, text });
        // It never ends by itself.
        if (/event-stream/.test(answer.headers['content-type'] ?? '')) return void (end(), answer.destroy());
        answer.setEncoding('utf8').on('data', (part: string) => (text += text.length < 20_000 ? part : '')).on('end', end).on('error', end); // prettier-ignore
      });
    } catch (error) {
      // A header that Node itself does not send.
      if ((error as NodeJS.ErrnoException).code === 'ERR_INVALID_CHAR') return resolve({ status: 0, text: '' });
      throw error;
    }
    call.on('error', fail).end(body);
  });
}
