import fc from 'fast-check';

/** What a field may be sent instead of what it should hold. */
const ODD: readonly unknown[] = [
  null, true, false, 0, -0, -1, 1.5, 1e308, 2 ** 53, '', ' ', '\u0000', '\ud800', '\ufffd', '\u202e', '\u2028', '\u200b\u200b', 'ﬃ', 'e\u0301', '🧵', "'; drop table", '=1+1', '<b>', '%00', '../..', 'NaN', 'null',
  'constructor', '__proto__', '0', '00', '1e3', 'x'.repeat(10_000), '0000-00-00', '1899-12-31', '1900-01-01', '1999-12-31', '2023-02-29', '2023-02-30', '2199-12-31', '9999-12-31', '2023-03-14T00:00:00Z', '14/03/2023',
  '5f1a4a53-2e9c-5b0e-9d5b-0c6f2f6f6a11', '00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '279053930000123', '000000000000097', '00000000000000', 'cpam-39', 'ast-39', 'carsat-bfc', 'CPAM', 'form', 'maladie',
  [], {}, [[]], [{}], [null], { a: { a: { a: 1 } } },
]; // prettier-ignore

/** How one request differs from the example. Numbers are taken modulo what there is to choose from. */
export type Mutation =
  | { readonly kind: 'none' }
  | { readonly kind: 'replace' | 'remove' | 'add' | 'repeat' | 'nest'; readonly at: number; readonly value: unknown }
  | { readonly kind: 'cut' | 'byte'; readonly at: number }
  | { readonly kind: 'names' | 'deep' | 'long'; readonly at: number }
  | { readonly kind: 'type' | 'key' | 'match' | 'language' | 'encoding'; readonly value: string }
  | { readonly kind: 'query'; readonly at: number; readonly value: string }
  | { readonly kind: 'path'; readonly value: string };

const at = fc.nat(10_000);
const odd = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...ODD) }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) });
const text = fc.oneof(fc.constantFrom(...ODD.filter((v): v is string => typeof v === 'string' && v.length < 1000)), fc.string());
const header = fc.constantFrom('', '*', '"x"', 'W/"x"', '"a", "b"', 'x'.repeat(300), 'application/json; charset=utf-16', 'text/csv', 'text/csv; charset=windows-1252', 'application/x-ndjson', 'gzip', 'de;q=0.1', '"', ',,,', '\u00e9'); // prettier-ignore
const one: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('none' as const) }),
  { weight: 12, arbitrary: fc.record({ kind: fc.constantFrom('replace' as const, 'remove' as const, 'add' as const, 'repeat' as const, 'nest' as const), at, value: odd }) }, // prettier-ignore
  fc.record({ kind: fc.constantFrom('cut' as const, 'byte' as const), at }),
  fc.record({ kind: fc.constantFrom('names' as const, 'deep' as const, 'long' as const), at }),
  fc.record({ kind: fc.constantFrom('type' as const, 'key' as const, 'match' as const, 'language' as const, 'encoding' as const), value: header }), // prettier-ignore
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('query' as const), at, value: text }) },
  fc.record({ kind: fc.constant('path' as const), value: text }),
);
/** Of one request: which operation, as whom, and what is odd about it. */
export const requests = fc.record({
  operation: at,
  who: at,
  known: at,
  mutations: fc.array(one, { minLength: 1, maxLength: 3 }),
});
export type Asked = typeof requests extends fc.Arbitrary<infer T> ? T : never;

type Slot = { readonly holder: Record<string, unknown> | unknown[]; readonly key: string | number };
const slotsOf = (value: unknown): Slot[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.keys(value).flatMap((key) => [
        { holder: value as Record<string, unknown>, key },
        ...slotsOf((value as Record<string, unknown>)[key]),
      ]);
const ENORMOUS = 20_000;

/** The body of a request, as bytes, or undefined for none. */
export function bodyOf(example: unknown, mutations: readonly Mutation[]): Buffer | undefined {
  if (example === undefined) return undefined;
  const body: unknown = structuredClone(example);
  for (const m of mutations) {
    const slots = slotsOf(body);
    const slot = 'at' in m ? slots[m.at % Math.max(1, slots.length)] : undefined;
    if (!slot) continue;
    const holder = slot.holder as Record<string, unknown>;
    if (m.kind === 'replace') holder[slot.key] = m.value;
    else if (m.kind === 'remove') delete holder[slot.key];
    else if (m.kind === 'nest') holder[slot.key] = [holder[slot.key]];
    else if (m.kind === 'add')
      Object.defineProperty(holder, String(m.value).slice(0, 50), { value: m.value, enumerable: true, configurable: true, writable: true }); // prettier-ignore
    else if (m.kind === 'names') Object.assign(holder, Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`n${i}`, i])));
    else if (m.kind === 'long') holder[slot.key] = 'x'.repeat(ENORMOUS);
  }
  let text = typeof body === 'string' ? body : JSON.stringify(body);
  for (const m of mutations) {
    if (m.kind === 'repeat') text = text.replace(/\{"([^"]+)":/, '{"$1":1,"$1":');
    else if (m.kind === 'deep') text = text.replace(/:("[^"]*"|\d+)/, () => `:${'['.repeat(ENORMOUS)}${']'.repeat(ENORMOUS)}`);
    else if (m.kind === 'cut') text = text.slice(0, m.at % Math.max(1, text.length));
  }
  const bytes = Buffer.from(text);
  for (const m of mutations) if (m.kind === 'byte' && bytes.length > 0) bytes[m.at % bytes.length] = 0xe9;
  return bytes;
}
