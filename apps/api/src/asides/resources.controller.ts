import { Controller, Get, Query } from '@nestjs/common';
import { Parts } from '../../../../libs/application/parts.js';
import { AUDIENCES, NEEDS } from '../../../../libs/domain/case/codes.js';
import { code, type DataOf, pattern } from '../../../../libs/domain/kernel/fields.js';
import { t } from '../../../../libs/domain/kernel/text.js';
import { validatedQuery } from '../dto/validated.js';
import { QueryOf, Reads } from '../openapi/operations.js';

const WANTED = {
  situation: code('coordination', t('situation', 'situation'), NEEDS).optional(),
  territory: pattern('coordination', t('département ou région', 'département or region'), /^[0-9A-Z]{2,5}$/, '39').optional(),
  audience: code('coordination', t('pour qui', 'for whom'), AUDIENCES).optional(),
};

/** Where a person, or those around them, may find help. No personal data; every caller may read it, and nothing is kept of who did. */
@Controller('v1/resources')
export class ResourcesController {
  constructor(private readonly parts: Parts) {}

  @Get()
  @Reads({
    operationId: 'listResources',
    summary: t('Ressources à suggérer, avec leurs fiches conseil', 'Resources to suggest, with their advice sheets'),
    tag: 'Annuaire',
    problems: ['invalid'],
  })
  @QueryOf(WANTED)
  async list(@Query(validatedQuery('ResourcesQuery', WANTED)) { situation, territory, audience }: DataOf<typeof WANTED>) {
    const { followed } = this.parts;
    await followed.catchUp();
    const regions = followed.all().flatMap((o) => (o.territory === territory && o.region !== undefined ? [o.region] : []));
    const fits = (values: readonly string[], wanted: string | undefined) => wanted === undefined || values.includes(wanted);
    return {
      items: followed
        .resources()
        .filter((r) => !r.retired && fits(r.situations, situation) && fits(r.audiences, audience))
        .filter((r) => r.territory === undefined || territory === undefined || [territory, ...regions].includes(r.territory))
        .map(({ retired: _, ...resource }) => resource)
        .sort((a, b) => a.name.localeCompare(b.name, 'fr')),
    };
  }
}
