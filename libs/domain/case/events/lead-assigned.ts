import { opaque } from '../../kernel/fields.js';
import { impossible } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { LEADS } from '../handovers.js';
import { giveLead } from '../taking-part.js';

/** The caller's organisation takes the lead. One active lead: a second one comes by hand-over only. */
export const LeadAssigned = act({
  type: 'LeadAssigned',
  command: 'assign-lead',
  label: t('Référent désigné', 'Lead assigned'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'coordination',
  nature: 'ask',
  guarded: true,
  by: LEADS,
  fields: {
    person: opaque(
      'person',
      'coordination',
      t('identifiant opaque du professionnel, jamais son nom', 'opaque identifier of the professional, never a name'),
      /^[A-Za-z0-9._:@-]{1,80}$/,
      'as-4821',
    ).optional(),
  },
  available: (v) =>
    v.lead
      ? [
          impossible(
            'lead.active',
            t(
              'Le dossier a déjà un référent : passer par une transmission de relais.',
              'The case has a lead already: hand it over.',
            ),
          ),
        ]
      : [],
  check: ({ actor }) => [
    ...(actor.organisation ? [] : [impossible('lead.organisationMissing', t('Nommer l’organisation du référent.', 'Name the organisation that leads.'))]),
  ], // prettier-ignore
  apply(draft, fact) {
    const { data, on, by } = fact;
    if (by.organisation)
      giveLead(draft, { organisation: by.organisation, role: by.role, person: data.person ?? by.person, from: on }, fact);
  },
});
