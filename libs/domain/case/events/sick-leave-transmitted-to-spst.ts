import { code, date, group, int, newId, pattern, ref, siret } from '../../kernel/fields.js';
import { EVIDENCE_KINDS } from '../../kernel/roles.js';
import { forbidden, impossible } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { type LocalDate } from '../../kernel/local-date.js';
import { act, type Context } from '../act.js';
import { EMPLOYMENT_STATUS } from '../codes.js';
import { isSpst, nowWith } from '../handshakes.js';
import { endToldAnew, leaveTold, transmissionAgain } from '../same-leave.js';
import { type CaseView, type Consent, handshakeIn, type Leave } from '../view.js';

/**
 * The same leave sent again by the same sender to the same SPST is the same transmission: what is new of it is taken over, and nothing else.
 * The caisse or the Service médical tells the SPST of a leave (L.315-4 CSS, L.4622-2-1 CT), with the person's accord only.
 * Thresholds and channel await their decrees: configuration, not constants. An SPST that is not known makes a task of the caisse's.
 */
export const SickLeaveTransmittedToSpst = act({
  type: 'SickLeaveTransmittedToSpst',
  command: 'transmit-sick-leave',
  label: t('Transmission de l’arrêt au SPST', 'Leave transmitted to the occupational health service'),
  source: 'L.315-4 CSS',
  zone: 'coordination',
  nature: 'ask',
  opens: true,
  by: ['CPAM', 'MC'],
  fields: {
    transmissionId: newId('handshake', t('transmission', 'transmission')),
    spst: ref('organisation', t('SPST destinataire, s’il est connu', 'occupational health service, if known')).optional(),
    spstCode: pattern(
      'coordination',
      t('code de routage du SPST', 'routing code of the service'),
      /^MT[0-9A-Z]{2,10}$/,
      'MT39',
    ).optional(),
    leaveId: ref('leave', t('arrêt transmis, s’il est déjà au dossier', 'leave transmitted, if the case has it')).optional(),
    leave: group('leave', t('l’arrêt, s’il n’est pas déjà au dossier', 'the leave, if the case does not have it yet'), {
      start: date('leave', t('premier jour', 'first day'), '2023-01-09'),
      expectedEnd: date('leave', t('fin prévue, incluse', 'expected last day'), '2023-06-30').optional(),
      risk: code('leave', t('risque', 'risk'), ['maladie', 'AT', 'MP', 'maternite']),
      rank: int('leave', t('rang de l’arrêt', 'rank of the leave'), 1, 99).optional(),
    }).optional(),
    activity: group(
      'job',
      t('l’activité, si elle n’est pas déjà au dossier', 'the occupation, if the case does not have it yet'),
      {
        status: code('job', t('statut', 'status'), EMPLOYMENT_STATUS),
        employerSiret: siret('job', t('SIRET de l’employeur', 'SIRET of the employer')).optional(),
      },
    ).optional(),
    consentId: ref('consent', t('accord déjà au dossier', 'consent that the case has already')).optional(),
    accord: group('coordination', t('accord recueilli', 'consent given'), {
      date: date('coordination', t('date de l’accord', 'day of the consent'), '2023-03-10'),
      proof: code('coordination', t('preuve', 'proof'), EVIDENCE_KINDS, 'form'),
    }).optional(),
  },
  names: ['leaveId', 'consentId'],
  sameAs: ({ data, actor }, before, ctx) => {
    const spst = spstOf(data, ctx);
    const leave = before.leaves.find((l) => l.id === data.leaveId) ?? leaveIn(data, before);
    const sent = { from: actor.organisation, spst, astray: spst === undefined && data.spstCode !== undefined };
    return transmissionAgain(before, leave, sent, (organisation, h) => nowWith(before, organisation, h.sentOn))?.id;
  },
  complete: ({ data }, before, ctx) => {
    const spst = spstOf(data, ctx);
    const leaveId = data.leaveId ?? leaveIn(data, before)?.id ?? (data.leave && ctx.newId('SickLeaveTransmittedToSpst.leaveId'));
    const given = accordIn({ ...data, ...(spst && { spst }) }, before);
    const accord = given ? (given.withdrawnOn === undefined ? given.id : undefined) : data.accord && ctx.newId('SickLeaveTransmittedToSpst.accord'); // prettier-ignore
    const consentId = data.consentId ?? accord;
    return { ...data, ...(spst && { spst }), ...(leaveId && { leaveId }), ...(consentId && { consentId }) } as typeof data;
  },
  brings: ({ data }, before, ctx) => {
    const { leaveId, leave, spst, activity } = data;
    // One that only a bystander has told so far is told by this (ADR 0023).
    const known = (before.settled ?? before).leaves.find((l) => l.id === leaveId);
    const sameActivity = before.activities.some(
      (a) =>
        a.status === activity?.status && (activity?.employerSiret === undefined || a.employerSiret === activity.employerSiret),
    );
    return [
      ...(activity && !sameActivity
        ? [{ type: 'ActivityRecorded', data: { activityId: ctx.newId('SickLeaveTransmittedToSpst.activityId'), ...activity } }]
        : []),
      ...(leave && !known ? [{ type: 'SickLeaveRecorded', data: { leaveId, ...leave } }] : []),
      ...endToldAnew(known, leave?.expectedEnd, { shorter: true }),
      ...(data.accord && !accordIn(data, before)
        ? [{ type: 'ConsentGranted', data: { consentId: data.consentId, zones: ['identity', 'leave'], ...(spst ? { recipient: spst } : { recipientRole: 'CPDP' }), purpose: 'transmission', from: data.accord.date, proof: data.accord.proof } }]
        : []),
    ]; // prettier-ignore
  },
  check: ({ data, after, occurredOn: on, ctx }) => [
    ...isSpst(ctx.directory, data.spst),
    ...(data.spstCode === undefined || [undefined, data.spst].includes(ctx.directory.bySpstCode(data.spstCode)?.id)
      ? []
      : [
          impossible(
            'transmission.spstDiffers',
            t(
              'Le code de routage est celui d’un autre SPST que le destinataire : lequel est-ce ?',
              'The routing code is that of another service than the recipient: which one is it?',
            ),
            'L.315-4 CSS',
          ),
        ]),
    // An accord that the person has withdrawn since is not given anew by being told anew.
    ...((data.accord && data.accord.date > on) || handshakeIn(after, data.transmissionId)?.effective
      ? []
      : [
          forbidden(
            'transmission.consentMissing',
            'L.315-4 CSS',
            t(
              'Pas de transmission sans l’accord de la personne ; le silence n’est pas un accord.',
              'No transmission without the person’s consent; silence is not consent.',
            ),
          ),
        ]),
    ...(data.accord && data.accord.date > on
      ? [
          impossible(
            'transmission.consentAfter',
            t('L’accord est postérieur à la transmission.', 'The consent is later than the transmission.'),
            'L.315-4 CSS',
          ),
        ]
      : []),
    ...(after.leaves.some((l) => l.id === data.leaveId && l.start !== undefined)
      ? []
      : [
          impossible(
            'transmission.leaveMissing',
            t(
              'La transmission porte sur un arrêt : le joindre ou le désigner.',
              'A transmission is about a leave: give it or name it.',
            ),
            'L.315-4 CSS',
            ['leave'],
          ),
        ]),
  ],
  apply(draft, { data, on, by, revision }) {
    if (data.transmissionId === undefined) return;
    const known = handshakeIn(draft, data.transmissionId);
    if (known) {
      if (known.to.organisation === null && data.spst !== undefined) known.to = { ...known.to, organisation: data.spst };
      return;
    }
    draft.handshakes.push({
      id: data.transmissionId, kind: 'transmission', from: by, to: { organisation: data.spst ?? null, role: 'CPDP' }, sentOn: on, effective: false, revision,
      ...(data.leaveId && { leaveId: data.leaveId }), ...(data.consentId && { consentId: data.consentId }),
    }); // prettier-ignore
  },
});

interface Sending {
  readonly spst?: string;
  readonly spstCode?: string;
  readonly leave?: { readonly start: LocalDate; readonly risk: NonNullable<Leave['risk']> };
  readonly accord?: { readonly date: LocalDate };
}
const spstOf = ({ spst, spstCode }: Sending, { directory }: Pick<Context, 'directory'>): string | undefined =>
  spst ?? (spstCode === undefined ? undefined : directory.bySpstCode(spstCode)?.id);
/** The leave that it is about, where the case has it: the one that it tells, or, when it tells none, the last. */
const leaveIn = ({ leave }: Sending, v: CaseView): Leave | undefined => (leave ? leaveTold(v, leave) : v.leaves.at(-1));
/** The accord that it tells of, where the case has it, standing or not. */
const accordIn = ({ spst, spstCode, accord }: Sending, v: CaseView): Consent | undefined =>
  v.consents.find(
    (c) =>
      c.purpose === 'transmission' && c.from === accord?.date &&
      (c.recipient === undefined ? c.recipientRole === 'CPDP' : spst === undefined ? spstCode === undefined : c.recipient === spst),
  ); // prettier-ignore
