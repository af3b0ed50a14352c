import { type Finding, impossible } from '../kernel/errors.js';
import { type Zone } from '../kernel/fields.js';
import { inFrench } from '../kernel/local-date.js';
import { type Party } from '../kernel/roles.js';
import { t } from '../kernel/text.js';
import { isGiven, overseerOf } from './accord.js';
import { isSilent } from './deaths.js';
import { changeToldIn, mayAnswerChange, noSuchFile } from './files.js';
import { inWithout } from './taking-part.js';
import { type CaseView, type Consent, type OtherFile, type Reach } from './view.js';

/**
 * How a person is asked herself, to confirm an accord (ADR 0016) or a change of fund or health service (ADR 0022): where, how often, and in
 * which words. Numbers are convention (D).
 */

/** What she is asked about. */
export type Matter =
  { readonly kind: 'accord'; readonly accord: Consent } | { readonly kind: 'change'; readonly file: OtherFile };
export function matterIn(v: CaseView, kind: Matter['kind'], id: string): Matter | undefined {
  if (kind === 'accord') {
    const accord = v.consents.find((c) => c.id === id);
    return accord && { kind, accord };
  }
  const file = v.files.find((f) => f.fileId === id);
  return file && { kind, file };
}
/** An answer would still say something. */
export const isAwaited = (v: CaseView, matter: Matter): boolean =>
  !isSilent(v) && (matter.kind === 'accord' ? isGiven(matter.accord) : changeToldIn(v, matter.file.fileId) !== undefined);
/** What her answer is recorded as. */
export const answerTo = (
  matter: Matter,
  yes: boolean,
): { readonly type: string; readonly data: Readonly<Record<string, unknown>> } =>
  matter.kind === 'accord'
    ? { type: yes ? 'ConsentConfirmed' : 'ConsentWithdrawn', data: { consentId: matter.accord.id } }
    : { type: yes ? 'ChangeConfirmed' : 'ChangeDenied', data: { fileId: matter.file.fileId } };

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
/** Whose word it is, and who would gain by her yes. */
const gaining = (matter: Matter): readonly (string | undefined | null)[] =>
  matter.kind === 'accord' ? [matter.accord.toldBy.organisation, matter.accord.recipient] : [matter.file.openedBy];
/**
 * Where she is written to: the last address, by order of recording, that was told by somebody who is in the case without any word of those
 * who told of the matter or gain by it. A friend whom they brought in is no way to the person.
 */
export function addressFor(v: CaseView, matter: Matter, channel: Channel): string | undefined {
  const doubtful = gaining(matter).filter((o) => o !== undefined && o !== null);
  const without = doubtful.map((o) => inWithout(v, o));
  const isKnown = ({ by, recordedBy }: Reach): boolean =>
    [by, recordedBy].every((p) => !doubtful.includes(p?.organisation ?? '')) &&
    without.every((known) => known.has((recordedBy ?? by).organisation ?? ''));
  const told = v.reach.filter((r) => r.channel === channel && isKnown(r)).sort((a, b) => a.told - b.told);
  const usable = channel === 'sms' ? told.flatMap((r) => asMobile(r.address) ?? []) : told.map((r) => r.address);
  return usable.at(-1);
}

/** Why a partner may not have the person asked. */
export function askingFindings(v: CaseView, kind: Matter['kind'], id: string, by: Party): Finding[] {
  const matter = matterIn(v, kind, id);
  const silent = isSilent(v) ? [impossible('consent.personDied', t('Un décès est dit : plus rien n’est envoyé à la personne.', 'A death was told: nothing more is sent to the person.'))] : [];
  if (kind === 'change') {
    const file = changeToldIn(v, id);
    return file && mayAnswerChange(v, file, by) ? silent : [noSuchFile];
  }
  if (matter?.kind !== 'accord') return [impossible('consent.unknown', t('Accord inconnu dans ce dossier.', 'No such consent in this case.'))];
  const { accord } = matter;
  return [
    ...(isGiven(accord) ? [] : [impossible('consent.notInForce', t('Cet accord est retiré ou expiré.', 'This consent is withdrawn or has run out.'))]),
    ...silent,
    ...([accord.toldBy.organisation, overseerOf(v, accord)?.organisation].includes(by.organisation)
      ? []
      : [impossible('consent.notYoursToAsk', t('Revient à qui a dit l’accord, ou à qui répond du dossier.', 'Falls to whoever told of the consent, or answers for the case.'))]),
  ];
} // prettier-ignore
export const noAddress: Finding = {
  ...impossible('consent.noAddress', t('Personne qui soit au dossier sans l’organisation qui l’a dit n’a donné où écrire à la personne par ce moyen.', 'Nobody who is in the case without the organisation that told of it has told where to write to the person by this means.')),
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
/** What the page asks. `who` is who would know, or says that it follows her now, by name. */
export type Question =
  | { readonly kind: 'accord'; readonly who: string; readonly what: readonly string[]; readonly until: string | undefined }
  | { readonly kind: 'change'; readonly who: string; readonly asWhat: string };
export const questionOf = (matter: Matter, who: string): Question =>
  matter.kind === 'accord'
    ? {
        kind: 'accord',
        who,
        what: matter.accord.zones.map((zone) => PLAIN[zone]),
        until: matter.accord.to && inFrench(matter.accord.to),
      }
    : {
        kind: 'change',
        who,
        asWhat:
          matter.file.claim === 'caisse'
            ? 'votre caisse d’assurance maladie'
            : 'le service de prévention et de santé au travail de votre employeur',
      };
const ASKED = { accord: 'vous demande votre accord', change: 'vous demande de confirmer un changement' } as const;
/** Short, since a phone shows it to whoever holds it: who asks, and nothing of the case. */
export const messageOf = (kind: Matter['kind'], who: string, code: string, link: string | undefined): { subject: string; text: string } => ({
  subject: `${who} ${ASKED[kind]}`,
  text: [
    `${who} ${ASKED[kind]}. Code à lui lire au téléphone : ${code} (${CODE_MINUTES} minutes).`,
    ...(link === undefined ? [] : [`Ou lisez et répondez ici : ${link}`]),
    'Si personne ne vous appelle, ne répondez pas.',
  ].join('\n'),
}); // prettier-ignore
