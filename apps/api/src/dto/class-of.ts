import { type Type } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform, Type as Nested } from 'class-transformer';
import * as v from 'class-validator';
import { type Field, type Fields, ZONES } from '../../../../libs/domain/kernel/fields.js';
import { nirAsWritten } from '../../../../libs/domain/person/nir.js';
import { IsDay, IsNir, IsNotBlank, IsOrganisationId, IsPlainText, IsSiret, IsUuid } from './checks.js';

interface Shape {
  readonly schema: ApiPropertyOptions;
  /** Type first: only the first fault of a property is told. */
  readonly checks: readonly PropertyDecorator[];
}
type ShapeOf = { readonly [K in Field['kind']]: (field: Extract<Field, { kind: K }>, nestedName: string) => Shape };

const limit = (value: number): v.ValidationOptions => ({ context: { limit: value } });
const lowerCase = Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.toLowerCase() : value));
const asWritten = Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? nirAsWritten(value) : value));
const uuid: Shape = { schema: { type: 'string', format: 'uuid' }, checks: [lowerCase, IsUuid()] };

const SHAPES: ShapeOf = {
  newId: () => uuid,
  ref: ({ of }) => (of === 'organisation' ? { schema: { type: 'string' }, checks: [IsOrganisationId()] } : uuid),
  date: () => ({ schema: { type: 'string', format: 'date' }, checks: [IsDay()] }),
  code: ({ codes }) => ({
    schema: { type: 'string', enum: [...codes] },
    checks: [v.IsIn([...codes], { context: { values: codes } })],
  }),
  codes: ({ codes }) => ({
    schema: { type: 'string', enum: [...codes], isArray: true, uniqueItems: true },
    checks: [v.IsArray(), v.IsIn([...codes], { each: true, context: { values: codes } }), v.ArrayUnique()],
  }),
  text: ({ maxLength }) => ({
    schema: { type: 'string', minLength: 1, maxLength },
    checks: [v.IsString(), v.MaxLength(maxLength, limit(maxLength)), IsPlainText(), IsNotBlank()],
  }),
  pattern: ({ pattern }) => ({
    schema: { type: 'string', pattern: pattern.source },
    checks: [v.IsString(), v.Matches(pattern, { context: { pattern: pattern.source } })],
  }),
  int: ({ min, max }) => ({
    schema: { type: 'integer', minimum: min, maximum: max },
    checks: [v.IsInt(), v.Min(min, limit(min)), v.Max(max, limit(max))],
  }),
  bool: () => ({ schema: { type: 'boolean' }, checks: [v.IsBoolean()] }),
  siret: () => ({ schema: { type: 'string', pattern: '^[0-9]{14}$' }, checks: [IsSiret()] }),
  // Spaces, dots, dashes, lower case and the missing key are forgiven, as everywhere else: IsNir says what is left.
  nir: () => ({ schema: { type: 'string', minLength: 13 }, checks: [asWritten, IsNir()] }),
  list: ({ items, min, max }, nestedName) => {
    const Item = classOf(nestedName, items);
    return {
      schema: { type: () => Item, isArray: true, minItems: min, maxItems: max },
      checks: [
        v.IsArray(),
        v.ArrayMinSize(min, limit(min)),
        v.ArrayMaxSize(max, limit(max)),
        v.IsObject({ each: true }),
        v.ValidateNested({ each: true }),
        Nested(() => Item),
      ],
    };
  },
  group: ({ items }, nestedName) => {
    const Group = classOf(nestedName, items);
    return { schema: { type: () => Group }, checks: [v.IsObject(), v.ValidateNested(), Nested(() => Group)] };
  },
};

const describe = ({ label, zone }: Field): string =>
  `${label.fr} / ${label.en}${zone === null ? '' : ` (zone : ${ZONES[zone].fr} / ${ZONES[zone].en})`}`;

/**
 * A class that class-validator checks and OpenAPI describes, made from the fields that an act declares: nobody writes the same
 * field twice. Nested records become classes of their own, named after their place.
 */
export function classOf(name: string, fields: Fields): Type<object> {
  const { [name]: Made } = { [name]: class {} };
  for (const [property, field] of Object.entries(fields)) {
    const shapeOf = SHAPES[field.kind] as (field: Field, nestedName: string) => Shape;
    const { schema, checks } = shapeOf(field, `${name}${property[0]!.toUpperCase()}${property.slice(1)}`);
    // The caller may leave out the identifier of what the act makes. Null is not absence: it is refused.
    const required = field.required && field.kind !== 'newId';
    const presence = required ? v.IsDefined() : v.ValidateIf((_, value) => value !== undefined);
    const described = { ...schema, required, description: describe(field), example: field.example } as ApiPropertyOptions;
    for (const decorate of [presence, ...checks, ApiProperty(described)]) decorate(Made!.prototype as object, property);
  }
  return Made!;
}
