import { type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { map, type Observable } from 'rxjs';
import { type Outcome } from '../../../../libs/application/messages.js';
import { type Answer } from '../../../../libs/read-models/queries/messages.js';

const httpOf = (context: ExecutionContext) => ({
  request: context.switchToHttp().getRequest<Request>(),
  response: context.switchToHttp().getResponse<Response>(),
});

/** Sends a query's answer: `ETag` (Express itself then answers 304 to `If-None-Match`) and `Link` to the next page (RFC 8288). */
export class SendAnswer implements NestInterceptor<Answer, unknown> {
  intercept(context: ExecutionContext, next: CallHandler<Answer>): Observable<unknown> {
    const { request, response } = httpOf(context);
    return next.handle().pipe(
      map(({ body, etag, next: cursor }) => {
        response.set('Cache-Control', 'private, no-cache').vary('Authorization');
        if (etag !== undefined) response.set('ETag', etag);
        if (cursor !== undefined) {
          const url = new URL(request.originalUrl, 'http://localhost');
          url.searchParams.set('cursor', cursor);
          response.links({ next: url.pathname + url.search });
        }
        return body;
      }),
    );
  }
}

/** Sends what an act recorded, with the `ETag` of the case as it is now. */
export class SendOutcome implements NestInterceptor<Outcome, Outcome> {
  intercept(context: ExecutionContext, next: CallHandler<Outcome>): Observable<Outcome> {
    const { response } = httpOf(context);
    return next.handle().pipe(
      map((outcome) => {
        response.set({ ETag: outcome.etag, Location: `/v1/cases/${outcome.caseId}`, 'Cache-Control': 'no-store' });
        return outcome;
      }),
    );
  }
}
