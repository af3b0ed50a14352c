import { code, codes, ref, ZONE_CODES } from '../../kernel/fields.js';
import { CASE_WORKERS, type Party } from '../../kernel/roles.js';
import { type Finding, forbidden, impossible } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { boundBy } from '../../confidentiality/secrecy.js';
import { mayBeOwnWord, overseerOf, zonesKnownTo } from '../accord.js';
import { act } from '../act.js';
import { type CaseView, type Consent, isLetIn } from '../view.js';

/** What stands behind an accord, or against it, after it was told of. The order of the log decides: a doubt, and then a new word. */

const consentId = ref('consent', t('accord', 'consent'));
interface About {
  readonly before: CaseView;
  readonly data: { readonly consentId: string };
}
const accordIn = ({ before, data }: About): Consent | undefined => before.consents.find((c) => c.id === data.consentId);
const unknown = (): Finding[] => [
  impossible('consent.unknown', t('Accord inconnu dans ce dossier.', 'No such consent in this case.')),
];
const over = (c: Consent): Finding[] =>
  c.withdrawnOn !== undefined || c.lapsedOn !== undefined
    ? [impossible('consent.notInForce', t('Cet accord est retiré ou expiré.', 'This consent is withdrawn or has run out.'))]
    : [];

/** The person says so herself: by a code that reached her and that she read back, or on a page that she signed. */
export const ConsentConfirmed = act({
  type: 'ConsentConfirmed',
  command: null,
  label: t('Accord confirmé par la personne', 'Consent confirmed by the person'),
  source: 'art. 7(1) RGPD, convention (D)',
  zone: 'coordination',
  nature: 'ask',
  afterEnd: true,
  by: ['ASSURE'],
  fields: { consentId, means: code('coordination', t('moyen', 'means'), ['code', 'page']) },
  check: (c) => {
    const accord = accordIn(c);
    return accord ? over(accord) : unknown();
  },
  apply(draft, fact) {
    const { data, on, by, revision } = fact;
    // An address that somebody told in a file of its own is no way to the person: she is asked again.
    if (data.consentId !== undefined && !isLetIn(draft, fact)) draft.accordMarks.push({ consentId: data.consentId, revision, on, by, kind: 'person', ...(data.means && { means: data.means }) }); // prettier-ignore
  },
});

/**
 * Whoever told the facts that it would open, and is bound by secrecy, lets them go: sharing them is the confirmation, and one key is
 * enough. For the zones of which it told, no others: nobody confirms what it does not know.
 */
export const ConsentVouchedFor = act({
  type: 'ConsentVouchedFor',
  command: 'confirm-consent',
  label: t('Accord confirmé par qui a dit les faits', 'Consent confirmed by whoever told the facts'),
  source: 'L.1110-4 CSP, L.411-3 CASF, L.161-29 CSS',
  zone: 'coordination',
  nature: 'ask',
  by: CASE_WORKERS,
  recorders: [],
  fields: {
    consentId,
    zones: codes('coordination', t('zones confirmées ; toutes celles que vous avez renseignées si absent', 'zones confirmed; all that you told of when left out'), ZONE_CODES, ['identity']).optional(),
  },
  complete: ({ data, actor }, before) => {
    const accord = accordIn({ before, data });
    return accord && data.zones === undefined ? { ...data, zones: zonesKnownTo(before, accord, actor) } : data;
  },
  check: (c) => {
    const accord = accordIn(c);
    if (!accord) return unknown();
    const { actor, before, data, occurredOn } = c;
    const known = zonesKnownTo(before, accord, actor);
    return [
      ...over(accord),
      ...(accord.toldBy.organisation === actor.organisation
        ? [impossible('consent.yourOwnWord', t('Votre organisation a dit cet accord : une autre le confirme, ou la personne.', 'Your organisation told of this consent: another one confirms it, or the person.'))]
        : []),
      ...(accord.disputedOn === undefined ? [] : [impossible('consent.disputed', t('Cet accord est contesté : seule la personne le confirme.', 'This consent is disputed: only the person confirms it.'))]),
      ...(known.length > 0 && (data.zones ?? []).every((zone) => known.includes(zone))
        ? []
        : [impossible('consent.notYoursToConfirm', t('Vous n’avez pas dit ce que cet accord ouvrirait : qui ne sait pas ne confirme pas.', 'You told nothing of what this consent would open: nobody confirms what it does not know.'), 'L.1110-4 CSP')]),
      ...(boundBy(actor.role, occurredOn) === undefined
        ? [forbidden('consent.notBound', 'L.1110-4 CSP, L.411-3 CASF', t('Ce rôle n’est pas tenu au secret professionnel.', 'This role is not bound by professional secrecy.'))]
        : []),
    ];
  },
  apply(draft, fact) {
    const { data, on, by, revision } = fact;
    if (data.consentId !== undefined && !isLetIn(draft, fact)) draft.accordMarks.push({ consentId: data.consentId, revision, on, by, kind: 'source', zones: data.zones ?? [] });
  },
}); // prettier-ignore

