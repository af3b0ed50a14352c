import { t } from '../../domain/kernel/text.js';
import { type Column, fault, filled, isColumn, nameOf, type Reading, type Reason, twice } from './columns.js';

const NUMBERS: readonly string[] = ['rang'] satisfies Column[];

/** A line of an NDJSON file: one flat object, whose names are the columns'. Null says as little as an empty cell. */
export function cellsOfObject(text: string): Reading {
  const object = parsed(text);
  if (typeof object !== 'object' || object === null || Array.isArray(object))
    return { faults: [fault('line.notObject', t('La ligne n’est pas un objet JSON.', 'The line is not a JSON object.'))] };
  const faults = twice(namesIn(text).map(nameOf)).map((name) =>
    fault('key.twice', t(`Nom en double : « ${name} ».`, `Name given twice: "${name}".`), name),
  );
  const cells: (readonly [Column, string])[] = [];
  for (const [key, value] of Object.entries(object) as [string, unknown][]) {
    const name = nameOf(key);
    const wrong = faultOf(name, value);
    if (wrong) faults.push(wrong);
    else if (value !== null) cells.push([name as Column, String(value)]);
  }
  return { cells: filled(cells), faults };
}

function parsed(text: string): unknown {
  try {
    // Spaces that JSON doesn't know, and the mark of order, are around some lines.
    return JSON.parse(text.trim());
  } catch {
    return undefined;
  }
}

/**
 * Names of a JSON object, at its top, those given twice too: of two values `JSON.parse` keeps the last, and nobody learns of the
 * other. Without recursion, unlike the parsers that tell: a line of brackets must not end the process.
 */
function namesIn(json: string): string[] {
  const names: string[] = [];
  let depth = 0;
  let last = '';
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/g)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (token === ':' && depth === 1) names.push(JSON.parse(last) as string);
    last = token;
  }
  return names;
}

function faultOf(name: string, value: unknown): Reason | undefined {
  if (!isColumn(name)) return fault('key.unknown', t(`Nom inconnu : « ${name} ».`, `Unknown name: "${name}".`), name);
  if (value === null) return undefined;
  if (typeof value === 'object')
    return fault('value.nested', t(`« ${name} » contient un objet ou une liste : la ligne est plate.`, `"${name}" holds an object or a list: the line is flat.`), name); // prettier-ignore
  if (typeof value === (NUMBERS.includes(name) ? 'number' : 'string')) return undefined;
  return NUMBERS.includes(name)
    ? fault('value.type', t(`« ${name} » est un nombre.`, `"${name}" is a number.`), name)
    : fault('value.type', t(`« ${name} » est une chaîne.`, `"${name}" is a string.`), name);
}
