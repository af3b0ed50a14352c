import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import express from 'express';
import { jsonBody } from './json-body.js';
import { endedWithAnswer, letImportsLast, passOver } from './lifetimes.js';

const app = express().use(endedWithAnswer);
app.post('/refused', (_, response) => void response.status(401).end());
app.use(jsonBody);
app.post('/{*rest}', async (request, response) => {
  for await (const _ of request);
  response.end('whole');
});
app.use((error: Error, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
  response.status(408).end(error.message);
});
const server = createServer(app);
letImportsLast(server);
const sockets: Socket[] = [];
beforeAll(async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
  jest.useRealTimers();
  sockets.forEach((socket) => socket.destroy());
  server.close();
});

/** Half of a request, which the server has come to know. */
async function half(path: string): Promise<{ socket: Socket; heard: () => string; closed: Promise<unknown> }> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  sockets.push(socket);
  let heard = '';
  socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
  const closed = once(socket, 'close');
  const known = once(server, 'request');
  socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 6\r\n\r\nabc`);
  await known;
  return { socket, heard: () => heard, closed };
}

it('a body has half a minute to come, an import as long as it needs', async () => {
  expect([server.requestTimeout, server.headersTimeout]).toEqual([0, 60_000]);
  const slow = await half('/v1/cases');
  const lasting = await half('/v1/imports/sick-leave-transmissions');
  jest.advanceTimersByTime(29_000);
  expect(slow.socket.destroyed).toBe(false);
  jest.advanceTimersByTime(2_000);
  while (!slow.heard().includes('request-timeout')) await new Promise(setImmediate);
  jest.advanceTimersByTime(2_100);
  await slow.closed;
  jest.advanceTimersByTime(3_600_000);
  lasting.socket.write('def');
  while (!lasting.heard().includes('whole')) await new Promise(setImmediate);
});

it('what a client goes on sending after its answer is not awaited for long', async () => {
  const refused = await half('/refused');
  while (!refused.heard().includes('401')) await new Promise(setImmediate);
  expect(refused.socket.destroyed).toBe(false);
  jest.advanceTimersByTime(2_100);
  await refused.closed;
});

it('the rest of a body is passed over until its end, or for a while', async () => {
  const left = [1, 2, 3];
  await passOver({
    next: () => Promise.resolve(left.length > 0 ? { value: left.shift(), done: false } : { value: 0, done: true }),
  });
  expect(left).toEqual([]);
  const never = passOver({ next: () => new Promise(() => undefined) });
  jest.advanceTimersByTime(2_100);
  await never;
});
