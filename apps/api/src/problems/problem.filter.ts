import { type ArgumentsHost, Catch, type ExceptionFilter, type LoggerService } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { PROBLEMS } from './catalogue.js';
import { languageOf } from './language.js';
import { problemOf } from './problem-of.js';

/** Every error leaves as `application/problem+json` (RFC 9457), in the caller's language. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: LoggerService) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const { code, details } = problemOf(error, request);
    const { status, title, detail } = PROBLEMS[code];
    if (status >= 500) {
      const route = (request.route as { path?: string } | undefined)?.path;
      this.logger.error(error, { method: request.method, status, ...(route !== undefined && { route }) });
    }
    // An answer that has begun can't become another one: cut it, so that nobody takes it for whole.
    if (response.headersSent) return void response.destroy();

    const language = languageOf(request);
    // No `instance`: it would be the only byte that differs between a case that is hidden and one that does not exist.
    response
      .status(status)
      .set({ ...details.headers, 'Content-Language': language, 'Cache-Control': 'no-store' })
      .vary('Accept-Language')
      .type('application/problem+json')
      .json({
        type: `urn:fil-rouge:problem:${code}`,
        title: title[language],
        status,
        detail: (details.detail ?? detail)[language],
        ...(details.errors && { errors: details.errors.map((fault) => ({ ...fault, detail: fault.detail[language] })) }),
        ...(details.rules && {
          rules: details.rules.map(({ code: rule, article, message }) => ({ code: rule, article, detail: message[language] })),
        }),
      });
  }
}
