import { Controller, Get } from '@nestjs/common';
import { Parts } from '../../../../libs/application/parts.js';
import { t } from '../../../../libs/domain/kernel/text.js';
import { Reads } from '../openapi/operations.js';

/** The organisations that a case may be sent to. No personal data; every caller may read it. */
@Controller('v1/organisations')
export class DirectoryController {
  constructor(private readonly parts: Parts) {}

  @Get()
  @Reads({
    operationId: 'listOrganisations',
    summary: t('Annuaire des organisations', 'Directory of organisations'),
    tag: 'Annuaire',
  })
  async list() {
    await this.parts.followed.catchUp();
    return { items: this.parts.followed.all() };
  }
}
