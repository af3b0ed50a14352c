import { type INestApplication } from '@nestjs/common';
import { type ExpressAdapter } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { type Response } from 'express';
import { generatedOnce } from '../http/generated-once.js';

/** The contract of the API, OpenAPI 3.1, made from the same declarations that check the requests. */
export const openApiOf = (app: INestApplication): OpenAPIObject =>
  SwaggerModule.createDocument(
    app,
    new DocumentBuilder()
      .setOpenAPIVersion('3.1.0')
      .setTitle('Fil rouge')
      .setDescription(
        'Coordination de la prévention de la désinsertion professionnelle : ni doublon, ni trou dans la raquette.\n\n' +
          'Chaque acte est une adresse. / Every act has an address.',
      )
      .setVersion('1')
      .setLicense('EUPL-1.2', 'https://eupl.eu/1.2/fr/')
      .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
      .addSecurityRequirements('bearer')
      .build(),
    { autoTagControllers: false },
  );

/** Swagger UI's page says neither of these: on a telephone it would be drawn as wide as a desk. */
const PAGE = `document.documentElement.lang = 'fr';
document.head.insertAdjacentHTML('beforeend', '<meta name="viewport" content="width=device-width, initial-scale=1">');`;

/** `/openapi.json`, and `/docs` with its assets served from here: no script stands in a page, the policy on content forbids it. */
export function serveOpenApi(app: INestApplication): void {
  for (const path of ['/openapi.json', '/docs/swagger-ui-init.js']) app.use(path, generatedOnce());
  (app.getHttpAdapter() as ExpressAdapter).get('/docs/page.js', (_: unknown, response: Response) => {
    response.type('js').send(PAGE);
  });
  SwaggerModule.setup('docs', app, () => openApiOf(app), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Fil rouge : documentation de l’API',
    customJs: '/docs/page.js',
    // A table of contents by chapter, rather than a hundred acts in a row.
    swaggerOptions: { docExpansion: 'none' },
  });
}