const overseenFindings = (c: About & { readonly actor: Party }): Finding[] => {
  const accord = accordIn(c);
  if (!accord) return unknown();
  const overseer = overseerOf(c.before, accord);
  return [
    ...(overseer?.organisation === c.actor.organisation
      ? []
      : [impossible('consent.notYoursToDispute', t('Revient au partenaire qui répond du dossier ; à la caisse quand l’accord est dit par lui.', 'Falls to the accountable partner; to the fund when that is the one who told of the consent.'))]),
  ];
}; // prettier-ignore

/** Whoever answers for the case doubts an accord that an organisation told for itself. The doubt is settled by asking the person again. */
export const ConsentDisputed = act({
  type: 'ConsentDisputed',
  command: 'dispute-consent',
  label: t('Accord contesté', 'Consent disputed'),
  source: 'L.1110-4 CSP, convention (D)',
  zone: 'coordination',
  nature: 'ask',
  afterEnd: true,
  by: CASE_WORKERS,
  recorders: [],
  fields: { consentId },
  check: (c) => {
    const accord = accordIn(c);
    return [
      ...(accord ? over(accord) : []),
      ...overseenFindings(c),
      ...(accord && !mayBeOwnWord(accord)
        ? [impossible('consent.notSelfTold', t('Cet accord n’est pas dit par celui à qui il ouvre.', 'This consent was not told by the one that it opens to.'))]
        : []),
      ...(accord?.disputedOn === undefined ? [] : [impossible('consent.disputed', t('Cet accord est déjà contesté.', 'This consent is disputed already.'))]),
    ];
  }, // prettier-ignore
  apply(draft, { data, on, by, revision }) {
    if (data.consentId !== undefined) draft.accordMarks.push({ consentId: data.consentId, revision, on, by, kind: 'disputed' });
  },
});

/** A form that was drawn for control: its recorder shows it, or can't. A form that nobody can show opens nothing any more. */
export const ConsentFormControlled = act({
  type: 'ConsentFormControlled',
  command: 'record-form-control',
  label: t('Contrôle d’un formulaire d’accord', 'Form of consent controlled'),
  source: 'art. 7(1) RGPD, convention (D)',
  zone: 'coordination',
  nature: 'ask',
  by: CASE_WORKERS,
  recorders: [],
  fields: {
    consentId,
    outcome: code('coordination', t('issue', 'outcome'), ['shown', 'missing']),
  },
  check: (c) => {
    const accord = accordIn(c);
    return [
      ...overseenFindings(c),
      ...(accord && (accord.formHash === undefined || accord.formControl !== undefined)
        ? [impossible('consent.noFormToControl', t('Cet accord n’a pas de formulaire à contrôler.', 'This consent has no form to control.'))]
        : []),
    ];
  }, // prettier-ignore
  apply(draft, { data, on, by, revision }) {
    if (data.consentId !== undefined && data.outcome !== undefined)
      draft.accordMarks.push({ consentId: data.consentId, revision, on, by, kind: data.outcome });
  },
});
