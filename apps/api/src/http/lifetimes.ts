import { type Server } from 'node:http';
import { type RequestHandler } from 'express';

/** Milliseconds that a client gets to read an answer that came before it had sent everything. */
const LINGER = 2_000;

/** Node's limit on the duration of a request can't tell an import from others: the reader of bodies has its own. That on headers stays. */
export function letImportsLast(server: Server): void {
  server.requestTimeout = 0;
}

/** What a client goes on sending after its answer is not awaited for long. */
export const endedWithAnswer: RequestHandler = (request, response, next) => {
  response.once('finish', () => {
    if (!request.complete) setTimeout(() => request.complete || request.socket.destroySoon(), LINGER).unref();
  });
  next();
};

/** Passes over the rest of a body, so that its sender comes to reading the answer; for so long at most. */
export async function passOver(rest: AsyncIterator<unknown>): Promise<void> {
  let over = false;
  const timer = new Promise<void>((resolve) => setTimeout(resolve, LINGER).unref()).then(() => (over = true));
  const ended = async (): Promise<void> => {
    while (!over && !(await rest.next()).done);
  };
  await Promise.race([ended(), timer]).catch(() => undefined);
}
