import { metrics } from '@opentelemetry/api';
import { type RequestHandler } from 'express';
import { type LogFields } from '../../../../libs/platform/logger.js';
import { contextOf, within } from '../../../../libs/platform/request-context.js';

/** Told of each request once its answer has ended, or was cut. */
export type AccessLine = (line: LogFields) => void;

/**
 * Gives each request its id (that of the caller or its reverse proxy where it sends one), which its answer and all its log lines carry, and
 * tells how long its answer took, by route: never by address, which names cases.
 */
export function measured(access: AccessLine): RequestHandler {
  const duration = metrics.getMeter('fil-rouge').createHistogram('http.server.request.duration', {
    unit: 's',
    description: 'From the request to the end of its answer, by route.',
    advice: { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] },
  });
  return (request, response, next) => {
    const begun = performance.now();
    const context = contextOf({ requestId: request.get('X-Request-Id'), traceparent: request.get('traceparent') });
    response.set('X-Request-Id', context.requestId);
    response.once('close', () => {
      const { path: route } = (request.route ?? {}) as { path?: string };
      const { method } = request;
      const milliseconds = performance.now() - begun;
      // 499 as reverse proxies write it: nobody was there any more to be answered.
      const status = response.writableFinished || response.headersSent ? response.statusCode : 499;
      access({ ...context, method, status, durationMs: Math.round(milliseconds), ...(route !== undefined && { route }) });
      // Streams last as long as their clients.
      if (String(response.getHeader('Content-Type')).startsWith('text/event-stream')) return;
      duration.record(milliseconds / 1000, {
        'http.request.method': method,
        'http.response.status_code': status,
        ...(route !== undefined && { 'http.route': route }),
      });
    });
    within(context, next);
  };
}
