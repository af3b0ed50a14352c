import { Controller, Get } from '@nestjs/common';
import { Parts } from '../../../../libs/application/parts.js';
import { t } from '../../../../libs/domain/kernel/text.js';
import { DELAYS, inWords } from '../../../../libs/domain/rules/delays.js';
import { RULES } from '../../../../libs/domain/rules/index.js';
import { ACCOUNTABLE } from '../../../../libs/domain/rules/rule.js';
import { Reads } from '../openapi/operations.js';

/** The rules that bring up duties, opportunities, horizons and alerts, and every delay there ever was, with its days. No personal data. */
@Controller('v1/rules')
export class RulesController {
  constructor(private readonly parts: Parts) {}

  @Get()
  @Reads({
    operationId: 'listRules',
    summary: t(
      'Échéances, possibilités, horizons et alertes, et leurs délais',
      'Duties, opportunities, horizons and alerts, and their delays',
    ),
    tag: 'Annuaire',
  })
  async list() {
    await this.parts.followed.catchUp();
    return {
      rules: RULES.map((rule) => {
        const { code, nature, label, whose = ACCOUNTABLE, article, from, to } = rule;
        const duty = rule.nature === 'duty' ? { delay: rule.delay, grace: rule.grace, resolvedBy: rule.resolvedBy } : {};
        return { code, nature, label, whose, article, from, to, ...duty };
      }),
      delays: [...DELAYS, ...this.parts.followed.delays].map((delay) => ({ ...delay, inWords: inWords(delay) })),
    };
  }
}
