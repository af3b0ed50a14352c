import { type Finding, impossible } from '../kernel/errors.js';
import { type Zone } from '../kernel/fields.js';
import { inFrench, type LocalDate } from '../kernel/local-date.js';
import { type OrganisationId } from '../kernel/roles.js';
import { t } from '../kernel/text.js';
import { isGiven, overseerOf } from './accord.js';
import { isSilent } from './deaths.js';
import { type CaseView, type Consent, type Reach } from './view.js';

/** How a person is asked to confirm an accord herself: where, how often, and in which words (ADR 0016). Numbers are convention (D). */

export type Channel = Reach['channel'];
export const CHANNELS = ['sms', 'email'] as const satisfies readonly Channel[];
/** A code is read back during the call. */
export const CODE_MINUTES = 10;
export const CODE_TRIES = 5;
export const MESSAGES_A_DAY = 3;
/** A page may be read another day. */
export const PAGE_DAYS = 7;

/** A phone that takes messages: French mobiles, those overseas too, and whatever else is written with its country. */
const MOBILE = /^(?:0[67]\d{8}|\+33[67]\d{8}|\+(?!33)\d{8,15})$/;
const asMobile = (phone: string): string | undefined => {
  const digits = phone.replace(/[ .]/g, '');
  return MOBILE.test(digits) ? digits : undefined;
};
/** Where she is written to: the last address that somebody else than whoever told of the accord told, and recorded. */
export function addressFor(v: Pick<CaseView, 'reach'>, { toldBy }: Consent, channel: Channel): string | undefined {
  const known = v.reach.filter((r) => r.channel === channel && !r.toldBy.includes(toldBy.organisation ?? ''));
  const usable = channel === 'sms' ? known.flatMap((r) => asMobile(r.address) ?? []) : known.map((r) => r.address);
  return usable.at(-1);
}

/** Why a partner may not have the person asked about an accord. */
export function askingFindings(v: CaseView, accord: Consent | undefined, organisation: OrganisationId): Finding[] {
  if (!accord) return [impossible('consent.unknown', t('Accord inconnu dans ce dossier.', 'No such consent in this case.'))];
  return [
    ...(isGiven(accord) ? [] : [impossible('consent.notInForce', t('Cet accord est retiré ou expiré.', 'This consent is withdrawn or has run out.'))]),
    ...(isSilent(v) ? [impossible('consent.personDied', t('Un décès est dit : plus rien n’est envoyé à la personne.', 'A death was told: nothing more is sent to the person.'))] : []),
    ...([accord.toldBy.organisation, overseerOf(v, accord)?.organisation].includes(organisation)
      ? []
      : [impossible('consent.notYoursToAsk', t('Revient à qui a dit l’accord, ou à qui répond du dossier.', 'Falls to whoever told of the consent, or answers for the case.'))]),
  ];
} // prettier-ignore
export const noAddress: Finding = {
  ...impossible('consent.noAddress', t('Personne d’autre que l’organisation qui a dit l’accord n’a donné où écrire à la personne par ce moyen.', 'Nobody but the organisation that told of the consent has told where to write to the person by this means.')),
  zones: ['identity'],
}; // prettier-ignore

/** As a person says it. Nothing here tells of a diagnosis, since no field holds one; and nothing of what the case says is told. */
const PLAIN: Readonly<Record<Zone, string>> = {
  coordination: 'qui vous accompagne, et ce qui est prévu',
  identity: 'votre nom, votre date de naissance et comment vous joindre',
  leave: 'les dates de vos arrêts de travail',
  capacity: 'ce que vous pouvez faire au travail, et ce qui est à éviter',
  job: 'votre poste et vos conditions de travail',
  social: 'votre situation sociale',
  measure: 'les mesures prévues pour votre retour au travail, et leurs dates',
  decision: 'les décisions prises sur ces mesures',
  outcome: 'votre situation à la fin de l’accompagnement',
  waiting: 'qu’un autre dossier porte peut-être votre nom',
};
export interface Question {
  /** Who asks, by name. */
  readonly who: string;
  readonly what: readonly string[];
  readonly until: string | undefined;
}
export const questionOf = ({ zones, to }: Pick<Consent, 'zones'> & { readonly to?: LocalDate }, who: string): Question => ({
  who,
  what: zones.map((zone) => PLAIN[zone]),
  until: to && inFrench(to),
});
/** Short, since a phone shows it to whoever holds it: who asks, and nothing of the case. */
export const messageOf = (who: string, code: string, link: string | undefined): { subject: string; text: string } => ({
  subject: `${who} vous demande votre accord`,
  text: [
    `${who} vous demande votre accord. Code à lui lire au téléphone : ${code} (${CODE_MINUTES} minutes).`,
    ...(link === undefined ? [] : [`Ou lisez et répondez ici : ${link}`]),
    'Si personne ne vous appelle, ne répondez pas.',
  ].join('\n'),
});
