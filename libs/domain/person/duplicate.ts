import { declareEvent } from '../kernel/declared-event.js';
import { ref } from '../kernel/fields.js';
import { t } from '../kernel/text.js';

/** `duplicate-{id of the pair}`: two cases that look like one person's were found to be two persons'. */
export const DuplicateRefused = declareEvent('DuplicateRefused', {
  caseId: ref('case', t('un dossier', 'one case')),
  otherCaseId: ref('case', t('l’autre', 'the other')),
});
