import { byProgram, ref } from '../kernel/fields.js';
import { t } from '../kernel/text.js';
import { type CaseView } from './view.js';

/**
 * Whatever is told of a file that claims the place of a health service names that service too: it is asked, and to whoever is named in a
 * fact that fact is told (ADR 0022). Without it a question that was settled would go on for it.
 */
export const formerSpst = byProgram(
  ref('organisation', t('SPST qui suivait la personne', 'service that followed the person')).optional(),
);

export function withFormerSpst<D extends { readonly fileId: string }>({ data }: { readonly data: D }, before: CaseView): D {
  const named = before.files.find((f) => f.fileId === data.fileId)?.formerSpst;
  return named === undefined ? data : { ...data, formerSpst: named };
}
