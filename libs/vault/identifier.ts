import { type Text, t } from '../domain/kernel/text.js';
import { bareNumber, nirFault } from '../domain/person/nir.js';

/** What identifies a person nationally: the NIR, or the NIA of somebody whose NIR is not certified yet. */
export interface Identifier {
  readonly kind: 'NIR' | 'NIA';
  /** 13 characters, without the key; 2A and 2B for Corsica. */
  readonly value: string;
}
/** As it arrives: a NIR from the caisse, or an INS matricule with the OID of its authority from a health service. */
export interface RawIdentifier {
  /** 15 characters, or 13 without the key; spaces, dots, dashes, apostrophes and lower case are allowed. */
  readonly value: string;
  readonly kind?: Identifier['kind'];
  /** `1.2.250.1.213.1.4.8`, with or without `urn:oid:`. */
  readonly oid?: string;
}

/** OIDs of the INS (Référentiel Identifiant National de Santé, ANS). Those of fictitious patients are valid NIRs of nobody. */
const OIDS = new Map<string, { readonly kind: Identifier['kind']; readonly fictitious: boolean }>([
  ['1.2.250.1.213.1.4.8', { kind: 'NIR', fictitious: false }],
  ['1.2.250.1.213.1.4.9', { kind: 'NIA', fictitious: false }],
  ['1.2.250.1.213.1.4.10', { kind: 'NIR', fictitious: true }],
  ['1.2.250.1.213.1.4.11', { kind: 'NIR', fictitious: true }],
]);

const REASONS = {
  shape: t(
    'Un NIR, un NIA ou un matricule INS a 13 caractères, ou 15 avec sa clé.',
    'A NIR, an NIA or an INS matricule has 13 characters, or 15 with its key.',
  ),
  parts: t(
    'Ce numéro n’est celui de personne : sexe, mois, lieu ou ordre impossible.',
    'This number is nobody’s: its sex, month, place or order is impossible.',
  ),
  key: t('La clé ne correspond pas au numéro.', 'The key does not match the number.'),
  oid: t("Cet OID n'est pas celui d'un INS.", 'This OID is not one of the INS.'),
  kind: t("Le type d'identifiant contredit son OID.", 'The kind of identifier contradicts its OID.'),
  fictitious: t(
    'Cet OID est celui des patients fictifs : refusé hors démonstration.',
    'This OID is for fictitious patients: refused except in a demonstration.',
  ),
} as const satisfies Record<string, Text>;

/** Never holds the number itself: errors end up in logs. */
export class InvalidIdentifier extends Error {
  readonly text: Text;
  constructor(readonly reason: keyof typeof REASONS) {
    super(REASONS[reason].en);
    this.text = REASONS[reason];
  }
}

/**
 * One form for the same person, whoever names them: the NIR of a caisse and the INS matricule of a health service become equal.
 * @throws InvalidIdentifier
 */
export function normaliseIdentifier(raw: RawIdentifier, { fictitious = false } = {}): Identifier {
  const value = bareNumber(raw.value);
  const fault = nirFault(value);
  if (fault) throw new InvalidIdentifier(fault);
  return { kind: kindOf(raw, fictitious), value: value.slice(0, 13) };
}

function kindOf(raw: RawIdentifier, fictitious: boolean): Identifier['kind'] {
  if (raw.oid === undefined) return raw.kind ?? 'NIR';
  const authority = OIDS.get(raw.oid.replace(/^urn:oid:/, ''));
  if (!authority) throw new InvalidIdentifier('oid');
  if (raw.kind !== undefined && raw.kind !== authority.kind) throw new InvalidIdentifier('kind');
  if (authority.fictitious && !fictitious) throw new InvalidIdentifier('fictitious');
  return authority.kind;
}
