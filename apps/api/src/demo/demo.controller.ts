import { Body, Controller, Get, Post, type Type } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type LocalIssuer } from '../../../../libs/access/authentication/local-issuer.js';
import { code, type DataOf, exampleOf, ref } from '../../../../libs/domain/kernel/fields.js';
import { ROLE_CODES } from '../../../../libs/domain/kernel/roles.js';
import { t } from '../../../../libs/domain/kernel/text.js';
import { Public } from '../auth/public.js';
import { opaquePerson } from '../dto/bodies.js';
import { classOf } from '../dto/class-of.js';
import { validated } from '../dto/validated.js';
import { Problems } from '../openapi/operations.js';

const TTL_SECONDS = 8 * 3600;
const WHO = {
  organisation: ref('organisation', t('organisation', 'organisation')),
  role: code('coordination', t('rôle', 'role'), ROLE_CODES, 'AS'),
  person: opaquePerson,
};
const TokenBody = classOf('DemoTokenBody', WHO);

/** Tokens for whoever asks. This controller exists in a demonstration only. */
export function demoController(issuer: LocalIssuer): Type {
  @Public()
  @ApiTags('Démonstration')
  @Controller('demo')
  class DemoController {
    @Post('token')
    @ApiOperation({
      operationId: 'demoToken',
      summary: 'Obtenir un jeton de démonstration / Get a demonstration token',
      security: [],
    })
    @ApiBody({ type: TokenBody, examples: { exemple: { value: exampleOf(WHO) } } })
    @Problems('invalid')
    async token(@Body(validated(TokenBody)) who: DataOf<typeof WHO>) {
      return { access_token: await issuer.issue({ ...who, ttl: TTL_SECONDS }), token_type: 'Bearer', expires_in: TTL_SECONDS };
    }

    @Get('jwks.json')
    @ApiOperation({ operationId: 'demoKeys', summary: 'Clés publiques de l’émetteur / Public keys of the issuer', security: [] })
    keys() {
      return issuer.jwks();
    }
  }
  return DemoController;
}
