import { Logger } from './logger.js';
import { contextOf, currentRequest, within } from './request-context.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const UUID = '5f1a4a53-2e9c-4b0e-9d5b-0c6f2f6f6a11';
it.each([
  [
    { requestId: UUID, traceparent: `00-${TRACE}-00f067aa0ba902b7-01` },
    { requestId: UUID, traceId: TRACE },
  ],
  [{ traceparent: `00-${TRACE}-00f067aa0ba902b7-01` }, { requestId: TRACE, traceId: TRACE }],
  [{ requestId: TRACE.toUpperCase() }, { requestId: TRACE.toUpperCase() }],
])('%j is taken over', (given, context) => expect(contextOf(given)).toEqual(context));
it.each([
  {},
  { requestId: '279053930000123' },
  { requestId: '0'.repeat(32) },
  { requestId: 'MARTIN Claire' },
  { requestId: `${UUID}\r\nx: y` },
  { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` },
  { traceparent: 'nonsense' },
])('of %j nothing is', (given) => {
  expect(contextOf(given)).toEqual({ requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
});
it('what is logged in a request says which, whatever it waits for', async () => {
  const lines: string[] = [];
  const logger = new Logger('info', (line) => lines.push(line), false);
  logger.log('outside');
  await within({ requestId: UUID, traceId: TRACE }, async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(currentRequest()).toEqual({ requestId: UUID, traceId: TRACE });
    logger.warn('inside');
  });
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { message: 'outside' },
    { message: 'inside', requestId: UUID, traceId: TRACE },
  ]);
  expect(lines[0]).not.toContain('requestId');
});
