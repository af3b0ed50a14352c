import { type Finding, impossible } from '../kernel/errors.js';
import { type Evidence, type Party } from '../kernel/roles.js';
import { type Text, t } from '../kernel/text.js';

/*
 * What is kept in clear for ever, and shown to all, names nobody: the reference of a document, and the identifier of a professional. A
 * machine can't tell a name from a word, so the shape leaves no room for one: no four letters in a row, but for what documents are called.
 */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** MD5, SHA-1, SHA-256. */
const DIGEST = /^([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i;
const MOST = 64;
const GROUPS = /^[A-Za-z0-9]+([._/:#-][A-Za-z0-9]+)*$/;
const WORDS = /[A-Za-z]{4,}/g;
/** What documents are called. */
const DOCUMENTS: readonly string[] = [
  'accord', 'appel', 'attestation', 'avis', 'bilan', 'call', 'cerfa', 'certificat', 'consent', 'convention', 'courriel', 'courrier', 'demande', 'document', 'dossier', 'email',
  'fiche', 'fichier', 'file', 'form', 'formulaire', 'letter', 'lettre', 'mail', 'note', 'piece', 'preuve', 'proof', 'rapport', 'recueil', 'report', 'scan',
]; // prettier-ignore
/** A day on which somebody who works may be born. */
const DAYS = [
  /(?<!\d)(19\d\d|200\d|201[0-4])([._/:#-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)/,
  /(?<!\d)(0[1-9]|[12]\d|3[01])([._/:#-]?)(0[1-9]|1[0-2])\2(19\d\d|200\d|201[0-4])(?!\d)/,
];
const PHONE = /(?<!\d)(0|33|0033)[1-9]\d{8}(?!\d)/;

/** Thirteen characters of the shape of a NIR, wherever they stand: one that was mistyped tells nearly as much. */
const NIR = /[1-478]\d{4}(\d\d|2[AB])\d{6}/;

/**
 * The reference of a document, of which nothing tells who it is about: a UUID, a digest, or at most 64 digits and letters in groups, with a
 * digit, and no word but what documents are called, day of birth, phone number or NIR.
 */
export function isOpaqueReference(reference: string): boolean {
  if (UUID.test(reference) || DIGEST.test(reference)) return true;
  if (reference.length > MOST || !GROUPS.test(reference) || !/\d/.test(reference)) return false;
  if ((reference.match(WORDS) ?? []).some((word) => !DOCUMENTS.includes(word.toLowerCase()))) return false;
  const compact = reference.replace(/[._/:#-]/g, '').toUpperCase();
  return ![...DAYS, PHONE].some((shape) => shape.test(reference)) && !PHONE.test(compact) && !NIR.test(compact);
}

/** The identifier of a professional: a UUID, or up to three letters and seven digits. A name, an address or a RPPS number is none. */
export const isOpaquePerson = (person: string): boolean => UUID.test(person) || /^[A-Za-z]{1,3}[._:-]?\d{1,7}$/.test(person);

const ARTICLE = 'art. 5(1)(c) RGPD, convention (D)';
const REFERENCE: Text = t(
  'evidence.reference : une référence ne dit rien de personne. Un UUID, une empreinte, ou au plus 64 chiffres et lettres en groupes séparés par . _ / : # ou -, avec un chiffre, sans autre mot que le genre de la pièce (GED-2026-000123, courrier-118) ; ni nom, ni adresse électronique, ni date de naissance, ni téléphone, ni NIR.',
  'evidence.reference: a reference says nothing of anybody. A UUID, a digest, or at most 64 digits and letters in groups separated by . _ / : # or -, with a digit, and no word but the kind of document (GED-2026-000123, letter-118); no name, e-mail address, date of birth, phone number or NIR.',
);
export const personNotOpaque = (field: string): Finding =>
  impossible('person.notOpaque', t(`${field} : un professionnel se dit par un identifiant opaque, jamais par son nom, son adresse ou son numéro RPPS : un UUID, ou trois lettres et sept chiffres au plus (p-4821).`, `${field}: a professional is told by an opaque identifier, never by name, address or RPPS number: a UUID, or at most three letters and seven digits (p-4821).`), ARTICLE); // prettier-ignore

interface Told {
  readonly actor: Party;
  /** Null when the actor speaks for itself: who that is comes from the token, and was made opaque at the door. */
  readonly recordedBy: Party | null;
  readonly evidence: Evidence | null;
}
/** What would go into the clear part of an event, and name somebody. What was sent is not repeated. */
export const opaqueFindings = ({ actor, recordedBy, evidence }: Told): Finding[] => [
  ...(recordedBy && actor.person !== null && !isOpaquePerson(actor.person) ? [personNotOpaque('actor.person')] : []),
  ...(evidence?.reference !== undefined && !isOpaqueReference(evidence.reference)
    ? [impossible('evidence.referenceNotOpaque', REFERENCE, ARTICLE)]
    : []),
];
