import { type IncomingMessage, type Server } from 'node:http';
import { type RequestHandler } from 'express';
import { STREAMED } from './json-body.js';

/** Milliseconds for a whole request to come: what Node itself gives, but on all routes alike. */
const WHOLE = 300_000;
/** Milliseconds that a client gets to read an answer that came before it had sent everything. */
const LINGER = 2_000;
const LATE = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n';

/** Node's limit on the duration of a request can't tell an import from others: `withinTime` does. That on its headers stays. */
export function letImportsLast(server: Server): void {
  server.requestTimeout = 0;
}

/** A body comes within five minutes, except where it is streamed; what nobody reads any more is not awaited. */
export const withinTime: RequestHandler = (request, response, next) => {
  if (request.complete) return next();
  const late = request.path.startsWith(STREAMED)
    ? undefined
    : setTimeout(() => cut(request, response.headersSent ? '' : LATE), WHOLE).unref();
  request.once('end', () => clearTimeout(late));
  response.once('close', () => clearTimeout(late));
  response.once('finish', () => {
    if (!request.complete) setTimeout(() => cut(request), LINGER).unref();
  });
  next();
};

function cut(request: IncomingMessage, lastWords = ''): void {
  if (request.complete) return;
  request.socket.write(lastWords);
  request.socket.destroySoon();
}

/** Passes over the rest of a body, so that its sender comes to reading the answer; for so long at most. */
export async function passOver(rest: AsyncIterator<unknown>): Promise<void> {
  let over = false;
  const timer = new Promise<void>((resolve) => setTimeout(resolve, LINGER).unref()).then(() => (over = true));
  const ended = async (): Promise<void> => {
    while (!over && !(await rest.next()).done);
  };
  await Promise.race([ended(), timer]).catch(() => undefined);
}
