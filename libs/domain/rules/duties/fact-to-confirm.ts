import { maySee } from '../../confidentiality/redact.js';
import { t } from '../../kernel/text.js';
import { accountableIn, caisseOf, lastDayIn } from '../owners.js';
import { duty } from '../rule.js';

/**
 * A bystander told of what would end something that another partner owes: that goes on, and somebody says whether it is so (ADR 0023). The
 * accountable partner, the caisse, or whoever owes it, where its word counts: the first that may see both.
 */
export const factToConfirm = duty({
  code: 'fact-to-confirm',
  label: t('Fait dit par un tiers, qui mettrait fin à ce qu’un autre doit : à confirmer', 'A bystander told of what would end what another owes: to confirm'),
  whose: t('le partenaire qui répond du dossier ; à défaut la caisse, puis qui le doit', 'the accountable partner; else the fund, then whoever owes it'),
  article: 'convention (D)',
  zone: 'coordination',
  afterClosure: true,
  delay: 'fact.confirm',
  resolvedBy: ['confirm-fact', 'deny-fact'],
  find: (v, delays) =>
    v.unsettled.flatMap(({ eventId: subject, since, by, zone, words, keeps = [] }) => {
      const on = lastDayIn(v) ?? since;
      const owing = keeps.filter(({ organisation }) => words.includes(organisation));
      const owner = [accountableIn(v), caisseOf(v), ...owing].find((one) => {
        if (!one?.organisation || one.organisation === by.organisation) return false;
        const viewer = { organisation: one.organisation, role: one.role };
        return maySee(viewer, zone, v, false, on) && keeps.some((kept) => maySee(viewer, kept.zone, v, owing.includes(one as never), on));
      });
      return owner ? [{ subject, owner, zone, since, due: delays.dueBy('fact.confirm', since) }] : [];
    }),
}); // prettier-ignore
