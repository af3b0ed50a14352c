import { ValidateBy, type ValidationOptions } from 'class-validator';
import { validate as validateNir } from 'stdnum/lib/cjs/fr/nir.js';
import { validate as validateSiret } from 'stdnum/lib/cjs/fr/siret.js';
import { isLocalDate } from '../../../../libs/domain/kernel/local-date.js';

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
/** No control character and no half of a surrogate pair: PostgreSQL stores neither. */
export const IsPlainText = check('plainText', matching(/^(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/u));
export const IsNotBlank = check('notBlank', matching(/\S/));
// stdnum forgives spaces and dots; a request body has one form only.
export const IsNir = check('nir', (value) => matching(/^[0-9AB]{15}$/)(value) && validateNir(value as string).isValid);
export const IsSiret = check('siret', (value) => matching(/^[0-9]{14}$/)(value) && validateSiret(value as string).isValid);
