import { type Text, t } from '../../domain/kernel/text.js';

const TEXTS = {
  tokenMissing: t('Il faut un jeton : « Authorization: Bearer … ».', 'A token is needed: "Authorization: Bearer …".'),
  tokenMalformed: t("Ce n'est pas un jeton JWT lisible.", 'This is not a readable JWT.'),
  algorithmRefused: t("L'algorithme de signature du jeton n'est pas admis.", "The token's signature algorithm is not allowed."),
  signatureInvalid: t('La signature du jeton ne se vérifie pas.', "The token's signature does not verify."),
  issuerWrong: t("Le jeton n'est pas émis par le fournisseur d'identité attendu.", 'The token is not from the expected issuer.'),
  audienceWrong: t("Le jeton n'est pas destiné à ce service.", 'The token is not meant for this service.'),
  tokenExpired: t('Le jeton a expiré.', 'The token has expired.'),
  tokenNotYetValid: t("Le jeton n'est pas encore valable.", 'The token is not valid yet.'),
  expiryMissing: t("Le jeton n'a pas de date d'expiration.", 'The token has no expiry.'),
  personMissing: t('Le jeton ne dit pas qui agit (sub).', 'The token does not say who acts (sub).'),
  organisationMissing: t(
    'Le jeton ne dit pas pour quelle organisation on agit.',
    'The token does not say for which organisation.',
  ),
  roleUnknown: t('Le jeton ne porte pas un rôle connu.', 'The token does not carry a known role.'),
  keysUnavailable: t(
    "Les clés du fournisseur d'identité sont injoignables : réessayez.",
    "The identity provider's keys can't be reached: try again.",
  ),
} as const satisfies Record<string, Text>;
export type AuthenticationErrorCode = keyof typeof TEXTS;

/** The caller is not known. `code` is stable; only `keysUnavailable` is our trouble (503) and not the caller's (401). */
export class AuthenticationError extends Error {
  readonly text: Text;
  constructor(
    readonly code: AuthenticationErrorCode,
    options?: ErrorOptions,
  ) {
    super(TEXTS[code].en, options);
    this.text = TEXTS[code];
  }
}
