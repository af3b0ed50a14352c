import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { parseTraceParent } from '@opentelemetry/core';

/** What log lines, answers and problems of one request have in common. */
export interface RequestContext {
  readonly requestId: string;
  /** Of the caller's own trace (W3C Trace Context), where it told one. */
  readonly traceId?: string;
}
const storage = new AsyncLocalStorage<RequestContext>();

/** A UUID, or 32 hexadecimal digits as reverse proxies make them: nothing that could be a number or name of somebody. */
const OURS = /^(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?=.*[a-f])[0-9a-f]{32})$/i;

export function contextOf(given: {
  readonly requestId?: string | undefined;
  readonly traceparent?: string | undefined;
}): RequestContext {
  const traceId = parseTraceParent(given.traceparent ?? '')?.traceId;
  const requestId = OURS.test(given.requestId ?? '') ? given.requestId! : (traceId ?? randomUUID());
  return { requestId, ...(traceId !== undefined && { traceId }) };
}
export const within = <T>(context: RequestContext, run: () => T): T => storage.run(context, run);
/** That of the request under way; undefined outside of one. */
export const currentRequest = (): RequestContext | undefined => storage.getStore();
