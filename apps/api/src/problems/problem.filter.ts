import { type ArgumentsHost, Catch, type ExceptionFilter, type LoggerService } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { PROBLEMS } from './catalogue.js';
import { languageOf } from './language.js';
import { problemBody } from './problem-body.js';
import { problemOf } from './problem-of.js';

/** Every error leaves as `application/problem+json` (RFC 9457), in the caller's language. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: LoggerService) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const problem = problemOf(error, request);
    const { status } = PROBLEMS[problem.code];
    if (status >= 500) {
      const route = (request.route as { path?: string } | undefined)?.path;
      this.logger.error(error, { method: request.method, status, ...(route !== undefined && { route }) });
    }
    // An answer that has begun can't become another one: cut it, so that nobody takes it for whole.
    if (response.headersSent) return void response.destroy();

    const language = languageOf(request);
    response
      .status(status)
      .set({ ...problem.details.headers, 'Content-Language': language, 'Cache-Control': 'no-store' })
      .vary('Accept-Language')
      .type('application/problem+json')
      .json(problemBody(problem, language));
  }
}
