import { type INestApplication, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import helmet from 'helmet';
import { type TokenVerifier } from '../../../libs/access/authentication/token-verifier.js';
import { Parts } from '../../../libs/application/parts.js';
import { ApiModule, type ApiModuleParts } from './api.module.js';
import { BearerGuard } from './auth/bearer.guard.js';
import { demoNow } from './demo/demo-now.js';
import { jsonBody } from './http/json-body.js';
import { endedWithAnswer, letImportsLast } from './http/lifetimes.js';
import { type AccessLine, measured } from './http/measured.js';
import { serveOpenApi } from './openapi/document.js';
import { ProblemFilter } from './problems/problem.filter.js';

export interface ApiParts extends ApiModuleParts {
  readonly verifier: TokenVerifier;
  readonly logger: LoggerService;
  readonly access: AccessLine;
}

const headers = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    // Swagger UI brings its styles in the page and its icons as data.
    directives: {
      defaultSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      objectSrc: ["'none'"],
      baseUri: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
});

/**
 * The API, built and not yet listening. `close()` stops accepting, ends the open streams and lets requests finish; what they need
 * (a database pool) must be closed later than that, in `onApplicationShutdown`.
 */
export async function createApi({ verifier, logger, access, ...parts }: ApiParts): Promise<INestApplication> {
  const app = await NestFactory.create<NestExpressApplication>(ApiModule.with(parts), {
    logger,
    bodyParser: false,
    abortOnError: false,
  });
  // Tags come from what the caller may see, never from bytes.
  app.set('etag', false);
  letImportsLast(app.getHttpServer());
  app.use(measured(access), headers, endedWithAnswer, jsonBody, demoNow(parts.localIssuer !== undefined));
  const { followed, ids } = app.get(Parts, { strict: false });
  app.useGlobalGuards(new BearerGuard(verifier, followed, ids));
  app.useGlobalFilters(new ProblemFilter(logger));
  serveOpenApi(app);
  return app;
}
