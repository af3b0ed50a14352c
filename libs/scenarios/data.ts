import { type Field, type Fields } from '../domain/kernel/fields.js';
import { isLocalDate } from '../domain/kernel/local-date.js';
import { type Located, type Reader } from './reader.js';

export interface Names {
  readonly partners: ReadonlySet<string>;
  /** Things that earlier steps named. */
  readonly things: ReadonlySet<string>;
}
/** A reference to a thing of the case; organisations are referred to by their key. */
export const isReference = (field: Field | undefined): boolean => field?.kind === 'ref' && field.of !== 'organisation';

/** The data of a step, checked against the fields of its act, so that a file that no longer fits says so before it is played. */
export function readData(
  reader: Reader,
  at: Located | undefined,
  line: number,
  fields: Fields,
  names: Names,
  named: readonly string[] = [],
): Record<string, unknown> {
  const given = at ? reader.entries(at) : new Map<string, Located>();
  for (const [name, { line: where }] of given)
    if (!(name in fields))
      reader.fail(where, `champ inconnu : « ${name} » (attendu : ${Object.keys(fields).join(', ') || 'aucun'})`);
  for (const [name, field] of Object.entries(fields))
    if (field.required && field.kind !== 'newId' && !given.has(name) && !named.includes(name))
      reader.fail(at?.line ?? line, `il manque le champ « ${name} » (${field.label.fr})`);
  return Object.fromEntries(
    [...given].flatMap(([name, value]) => {
      const field = fields[name];
      return field ? [[name, readField(reader, value, name, field, names)]] : [];
    }),
  );
}

function readField(reader: Reader, at: Located, name: string, field: Field, names: Names): unknown {
  const expect = (ok: boolean, value: unknown, what: string): unknown => {
    if (!ok) reader.fail(at.line, `« ${name} » : ${what}, et non « ${String(value)} »`);
    return value;
  };
  switch (field.kind) {
    case 'list':
      return reader.items(at).map((item) => readData(reader, item, item.line, field.items, names));
    case 'group':
      return readData(reader, at, at.line, field.items, names);
    case 'codes':
      return reader.texts(at).map((code) => expect(field.codes.includes(code), code, `un code parmi ${field.codes.join(', ')}`));
    default: {
      const value = reader.scalar(at);
      switch (field.kind) {
        case 'newId':
        case 'ref':
          return field.kind === 'newId' || isReference(field)
            ? expect(names.things.has(String(value)), value, 'un nom donné par une étape précédente')
            : expect(names.partners.has(String(value)), value, 'un partenaire de l’histoire');
        case 'date':
          return expect(isLocalDate(value), value, 'une date AAAA-MM-JJ');
        case 'code':
          return expect(field.codes.includes(String(value)), value, `un code parmi ${field.codes.join(', ')}`);
        case 'text':
          return expect(
            typeof value === 'string' && value.length <= field.maxLength,
            value,
            `un texte de ${field.maxLength} signes au plus`,
          );
        case 'pattern':
          return expect(typeof value === 'string' && field.pattern.test(value), value, `la forme ${field.pattern.source}`);
        case 'int':
          return expect(
            Number.isInteger(value) && (value as number) >= field.min && (value as number) <= field.max,
            value,
            `un entier de ${field.min} à ${field.max}`,
          );
        case 'bool':
          return expect(typeof value === 'boolean', value, '« true » ou « false »');
        case 'siret':
        case 'nir':
          return expect(typeof value === 'string' && /^\w{13,15}$/.test(value), value, 'un numéro entre guillemets');
        default:
          return field satisfies never;
      }
    }
  }
}

/** The same data with names replaced by the identifiers that they stand for. */
export function resolve(
  data: Readonly<Record<string, unknown>>,
  fields: Fields,
  ids: ReadonlyMap<string, string>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name,
      fields[name]?.kind === 'newId' || isReference(fields[name]) ? (ids.get(String(value)) ?? value) : value,
    ]),
  );
}
