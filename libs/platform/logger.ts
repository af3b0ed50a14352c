import { type LoggerService } from '@nestjs/common';
import { type Config } from './config.js';
import { currentRequest } from './request-context.js';

/** What a line may carry besides its message. A closed list of technical facts: no body, no name, nothing about a person. */
export interface LogFields {
  readonly context?: string;
  readonly requestId?: string;
  readonly traceId?: string;
  readonly method?: string;
  /** The pattern, `/cases/:id`; never the address asked. */
  readonly route?: string;
  readonly status?: number;
  readonly durationMs?: number;
  readonly code?: string;
  readonly stream?: string;
  readonly position?: string;
  readonly count?: number;
  readonly attempt?: number;
  readonly port?: number;
  readonly pid?: number;
  readonly version?: string;
}
const allowed: ReadonlySet<string> = new Set<keyof LogFields>([
  'context',
  'requestId',
  'traceId',
  'method',
  'route',
  'status',
  'durationMs',
  'code',
  'stream',
  'position',
  'count',
  'attempt',
  'port',
  'pid',
  'version',
]);

type Level = Config['logLevel'];
const severity: Record<Level, number> = { error: 0, warn: 1, info: 2, debug: 3 };

/** PostgreSQL's data exceptions (SQLSTATE 22…, 23…) and JSON syntax errors quote the offending value, which may be personal. */
const quotesData = (error: Error): boolean =>
  error instanceof SyntaxError || ('code' in error && typeof error.code === 'string' && /^2[23][0-9A-Z]{3}$/.test(error.code));

const describe = (error: Error): { message: string; code?: string; stack?: string } => {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    message: quotesData(error) ? `${error.name} (message withheld: it may quote data)` : `${error.name}: ${error.message}`,
    ...(code && { code }),
    ...(frames?.length && { stack: frames.join('\n') }),
  };
};

const text = (message: unknown): { message: string; code?: string; stack?: string } => {
  if (message instanceof Error) return describe(message);
  if (typeof message === 'object' && message !== null) return { message: `[${message.constructor?.name ?? 'object'} withheld]` };
  return { message: String(message) };
};

/**
 * Structured logs: one JSON object a line, or plain lines for a person at a terminal. Serves as Nest's logger too, which
 * passes the context as the last string, and for errors the stack before it.
 */
export class Logger implements LoggerService {
  constructor(
    private readonly level: Level = 'info',
    private readonly write: (line: string) => void = (line) => process.stdout.write(line),
    private readonly human: boolean = process.stdout.isTTY === true,
    private readonly now: () => Date = () => new Date(),
  ) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.emit('info', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.emit('warn', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.emit('error', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.emit('error', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.emit('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.emit('debug', message, rest);
  }

  private emit(level: Level, message: unknown, rest: unknown[]): void {
    if (severity[level] > severity[this.level]) return;
    const line: Record<string, unknown> = { ...text(message), ...currentRequest() };
    const strings = rest.filter((part) => typeof part === 'string');
    for (const part of rest) {
      if (part instanceof Error) {
        const { message: cause, ...details } = describe(part);
        Object.assign(line, { cause }, details);
      } else if (typeof part === 'object' && part !== null) {
        for (const [key, value] of Object.entries(part)) if (allowed.has(key)) line[key] = value;
      }
    }
    const context = strings.at(-1);
    if (context !== undefined && !context.includes('\n')) line['context'] = context;
    const stack = strings.find((part) => part.includes('\n'));
    if (stack !== undefined)
      line['stack'] = stack
        .split('\n')
        .filter((frame) => /^\s+at /.test(frame))
        .join('\n');
    this.write(this.human ? forPeople(level, line) : `${JSON.stringify({ at: this.now().toISOString(), level, ...line })}\n`);
  }
}

const forPeople = (level: Level, { message, context, stack, ...fields }: Record<string, unknown>): string => {
  const details = Object.entries(fields).map(([key, value]) => `${key}=${String(value)}`);
  const head = [level === 'info' ? '' : level.toUpperCase(), context ? `[${String(context)}]` : '', String(message), ...details];
  return `${head.filter(Boolean).join(' ')}\n${stack ? `${String(stack)}\n` : ''}`;
};
