import { type Text, t } from '../../../../libs/domain/kernel/text.js';

interface Limits {
  readonly limit?: number;
  readonly values?: readonly string[];
  readonly pattern?: string;
}
type Message = { readonly code: string; readonly text: (limits: Limits) => Text };
const message = (code: string, text: (limits: Limits) => Text): Message => ({ code, text });

/** What people read when a value is refused, by the name of the constraint. `code` is part of the API and never changes. */
export const MESSAGES: Readonly<Record<string, Message>> = {
  isDefined: message('required', () => t('Obligatoire.', 'Required.')),
  whitelistValidation: message('unknown', () => t('Propriété inconnue.', 'Unknown property.')),
  isObject: message('object', () => t('Un objet est attendu.', 'An object is expected.')),
  isArray: message('list', () => t('Une liste est attendue.', 'A list is expected.')),
  isString: message('text', () => t('Un texte est attendu.', 'A text is expected.')),
  isInt: message('integer', () => t('Un nombre entier est attendu.', 'An integer is expected.')),
  isBoolean: message('boolean', () => t('true ou false est attendu.', 'true or false is expected.')),
  isIn: message('code', ({ values = [] }) => t(`Valeurs admises : ${values.join(', ')}.`, `One of: ${values.join(', ')}.`)),
  min: message('tooSmall', ({ limit }) => t(`Au moins ${limit}.`, `At least ${limit}.`)),
  max: message('tooLarge', ({ limit }) => t(`Au plus ${limit}.`, `At most ${limit}.`)),
  maxLength: message('tooLong', ({ limit }) => t(`Au plus ${limit} caractères.`, `At most ${limit} characters.`)),
  arrayMinSize: message('tooFew', ({ limit }) => t(`Au moins ${limit} élément(s).`, `At least ${limit} item(s).`)),
  arrayMaxSize: message('tooMany', ({ limit }) => t(`Au plus ${limit} élément(s).`, `At most ${limit} item(s).`)),
  arrayUnique: message('duplicate', () => t('Une valeur est répétée.', 'A value is repeated.')),
  matches: message('pattern', ({ pattern }) => t(`Forme attendue : ${pattern}`, `Expected form: ${pattern}`)),
  day: message('date', () =>
    t('Une date du calendrier est attendue, AAAA-MM-JJ.', 'A date of the calendar is expected, YYYY-MM-DD.'),
  ),
  uuid: message('uuid', () => t('Un identifiant UUID est attendu.', 'A UUID is expected.')),
  organisationId: message('organisation', () =>
    t(
      "Un identifiant d'organisation est attendu, comme carsat-bfc.",
      'An organisation identifier is expected, such as carsat-bfc.',
    ),
  ),
  notBlank: message('blank', () => t('Ne peut pas être vide.', 'Must not be blank.')),
  plainText: message('characters', () => t('Caractère non admis.', 'A character is not allowed.')),
  nir: message('nir', () =>
    t(
      'Un NIR est attendu : 15 caractères dont une clé valable, ou 13.',
      'A NIR is expected: 15 characters with a valid key, or 13.',
    ),
  ),
  siret: message('siret', () => t('Un SIRET de 14 chiffres valable est attendu.', 'A valid SIRET of 14 digits is expected.')),
};
