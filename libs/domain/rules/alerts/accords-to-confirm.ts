import { isGiven, isSelfTold, overseerOf, zonesToVouchFor } from '../../case/accord.js';
import { type CaseView, type Consent } from '../../case/view.js';
import { boundBy } from '../../confidentiality/secrecy.js';
import { earliest } from '../../kernel/local-date.js';
import { t } from '../../kernel/text.js';
import { alert, type Found, type Owner } from '../rule.js';

/** Who looks after it, as long as nothing stands behind it, and whoever told what it would open and may confirm it. */
function concerned(v: CaseView, c: Consent): Owner[] {
  const overseer = c.confirmations.length === 0 ? overseerOf(v, c) : undefined;
  const sources = v.tellers.filter(
    (teller) => boundBy(teller.role, c.from) !== undefined && zonesToVouchFor(v, c, teller).length > 0,
  );
  const alsoSource = sources.some((s) => s.organisation === overseer?.organisation && s.role === overseer.role);
  return [...(overseer && !alsoSource ? [overseer] : []), ...sources];
}

/** Accords that an organisation told for itself, and that nobody stands behind yet: one line for each who is concerned, however many. */
export const accordsToConfirm = alert({
  code: 'accords-to-confirm',
  label: t(
    'Accords dits par celui à qui ils ouvrent, à confirmer ou à contester',
    'Consents told by the one that they open to, to confirm or to dispute',
  ),
  whose: t(
    'le partenaire qui répond du dossier, et qui a dit ce que l’accord ouvrirait',
    'the accountable partner, and whoever told what the consent would open',
  ),
  article: 'L.1110-4 CSP, L.411-3 CASF, art. 7(1) RGPD',
  zone: 'coordination',
  find: (v) => {
    const lines = new Map<string, Found & { readonly count: number }>();
    for (const c of v.consents.filter((accord) => isSelfTold(accord) && isGiven(accord)))
      for (const owner of concerned(v, c)) {
        const key = `${owner.organisation} ${owner.role}`;
        const line = lines.get(key);
        const since = earliest(line?.since, c.from) ?? c.from;
        lines.set(key, { subject: v.caseId, owner, since, count: (line?.count ?? 0) + 1 });
      }
    return [...lines.values()];
  },
});
