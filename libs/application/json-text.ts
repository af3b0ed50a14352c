import { createScanner, type SyntaxKind } from 'jsonc-parser';
import { type Text, t } from '../domain/kernel/text.js';

/** Levels, the outermost included; the deepest body that the API describes has seven. */
export const MAX_DEPTH = 32;
/** Names of one object. */
export const MAX_NAMES = 200;
/** Values of one text, lists and objects included. */
export const MAX_VALUES = 20_000;

export interface JsonFault {
  /** RFC 6901. */
  readonly pointer: string;
  /** Stable. */
  readonly code: 'depth' | 'names' | 'values' | 'twice' | 'unknown';
  readonly detail: Text;
}
/** More than anybody will read. */
const MAX_FAULTS = 100;

const TOO_DEEP = t(`Plus de ${MAX_DEPTH} niveaux.`, `More than ${MAX_DEPTH} levels.`);
const TOO_MANY_NAMES = t(`Plus de ${MAX_NAMES} noms dans un objet.`, `More than ${MAX_NAMES} names in one object.`);
const TOO_MANY_VALUES = t(`Plus de ${MAX_VALUES} valeurs.`, `More than ${MAX_VALUES} values.`);
const TWICE = t(
  'Nom donné deux fois : une seule des valeurs serait prise.',
  'Name given twice: one of the values alone would be taken.',
);
const RESERVED = t('Nom inconnu.', 'Unknown name.');

/** Those of the library's constant enumeration, which a module compiled by itself can't read. */
const TOKEN = { openBrace: 1, closeBrace: 2, openBracket: 3, closeBracket: 4, comma: 5, colon: 6, string: 10, end: 17 } as const satisfies Record<string, SyntaxKind>; // prettier-ignore

/** An object or list that is being read. */
interface Open {
  /** Of an object; undefined for a list. */
  readonly names?: Set<string>;
  name: string;
  /** Of a list: which item comes next. */
  index: number;
}
const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/**
 * What `JSON.parse` does not tell, or can't survive behind it: depth, number of names and values, a name given twice (of which it keeps the
 * last value), names that every object has of its own (`constructor`, `__proto__`), which no check would take for unknown. In one pass and
 * without recursion; of what is no JSON at all `JSON.parse` tells. It stops at the first limit that is passed.
 */
export function jsonFaults(text: string): JsonFault[] {
  const scanner = createScanner(text, true);
  const open: Open[] = [];
  const faults: JsonFault[] = [];
  const tell = (code: JsonFault['code'], detail: Text, ...end: readonly string[]): void => {
    const path = [...open.slice(0, -1).map((o) => (o.names ? o.name : String(o.index))), ...end];
    faults.push({ pointer: path.map((name) => `/${escaped(name)}`).join(''), code, detail });
  };
  let values = 0;
  let isName = false;
  for (let token = scanner.scan(); token !== TOKEN.end && faults.length < MAX_FAULTS; token = scanner.scan()) {
    const inside = open.at(-1);
    if (token === TOKEN.comma) {
      if (inside) inside.index++;
      isName = inside?.names !== undefined;
    } else if (token === TOKEN.colon) isName = false;
    else if (token === TOKEN.closeBrace || token === TOKEN.closeBracket) {
      open.pop();
      isName = false;
    } else if (isName && token === TOKEN.string && inside?.names) {
      const name = (inside.name = scanner.getTokenValue());
      if (inside.names.has(name)) tell('twice', TWICE, name);
      else if (name in Object.prototype) tell('unknown', RESERVED, name);
      if (inside.names.add(name).size > MAX_NAMES) return (tell('names', TOO_MANY_NAMES), faults);
    } else {
      if (++values > MAX_VALUES) return (tell('values', TOO_MANY_VALUES), faults);
      isName = token === TOKEN.openBrace;
      if (isName) open.push({ names: new Set(), name: '', index: 0 });
      else if (token === TOKEN.openBracket) open.push({ name: '', index: 0 });
      if (open.length > MAX_DEPTH) return (tell('depth', TOO_DEEP), faults);
    }
  }
  return faults;
}
