import { code, ref } from '../../kernel/fields.js';
import { forbidden, impossible } from '../../kernel/errors.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { AUDIENCES } from '../codes.js';
import { AGAIN } from '../same-day.js';

/** That it was suggested, and to whom. Whether anybody went there is theirs: no act, field or address says so, and no rule asks. */
export const ResourceSuggested = act({
  type: 'ResourceSuggested',
  command: 'suggest-resource',
  label: t('Ressource suggérée', 'Resource suggested'),
  source: 'convention (D)',
  zone: 'social',
  rank: 55,
  by: CASE_WORKERS,
  fields: {
    resourceId: ref('resource', t('ressource de l’annuaire', 'resource of the directory')),
    audience: code('social', t('à qui', 'to whom'), AUDIENCES),
    again: AGAIN,
  },
  check: ({ data, ctx }) => {
    const resource = ctx.directory.resource(data.resourceId);
    if (!resource) return [impossible('resource.unknown', t('Cette ressource n’est pas à l’annuaire.', 'That resource is not in the directory.'))]; // prettier-ignore
    return [
      ...(resource.retired ? [forbidden('resource.retired', 'convention (D)', t('Cette ressource a été retirée de l’annuaire.', 'That resource was retired from the directory.'), ['social'])] : []),
      ...(resource.audiences.includes(data.audience) ? [] : [forbidden('resource.otherAudience', 'convention (D)', t('Cette ressource s’adresse à d’autres.', 'That resource is for others.'), ['social'])]),
    ]; // prettier-ignore
  },
  once: { what: 'resource', alike: ({ resourceId, audience }) => [resourceId, audience] },
  apply(draft, { id, type, on, by }) {
    draft.notes.push({ eventId: id, type, on, by });
  },
});
