import { Logger } from './logger.js';

const at = new Date('2026-11-22T08:00:00Z');
const lines = (human: boolean, use: (logger: Logger) => void, level: 'info' | 'error' = 'info'): string[] => {
  const written: string[] = [];
  use(
    new Logger(
      level,
      (line) => written.push(line),
      human,
      () => at,
    ),
  );
  return written;
};
const json = (use: (logger: Logger) => void): unknown[] => lines(false, use).map((line) => JSON.parse(line) as unknown);

describe('logger', () => {
  it('writes one JSON object a line', () => {
    expect(json((logger) => logger.log('answered', { route: '/cases/:id', status: 200, durationMs: 12 }))).toEqual([
      { at: '2026-11-22T08:00:00.000Z', level: 'info', message: 'answered', route: '/cases/:id', status: 200, durationMs: 12 },
    ]);
  });

  it('serves Nest, whose last string is the context', () => {
    expect(json((logger) => logger.log('Mapped {/cases, GET} route', 'RouterExplorer'))).toMatchObject([
      { context: 'RouterExplorer' },
    ]);
    const error = new Error('broken');
    expect(json((logger) => logger.error('broken', error.stack, 'ExceptionsHandler'))).toMatchObject([
      { level: 'error', message: 'broken', context: 'ExceptionsHandler', stack: expect.stringMatching(/^\s+at /) },
    ]);
  });

  it('keeps to its level', () => {
    const chatter = (logger: Logger): void => {
      logger.debug('a');
      logger.log('b');
      logger.warn('c');
      logger.error('d');
    };
    expect(lines(true, chatter)).toEqual(['b\n', 'WARN c\n', 'ERROR d\n']);
    expect(lines(true, chatter, 'error')).toEqual(['ERROR d\n']);
  });

  it('writes plain lines for a person', () => {
    expect(lines(true, (logger) => logger.warn('PostgreSQL is back', { port: 5432 }, 'platform'))).toEqual([
      'WARN [platform] PostgreSQL is back port=5432\n',
    ]);
  });

  it.each<[string, (logger: Logger) => void]>([
    ['a body given as the message', (logger) => logger.log({ name: 'Dupont' })],
    ['a body given as fields', (logger) => logger.log('received', { name: 'Dupont', body: { name: 'Dupont' } })],
    [
      'a data exception of PostgreSQL',
      (logger) => logger.error(Object.assign(new Error('invalid input syntax for type date: "Dupont"'), { code: '22007' })),
    ],
    [
      'a unique violation',
      (logger) =>
        logger.error('failed', Object.assign(new Error('x (Dupont)'), { code: '23505', detail: 'Key (name)=(Dupont)' })),
    ],
    [
      'a JSON syntax error',
      (logger) => {
        try {
          JSON.parse('{"name":"Dupont"');
        } catch (error) {
          logger.error(error);
        }
        try {
          JSON.parse('Dupont');
        } catch (error) {
          logger.error('malformed request', error);
        }
      },
    ],
  ])('does not write %s', (_, use) => {
    for (const human of [true, false]) {
      const written = lines(human, use);
      expect(written.length).toBeGreaterThan(0);
      expect(written.join('')).not.toContain('Dupont');
    }
  });

  it('still tells which error it was', () => {
    expect(
      json((logger) => logger.error('failed', Object.assign(new Error('no route to host'), { code: 'EHOSTUNREACH' }))),
    ).toMatchObject([
      {
        message: 'failed',
        cause: 'Error: no route to host',
        code: 'EHOSTUNREACH',
        stack: expect.stringContaining('logger.spec'),
      },
    ]);
  });
});
