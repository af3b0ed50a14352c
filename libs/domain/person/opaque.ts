import { type Fields } from '../kernel/fields.js';
import { type Finding, impossible } from '../kernel/errors.js';
import { type Evidence, type Party } from '../kernel/roles.js';
import { type Text, t } from '../kernel/text.js';

/*
 * What is kept in clear for ever, and shown to all, names nobody: the reference of a document, and the identifier of a professional. A
 * machine can't tell a name from a word, so the shape leaves little room for one: no four letters in a row, nor two words, but for what documents are called.
 */
/** RFC 9562: a version and a variant, and so no number that was filled up with zeros. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
/** MD5, SHA-1, SHA-256. */
const DIGEST = /^([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i;
/** What nobody drew at random: a number that was filled up, or one alone. */
const FILLED = /0{8}|^[\d-]+$/;
const MOST = 64;
const GROUPS = /^[A-Za-z0-9]+([._/:#-][A-Za-z0-9]+)*$/;
const WORDS = /[A-Za-z]{2,}/g;
/** What documents are called. */
const DOCUMENTS: readonly string[] = [
  'accord', 'appel', 'attestation', 'avis', 'bilan', 'call', 'cerfa', 'certificat', 'consent', 'convention', 'courriel', 'courrier', 'demande', 'document', 'dossier', 'email',
  'fiche', 'fichier', 'file', 'form', 'formulaire', 'letter', 'lettre', 'mail', 'note', 'piece', 'preuve', 'proof', 'rapport', 'recueil', 'report', 'scan',
]; // prettier-ignore
/** A year in which somebody who works, or a child, may be born, and which is none of the documents of these years. */
const YEAR = String.raw`(?:19\d\d|20[01]\d)`;
const [MONTH, DAY] = [String.raw`(?:0[1-9]|1[0-2])`, String.raw`(?:0[1-9]|[12]\d|3[01])`];
const [MONTH_SAID, DAY_SAID] = [String.raw`(?:0?[1-9]|1[0-2])`, String.raw`(?:0?[1-9]|[12]\d|3[01])`];
/** A day on which somebody may be born, in one, or as it is said; with two digits of the year where something stands between them. */
const DAYS = [
  `${YEAR}${MONTH}${DAY}`,
  `${DAY}${MONTH}${YEAR}`,
  String.raw`${YEAR}([._/:#-])${MONTH_SAID}\1${DAY_SAID}`,
  String.raw`${DAY_SAID}([._/:#-])${MONTH_SAID}\1(?:${YEAR}|\d\d)`,
  String.raw`\d\d([._/:#-])${MONTH_SAID}\1${DAY_SAID}`,
].map((day) => new RegExp(String.raw`(?<!\d)${day}(?!\d)`));
/** With or without what is dialled before it; without it only a mobile one is told from another number. */
const PHONE = /(?<!\d)((0|33|0033)[1-9]|[67])\d{8}(?!\d)/;

/** Thirteen characters of the shape of a NIR, wherever they stand: one that was mistyped tells nearly as much. */
const NIR = /[1-478]\d{4}(\d\d|2[AB])\d{6}/;

/**
 * The reference of a document, of which nothing tells who it is about: a UUID, a digest, or at most 64 digits and letters in groups, with a
 * digit, no word but what documents are called and one of three letters, no day of birth, phone number or NIR.
 */
export function isOpaqueReference(reference: string): boolean {
  if (UUID.test(reference) || DIGEST.test(reference)) return !FILLED.test(reference);
  if (reference.length > MOST || !GROUPS.test(reference) || !/\d/.test(reference)) return false;
  const words = (reference.match(WORDS) ?? []).filter((word) => !DOCUMENTS.includes(word.toLowerCase()));
  if (words.length > 1 || words.some((word) => word.length > 3)) return false;
  const compact = reference.replace(/[._/:#-]/g, '').toUpperCase();
  return ![...DAYS, PHONE].some((shape) => shape.test(reference)) && !PHONE.test(compact) && !NIR.test(compact);
}

/**
 * The identifier of a professional: a UUID, or one or two letters and five digits at most, which two letters don't make a year of birth. A name,
 * a date, an address or a RPPS number is none.
 */
export const isOpaquePerson = (person: string): boolean =>
  UUID.test(person) || (/^[A-Za-z]{1,2}[._:-]?\d{1,5}$/.test(person) && !/^[A-Za-z]{2}[._:-]?(19\d\d|20[01]\d)$/.test(person));

const ARTICLE = 'art. 5(1)(c) RGPD, convention (D)';
const referenceText = (field: string): Text =>
  t(
    `${field} : une référence ne dit rien de personne. Un UUID, une empreinte, ou au plus 64 chiffres et lettres en groupes séparés par . _ / : # ou -, avec un chiffre, sans autre mot que le genre de la pièce et un sigle de trois lettres au plus (GED-2026-000123, courrier-118) ; ni nom, ni adresse électronique, ni date de naissance, ni téléphone, ni NIR.`,
    `${field}: a reference says nothing of anybody. A UUID, a digest, or at most 64 digits and letters in groups separated by . _ / : # or -, with a digit, and no word but the kind of document and one of at most three letters (GED-2026-000123, letter-118); no name, e-mail address, date of birth, phone number or NIR.`,
  );
const personNotOpaque = (field: string): Finding =>
  impossible('person.notOpaque', t(`${field} : un professionnel se dit par un identifiant opaque, jamais par son nom, son adresse ou son numéro RPPS : un UUID, ou deux lettres et cinq chiffres au plus (p-4821).`, `${field}: a professional is told by an opaque identifier, never by name, address or RPPS number: a UUID, or at most two letters and five digits (p-4821).`), ARTICLE); // prettier-ignore

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
    ? [impossible('evidence.referenceNotOpaque', referenceText('evidence.reference'), ARTICLE)]
    : []),
];
/** The same of the payload: every reference and every professional that an act names. */
export const opaqueFieldFindings = (fields: Fields, data: Readonly<Record<string, unknown>>): Finding[] =>
  Object.entries(fields).flatMap(([name, field]) => {
    const value = data[name];
    if (field.kind === 'list' && Array.isArray(value))
      return value.flatMap((item: Readonly<Record<string, unknown>>) => opaqueFieldFindings(field.items, item));
    if (field.kind !== 'pattern' || field.opaque === undefined || typeof value !== 'string') return [];
    if (field.opaque === 'person') return isOpaquePerson(value) ? [] : [personNotOpaque(`data.${name}`)];
    return isOpaqueReference(value) ? [] : [impossible('reference.notOpaque', referenceText(`data.${name}`), ARTICLE)];
  });
