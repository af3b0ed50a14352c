import { metrics } from '@opentelemetry/api';
import { type RequestHandler } from 'express';

/** How long answers take, by route: never by address, which names cases. Streams, which last as long as their clients, are left out. */
export function measured(): RequestHandler {
  const duration = metrics.getMeter('fil-rouge').createHistogram('http.server.request.duration', {
    unit: 's',
    description: 'From the request to the end of its answer, by route.',
    advice: { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] },
  });
  return (request, response, next) => {
    const begun = performance.now();
    response.once('close', () => {
      if (String(response.getHeader('Content-Type')).startsWith('text/event-stream')) return;
      const route = request.route as { path: string } | undefined;
      duration.record((performance.now() - begun) / 1000, {
        'http.request.method': request.method,
        'http.response.status_code': response.statusCode,
        ...(route && { 'http.route': route.path }),
      });
    });
    next();
  };
}
