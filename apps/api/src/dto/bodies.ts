import { type Type } from '@nestjs/common';
import { type ActBody } from '../../../../libs/application/messages.js';
import { type AnyAct } from '../../../../libs/domain/case/acts.js';
import { PersonIdentified } from '../../../../libs/domain/case/events/person-identified.js';
import {
  code,
  type DataOf,
  date,
  exampleOf,
  type Fields,
  givenFields,
  group,
  list,
  nir,
  pattern,
  ref,
} from '../../../../libs/domain/kernel/fields.js';
import { EVIDENCE_KINDS, ROLE_CODES } from '../../../../libs/domain/kernel/roles.js';
import { t } from '../../../../libs/domain/kernel/text.js';
import { classOf } from './class-of.js';

/** A professional, by opaque identifier, never by name. */
export const opaquePerson = pattern(
  'coordination',
  t('personne, par identifiant opaque', 'person, by opaque id'),
  /^[\w.:|-]{1,100}$/,
  'p-4821',
);

/*
 * These shapes are wider than what is taken (domain/person/opaque.ts): a command that was taken before is known when it comes again.
 */
const ENVELOPE = {
  occurredOn: date('coordination', t("quand cela a eu lieu ; aujourd'hui si absent", 'when it happened; today when absent')).optional(),
  actor: group('coordination', t("qui a agi, si ce n'est pas l'appelant", 'who acted, if it is not the caller'), {
    organisation: ref('organisation', t('organisation', 'organisation')).optional(),
    role: code('coordination', t('rôle', 'role'), ROLE_CODES, 'EMPLOYER'),
    person: opaquePerson.optional(),
  }).optional(),
  evidence: group('coordination', t("pièce qui l'atteste", 'what attests it'), {
    kind: code('coordination', t('nature', 'kind'), EVIDENCE_KINDS),
    date: date('coordination', t('date de la pièce', 'date of the document')).optional(),
    reference: pattern('coordination', t('référence chez qui enregistre, qui ne dit rien de personne', "recorder's own reference, which says nothing of anybody"), /^[\w ./:#-]{1,100}$/, 'COU-2023-118').optional(),
  }).optional(),
}; // prettier-ignore
/** As the act tells them; the number is among the identifiers here. */
const { nir: _nir, nia: _nia, ...TRAITS } = PersonIdentified.fields;
const PERSON = {
  person: group('identity', t('la personne', 'the person'), {
    identifiers: list('identity', t('NIR ou matricule INS', 'NIR or INS matricule'), {
      kind: code('identity', t('nature', 'kind'), ['NIR', 'INS']),
      value: nir('identity', t('numéro, clé comprise', 'number with its key')),
      oid: pattern('identity', t("OID de l'autorité, pour l'INS", 'OID of the authority, for the INS'), /^(urn:oid:)?[0-9]+(\.[0-9]+){3,20}$/, '1.2.250.1.213.1.4.8').optional(),
    }, { max: 5 }).optional(),
    ...TRAITS,
  }),
  caisse: ref('organisation', t('caisse qui répond du dossier', 'fund that answers for the case')).optional(),
}; // prettier-ignore
const EVENT = { event: ref('event', t('fait à corriger', 'fact to correct')) };

export type ActInput = DataOf<typeof ENVELOPE> & Pick<ActBody, 'data'>;
export type OpenCaseInput = ActInput & DataOf<typeof PERSON>;
export type WithdrawInput = DataOf<typeof EVENT>;
export type CorrectInput = WithdrawInput & { readonly type: string } & Pick<ActBody, 'data' | 'occurredOn'>;

const dataOf = (act: AnyAct): Fields => ({ data: group(act.zone, act.label, givenFields(act.fields)) });
const correctionOf = (types: readonly string[]): Fields => ({
  ...EVENT,
  type: code('coordination', t('type du fait à corriger', 'type of the fact to correct'), types),
});

/** Body of an act on a case. */
export const actBodyClass = (act: AnyAct): Type<object> => classOf(`${act.type}Body`, { ...ENVELOPE, ...dataOf(act) });
/** Body of an act that opens a case. */
export const openCaseBodyClass = (act: AnyAct): Type<object> =>
  classOf(`${act.type}OpenCaseBody`, { ...PERSON, ...ENVELOPE, ...dataOf(act) });
/** Body of the correction of one kind of fact: the whole replacement. */
export const correctBodyClass = (act: AnyAct): Type<object> =>
  classOf(`${act.type}CorrectionBody`, { ...correctionOf([act.type]), occurredOn: ENVELOPE.occurredOn, ...dataOf(act) });
/** What says which kind of fact is corrected. */
export const correctionHeadClass = (types: readonly string[]): Type<object> => classOf('CorrectionHead', correctionOf(types));
export const WithdrawFactBody = classOf('WithdrawFactBody', EVENT);

export const actExample = (act: AnyAct) => ({ occurredOn: ENVELOPE.occurredOn.example, data: exampleOf(act.fields) });
export const openCaseExample = (act: AnyAct) => ({ ...exampleOf(PERSON), caisse: 'cpam-39', ...actExample(act) });
export const correctExample = (act: AnyAct) => ({ event: EVENT.event.example, type: act.type, ...actExample(act) });

/** Names that the body of an act may have, whatever the act. */
export const BODY_NAMES: readonly string[] = [...Object.keys(ENVELOPE), 'data'];

/** The body as the application takes it. */
export const actBodyOf = ({ data, occurredOn, actor, evidence }: ActInput): ActBody => ({
  data,
  ...(occurredOn !== undefined && { occurredOn }),
  ...(actor !== undefined && { actor: { organisation: null, person: null, ...actor } }),
  ...(evidence !== undefined && { evidence }),
});
