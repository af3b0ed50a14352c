import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { type RecordedEvent } from '../domain/case/event.js';
import { type LocalDate, type Instant } from '../domain/kernel/local-date.js';
import { eventFrame, HEARTBEAT, positionFrame, resyncFrame, retryFrame } from './frames.js';

/** As the stock client reads it. */
const read = (text: string) => {
  const events: EventSourceMessage[] = [];
  const others: unknown[] = [];
  createParser({ onEvent: (e) => events.push(e), onRetry: (ms) => others.push(ms), onComment: (c) => others.push(c), onError: (e) => others.push(e) }).feed(text); // prettier-ignore
  return { events, others };
};
const event: RecordedEvent = {
  id: '0b7f2a3e-0000-5000-8000-000000000001',
  type: 'InterviewHeld',
  schemaVersion: 1,
  data: { mode: 'visu', note: 'deux\nlignes\r\net « des » guillemets' },
  personId: 'person-hidden',
  actor: { organisation: 'carsat-bfc', role: 'AS', person: 'p-1' },
  recordedBy: null,
  evidence: null,
  occurredOn: '2026-03-10' as LocalDate,
  recordedAt: '2026-03-10T10:00:00.000Z' as Instant,
  commandId: 'command-hidden',
  causationId: 'cause-hidden',
  correlationId: 'correlation-hidden',
  source: 'api',
  legalBasis: null,
  consentId: null,
  irregularities: [{ code: 'fact.recordedLate', article: 'convention (D)', zones: ['social'] }],
  corrects: null,
  stream: 'case-1',
  revision: 4711,
  position: 'position-hidden',
  erased: false,
};

describe('the frames of the stream', () => {
  it('carry an event whole, whatever its text holds', () => {
    const { events, others } = read(eventFrame('cursor', 'case-1', event));
    expect(others).toEqual([]);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ id: 'cursor' });
    expect(JSON.parse(events[0]!.data)).toEqual({
      caseId: 'case-1',
      id: event.id,
      type: 'InterviewHeld',
      occurredOn: '2026-03-10',
      recordedAt: '2026-03-10T10:00:00.000Z',
      actor: event.actor,
      recordedBy: null,
      evidence: null,
      corrects: null,
      irregularities: [{ code: 'fact.recordedLate', article: 'convention (D)' }],
      erased: false,
      data: event.data,
    });
  });

  it('tell nothing that counts or links what the caller may not see', () =>
    expect(eventFrame('cursor', 'case-1', event)).not.toMatch(/hidden|4711|social/));

  it('move the position of a stock client, which forgets the id of a frame without data', () => {
    expect(read('id: a\n\n').events).toEqual([]);
    expect(read(positionFrame('a')).events).toEqual([{ id: 'a', event: 'position', data: '{}' }]);
    expect(read(resyncFrame('b')).events).toEqual([{ id: 'b', event: 'resync', data: '{}' }]);
  });

  it('dispatch nothing for a sign of life', () => {
    const { events, others } = read(retryFrame(3_000) + HEARTBEAT + HEARTBEAT);
    expect(events).toEqual([]);
    expect(others).toEqual([3_000, '', '']);
  });
});
