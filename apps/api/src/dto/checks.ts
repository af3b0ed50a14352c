import { ValidateBy, type ValidationOptions } from 'class-validator';
import { validate as validateSiret } from 'stdnum/lib/cjs/fr/siret.js';
import { isLocalDate } from '../../../../libs/domain/kernel/local-date.js';
import { isNir } from '../../../../libs/domain/person/nir.js';

const check =
  (name: string, test: (value: unknown) => boolean) =>
  (options?: ValidationOptions): PropertyDecorator =>
    ValidateBy({ name, validator: { validate: test, defaultMessage: () => name } }, options);
const matching = (pattern: RegExp) => (value: unknown) => typeof value === 'string' && pattern.test(value);

/** Any version and either case; a transformation makes it lower case. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const IsDay = check('day', isLocalDate);
export const IsUuid = check('uuid', matching(UUID));
export const IsOrganisationId = check('organisationId', matching(/^[a-z0-9][a-z0-9-]{1,60}$/));
/**
 * No control character and no half of a surrogate pair: PostgreSQL stores neither. Nor U+FFFD, which stands where a program could not read a
 * letter.
 */
export const IsPlainText = check('plainText', matching(/^(?:[^\p{Cc}\p{Cs}\ufffd]|[\n\r\t])*$/u));
/** Something that people see: neither spaces, nor what Unicode lets everybody leave out, nor an empty Braille cell. */
export const IsNotBlank = check('notBlank', matching(/(?![\p{Default_Ignorable_Code_Point}\u2800])[\p{L}\p{N}\p{P}\p{S}]/u));
export const IsNir = check('nir', isNir);
// stdnum forgives spaces and dots; a request body has one form only.
export const IsSiret = check('siret', (value) => matching(/^[0-9]{14}$/)(value) && validateSiret(value as string).isValid);
