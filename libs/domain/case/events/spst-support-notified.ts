import { bool, text } from '../../kernel/fields.js';
import { forbidden } from '../../kernel/errors.js';
import { type LocalDate } from '../../kernel/local-date.js';
import { type OrganisationId, type Role } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { accordOpens, type Source, sourceOf } from '../accord.js';
import { act, type Directory } from '../act.js';
import { type Consent } from '../view.js';

/** Those whom the SPST informs: service médical, caisse, service social (L.4622-2-1 CT). */
const INFORMED: readonly Role[] = ['MC', 'CPAM', 'AS', 'CSAM'];
const opensJob = (c: Consent, on: LocalDate, directory: Directory, source: Source): boolean => {
  const rolesOf = (id: OrganisationId | null | undefined): readonly Role[] => (id && directory.find(id)?.roles) || [];
  const roles = (c.recipientRole ? [c.recipientRole] : rolesOf(c.recipient)).filter((role) => INFORMED.includes(role));
  return roles.some((role) => {
    // An accord for a role opens to any organisation that has it: to whoever told of it, only as its own word may.
    const { organisation: teller } = c.toldBy;
    const organisation = c.recipient ?? (rolesOf(teller).includes(role) ? teller : null);
    return accordOpens(c, { organisation, role }, on, 'job', source);
  });
};

/** The SPST says that it accompanies the person. Job and working conditions go with it only with the person's accord. */
export const SpstSupportNotified = act({
  type: 'SpstSupportNotified',
  command: 'notify-spst-support',
  label: t('Information sur l’accompagnement par le SPST', 'Support by the occupational health service notified'),
  source: 'L.4622-2-1 CT',
  zone: 'coordination',
  nature: 'ask',
  order: 'date',
  rank: 40,
  by: ['CPDP', 'MT', 'IDEST'],
  fields: {
    accompanied: bool('coordination', t('la personne est accompagnée', 'the person is supported')),
    job: text('job', t('poste et conditions de travail', 'job and working conditions'), 'régleuse, horaires en 2 × 8').optional(),
  },
  check: ({ data, before, occurredOn, ctx, actor, recordedBy }) =>
    data.job === undefined || before.consents.some((c) => opensJob(c, occurredOn, ctx.directory, sourceOf({ by: actor, recordedBy })))
      ? []
      : [forbidden('spstSupport.jobWithoutConsent', 'L.4622-2-1 CT', t('Le poste et les conditions de travail ne se transmettent qu’avec l’accord de la personne.', 'Job and working conditions are passed on only with the person’s consent.'))], // prettier-ignore
  apply(draft, { id, type, on, by }) {
    draft.notes.push({ eventId: id, type, on, by });
  },
});
